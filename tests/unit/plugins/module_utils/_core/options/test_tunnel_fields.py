# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a tunnel's options: equal to botocore's service model."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Field, Kind

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


def test_every_kind_of_value_is_in_the_table() -> None:
    kinds = {each.kind for each in fields.TUNNEL}
    assert kinds == set(Kind)
