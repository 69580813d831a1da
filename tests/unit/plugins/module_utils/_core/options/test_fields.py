# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The field tables: equal to botocore's service model, and the comparisons they drive."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Change, Field, Kind

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
        # Without a list AWS allows all.
        ("ike_versions", ["ikev2", "ikev1"], None, True),
        ("phase1_encryption_algorithms", ["AES256"], None, False),
        # Whether "all" has the ML-KEM group is not told, so it is asked for once.
        ("phase1_dh_group_numbers", [2, *range(14, 25), 35], None, False),
        ("phase1_dh_group_numbers", [35, 14], [14, 35], True),
        ("inside_ipv6_cidr", "FD00:0::/126", "fd00::/126", True),
        ("log_group_arn", "arn:aws:logs:x:1:log-group:a", "arn:aws:logs:x:1:log-group:a:*", True),
        ("log_output_format", "json", None, True),
        ("phase1_additional_key_exchanges", [], None, True),
        ("phase1_additional_key_exchanges", [{"round": 1, "methods": None, "requirement": "optional"}], None, True),
        ("phase1_additional_key_exchanges", [{"round": 1, "methods": [36]}], None, False),
        (
            "phase1_additional_key_exchanges",
            [{"round": 2, "methods": [36]}, {"round": 1, "methods": [37, 36], "requirement": "optional"}],
            [
                {"round": 1, "methods": [36, 37], "requirement": "optional"},
                {"round": 2, "methods": [36], "requirement": "required"},
                {"round": 3, "methods": [], "requirement": "optional"},
            ],
            True,
        ),
        (
            "phase1_additional_key_exchanges",
            [{"round": 1, "methods": [36]}],
            [{"round": 1, "methods": [36], "requirement": "optional"}],
            False,
        ),
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
    found = [str(problem) for problem in fields.problems(fields.TUNNEL, values)]
    assert len(found) == 2
    assert found[0].startswith("inside_cidr=169.254.0.0/30: reserved")
    assert found[1].startswith("pre_shared_key: ")
    assert "MARKER" not in " ".join(found)


def test_the_argument_spec_fills_in_no_default_of_aws() -> None:
    for table in (fields.TUNNEL, fields.CONNECTION, fields.CUSTOMER_GATEWAY):
        assert all("default" not in entry for entry in fields.argument_spec(table).values())


def test_every_settable_row_is_documented() -> None:
    for table in (fields.TUNNEL, fields.CONNECTION, fields.CUSTOMER_GATEWAY):
        assert all(each.doc for each in fields.settable(table))


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("phase1_lifetime_seconds", 900, None),
        ("phase1_lifetime_seconds", 899, "900 to 28800 seconds is expected"),
        ("phase1_lifetime_seconds", 28801, "900 to 28800 seconds is expected"),
        ("phase1_lifetime_seconds", "3600", "a whole number is expected"),
        ("phase1_lifetime_seconds", True, "a whole number is expected"),
        ("rekey_fuzz_percentage", 101, "0 to 100 percent is expected"),
        ("replay_window_size", 63, "64 to 2048 packets is expected"),
        ("dpd_timeout_seconds", 29, "at least 30 seconds is expected"),
        ("dpd_timeout_action", "stop", "one of clear, none, restart is expected"),
        ("log_enabled", "yes", "true or false is expected"),
        ("ike_versions", [], "an empty list is not possible"),
        ("ike_versions", "ikev2", "a list is expected"),
        ("phase1_dh_group_numbers", [20, 36], "has 36, AWS knows 2, 14"),
        ("phase2_dh_group_numbers", [5, 36, 37], None),
        ("phase1_encryption_algorithms", ["AES192"], "has AES192, AWS knows AES128"),
        ("phase1_additional_key_exchanges", [{"round": 8, "methods": [36]}], "from 1 to 7"),
        ("pre_shared_key", 12345678, "quote it"),
        ("pre_shared_key", Secret("0badbadbad"), "must not start with 0"),
        ("inside_ipv6_cidr", "fd00::/64", "/126 only"),
    ],
)
def test_the_rule_of_one_row(name: str, value: Any, rule: str | None) -> None:
    found = row(name).problem(value)
    assert found is None if rule is None else found is not None and rule in found


def test_an_integrity_list_that_aws_never_answers_is_not_a_difference() -> None:
    gcm = {"phase1_encryption_algorithms": ["AES256-GCM-16"]}
    wanted = {**gcm, "phase1_integrity_algorithms": ["SHA2-512"]}
    assert fields.differences(fields.TUNNEL, wanted, gcm) == ()
    for actual in ({}, {"phase1_encryption_algorithms": ["AES256", "AES256-GCM-16"]}):
        names = [each.name for each in fields.differences(fields.TUNNEL, wanted, actual)]
        assert names == ["phase1_encryption_algorithms", "phase1_integrity_algorithms"]
    assert [
        each.name
        for each in fields.differences(fields.TUNNEL, wanted, {**gcm, "phase1_integrity_algorithms": ["SHA1"]})
    ]


def complete(wanted: dict[str, Any], actual: dict[str, Any]) -> dict[str, Any]:
    return fields.complete(fields.differences(fields.TUNNEL, wanted, actual), wanted, actual)


def test_a_change_sends_what_differs() -> None:
    wanted = {"startup_action": "start", "replay_window_size": 128}
    assert complete(wanted, {"replay_window_size": 128, "log_enabled": True}) == {"startup_action": "start"}


def test_a_log_travels_as_a_whole_and_one_that_is_off_alone() -> None:
    actual = {"log_enabled": True, "log_group_arn": "a", "bgp_log_enabled": True, "bgp_log_group_arn": "b"}
    assert complete({"log_group_arn": "c"}, actual) == {**actual, "log_group_arn": "c"}
    assert complete({"log_enabled": False}, actual) == {
        "log_enabled": False,
        "bgp_log_enabled": True,
        "bgp_log_group_arn": "b",
    }
    assert complete({"log_enabled": True, "log_group_arn": "a"}, {}) == {"log_enabled": True, "log_group_arn": "a"}


def test_rounds_no_longer_wanted_are_switched_off_by_name() -> None:
    name = "phase1_additional_key_exchanges"
    actual = {name: [{"round": 1, "methods": [36]}, {"round": 2, "methods": [37]}, {"round": 3, "methods": [35]}]}
    sent = complete({name: [{"round": 2, "methods": [36]}]}, actual)
    assert sent == {
        name: [
            {"round": 2, "methods": [36]},
            {"round": 1, "methods": [], "requirement": "optional"},
            {"round": 3, "methods": [], "requirement": "optional"},
        ]
    }
    assert row(name).shown(sent[name]) == [{"round": 2, "methods": [36], "requirement": "required"}]


def test_every_kind_of_value_is_in_the_table() -> None:
    kinds = {each.kind for each in fields.TUNNEL}
    assert kinds == set(Kind)


def test_names_find_rows() -> None:
    assert fields.connection_field("tunnel_bandwidth").change is Change.BOTH_TUNNELS
    assert fields.tunnel_field("startup_action").change is Change.ONE_TUNNEL
