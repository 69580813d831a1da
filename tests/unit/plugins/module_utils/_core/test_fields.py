# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The field tables: equal to botocore's service model, and the comparisons they drive."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core import fields
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.fields import Field, Kind
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.secret import Secret

EC2 = botocore.session.get_session().get_service_model("ec2")


def leaf(shape: Any, row: Field, name: str) -> Any:
    for step in row.path:
        shape = shape.members[step]
    return shape.members[name]


def known(shape: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Every member of a shape, structures (logs) taken apart, lists not."""
    found = set()
    for name, member in shape.members.items():
        here = (*path, name)
        found |= known(member, here) if member.type_name == "structure" else {here}
    return found


def test_every_tunnel_option_of_the_request_has_a_row() -> None:
    for shape in ("VpnTunnelOptionsSpecification", "ModifyVpnTunnelOptionsSpecification"):
        assert known(EC2.shape_for(shape)) == {(*row.path, row.request) for row in fields.TUNNEL}


def test_every_tunnel_option_of_the_answer_has_a_row() -> None:
    rows = {(*row.path, row.response) for row in fields.TUNNEL}
    assert known(EC2.shape_for("TunnelOption")) == rows | {("OutsideIpAddress",)}


def test_every_connection_option_has_a_row() -> None:
    rows = {(row.response,) for row in fields.CONNECTION}
    assert known(EC2.shape_for("VpnConnectionOptions")) == rows | {("TunnelOptions",)}
    request = known(EC2.shape_for("VpnConnectionOptionsSpecification"))
    assert {(row.request,) for row in fields.CONNECTION} | {("TunnelOptions",)} == request


@pytest.mark.parametrize("row", fields.TUNNEL, ids=lambda row: row.name)
def test_rows_have_the_types_of_the_service_model(row: Field) -> None:
    for name, shape in ((row.request, "VpnTunnelOptionsSpecification"), (row.response, "TunnelOption")):
        kind = leaf(EC2.shape_for(shape), row, name).type_name
        assert {"string": "str", "integer": "int", "boolean": "bool", "list": "list"}[kind] == row.type


def test_what_the_model_calls_sensitive_is_hidden() -> None:
    shape = EC2.shape_for("TunnelOption")
    sensitive = {name for name, member in shape.members.items() if member.metadata.get("sensitive")}
    assert {row.response for row in fields.TUNNEL if row.is_secret} == sensitive == {"PreSharedKey"}
    assert fields.argument_spec(fields.TUNNEL)["pre_shared_key"]["no_log"] is True


def row(name: str) -> Field:
    return fields.tunnel_field(name)


@pytest.mark.parametrize(
    ("name", "wanted", "actual", "same"),
    [
        ("phase1_lifetime_seconds", 28800, None, True),
        ("phase1_lifetime_seconds", 3600, None, False),
        ("phase1_lifetime_seconds", 3600, 3600, True),
        ("dpd_timeout_seconds", 30, None, False),
        ("ike_versions", ["ikev2", "ikev1"], ["ikev1", "ikev2"], True),
        ("ike_versions", ["ikev2"], ["ikev1", "ikev2"], False),
        ("ike_versions", ["ikev2"], None, False),
        ("inside_cidr", "169.254.20.0/30", "169.254.20.0/30", True),
        ("pre_shared_key", Secret("one_key_1"), Secret("one_key_1").sealed(), True),
        ("pre_shared_key", Secret("one_key_1"), Secret("two_key_2").sealed(), False),
    ],
)
def test_same(name: str, wanted: Any, actual: Any, same: bool) -> None:
    assert row(name).same(wanted, actual) is same


def test_differences_are_looked_for_in_what_is_asked_for_only() -> None:
    actual = {"inside_cidr": "169.254.20.0/30", "startup_action": "start"}
    assert fields.differences(fields.TUNNEL, {}, actual) == ()
    assert fields.differences(fields.TUNNEL, {"inside_cidr": None}, actual) == ()
    changed = fields.differences(fields.TUNNEL, {"inside_cidr": "169.254.21.0/30", "startup_action": "start"}, actual)
    assert [each.name for each in changed] == ["inside_cidr"]


def test_shown_hides_keys_and_sorts_lists() -> None:
    assert row("pre_shared_key").shown(Secret("MARKER_key")) == "(set)"
    assert row("pre_shared_key").shown("MARKER_key") == "(set)"
    assert row("pre_shared_key").shown(None) is None
    assert row("ike_versions").shown(["ikev2", "ikev1"]) == ["ikev1", "ikev2"]


def test_problems_name_option_value_and_rule_but_no_key() -> None:
    values = {"inside_cidr": "169.254.0.0/30", "pre_shared_key": Secret("MARKER key")}
    found = fields.problems(fields.TUNNEL, values, "tunnels[1].")
    assert len(found) == 2
    assert found[0].startswith("tunnels[1].inside_cidr=169.254.0.0/30: reserved")
    assert found[1].startswith("tunnels[1].pre_shared_key: ")
    assert "MARKER" not in " ".join(found)


def test_the_argument_spec_fills_in_no_default_of_aws() -> None:
    for table in (fields.TUNNEL, fields.CUSTOMER_GATEWAY):
        assert all("default" not in entry for entry in fields.argument_spec(table).values())


def test_every_settable_row_is_documented() -> None:
    for table in (fields.TUNNEL, fields.CONNECTION, fields.CUSTOMER_GATEWAY):
        assert all(each.doc for each in fields.settable(table))


def test_key_exchanges_and_logs_are_in_the_table_already() -> None:
    kinds = {each.kind for each in fields.TUNNEL}
    assert kinds == set(Kind)
