# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from .conftest import RTB, SUBNET, TGW, VPC, found, group, instance, route


def test_routes_by_network() -> None:
    """Routes to prefix lists and IPv6 networks are of no interest."""
    table = found(routes=[route("10.40.0.0/16"), route("10.50.0.0/16", nat_gateway_id="nat-1", gateway_id="")]).tables[
        RTB
    ]
    assert table.vpc == VPC
    assert table.routes == {
        "10.0.0.0/16": "local",
        "0.0.0.0/0": "igw-1",
        "10.40.0.0/16": TGW,
        "10.50.0.0/16": "nat-1",
    }


@pytest.mark.parametrize(("state", "is_attached"), [("available", True), ("pending", True), ("rejected", False)])
def test_an_attachment_that_works_or_will(state: str, is_attached: bool) -> None:
    attachments = [{"transit_gateway_id": TGW, "vpc_id": VPC, "state": state}]
    assert ((TGW, VPC) in found(attachments=attachments).attached) is is_attached


def test_instance_and_group_belong_to_their_subnet() -> None:
    there = found(instances=[instance()], security_groups=[group("10.40.0.0/16")])
    assert there.instances[SUBNET].address == "10.0.1.10"
    assert there.groups[SUBNET].networks == {"10.40.0.0/16"}
