# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The field tables: equal to botocore's service model, what differs, and what a change sends."""

from __future__ import annotations

from typing import Any

import botocore.session
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Change, Field

EC2 = botocore.session.get_session().get_service_model("ec2")


def known(shape: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Every member of a shape, structures (logs) taken apart, lists not."""
    found = set()
    for name, member in shape.members.items():
        here = (*path, name)
        found |= known(member, here) if member.type_name == "structure" else {here}
    return found


def test_every_connection_option_has_a_row() -> None:
    rows = {(row.response,) for row in fields.CONNECTION}
    assert known(EC2.shape_for("VpnConnectionOptions")) == rows | {("TunnelOptions",)}
    request = known(EC2.shape_for("VpnConnectionOptionsSpecification"))
    assert {(row.request,) for row in fields.CONNECTION} | {("TunnelOptions",)} == request


def row(name: str) -> Field:
    return fields.tunnel_field(name)


def test_differences_are_looked_for_in_what_is_asked_for_only() -> None:
    actual = {"inside_cidr": "169.254.20.0/30", "startup_action": "start"}
    assert fields.differences(fields.TUNNEL, {}, actual) == ()
    assert fields.differences(fields.TUNNEL, {"inside_cidr": None}, actual) == ()
    changed = fields.differences(fields.TUNNEL, {"inside_cidr": "169.254.21.0/30", "startup_action": "start"}, actual)
    assert [each.name for each in changed] == ["inside_cidr"]


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


def test_names_find_rows() -> None:
    assert fields.connection_field("tunnel_bandwidth").change is Change.BOTH_TUNNELS
    assert fields.tunnel_field("startup_action").change is Change.ONE_TUNNEL
