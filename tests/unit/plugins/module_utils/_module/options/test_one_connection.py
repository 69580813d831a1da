# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which connection is meant: by id whoever made it, by name one of ours, and never the first of several."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import Ambiguous, InvalidInput, NotFound
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.tags import connection_tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.options import one_connection


@pytest.fixture
def gateways(ec2: Any) -> dict[str, str]:
    device = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="198.51.100.10", BgpAsn=65010)
    return {
        "CustomerGatewayId": device["CustomerGateway"]["CustomerGatewayId"],
        "TransitGatewayId": ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"],
    }


def connect(ec2: Any, gateways: dict[str, str], tags: dict[str, str]) -> str:
    wire = [{"Key": key, "Value": value} for key, value in tags.items()]
    specification = [{"ResourceType": "vpn-connection", "Tags": wire}] if wire else []
    created = ec2.create_vpn_connection(Type="ipsec.1", **gateways, TagSpecifications=specification)
    return str(created["VpnConnection"]["VpnConnectionId"])


def find(ec2: Any, connection_id: str | None = None, name: str | None = None) -> str:
    return one_connection.find(Ec2(ec2), {"vpn_connection_id": connection_id, "name": name}).id


def test_by_id_whoever_made_it(ec2: Any, gateways: dict[str, str]) -> None:
    foreign, ours = connect(ec2, gateways, {}), connect(ec2, gateways, connection_tags("berlin", {}))
    assert find(ec2, foreign) == foreign
    assert find(ec2, ours) == ours


def test_by_name_only_ours(ec2: Any, gateways: dict[str, str]) -> None:
    connect(ec2, gateways, {"Name": "berlin"})
    connect(ec2, gateways, {"hybridnet:gateway": "berlin", "hybridnet:connection": "main"})
    ours = connect(ec2, gateways, connection_tags("berlin", {}))
    connect(ec2, gateways, connection_tags("madrid", {}))
    assert find(ec2, name="berlin") == ours


def test_a_deleted_one_does_not_count_by_name(ec2: Any, gateways: dict[str, str]) -> None:
    ec2.delete_vpn_connection(VpnConnectionId=connect(ec2, gateways, connection_tags("berlin", {})))
    with pytest.raises(InvalidInput, match="name=berlin: no connection of this collection has that name"):
        find(ec2, name="berlin")
    again = connect(ec2, gateways, connection_tags("berlin", {}))
    assert find(ec2, name="berlin") == again


def test_several_are_an_error_that_names_them(ec2: Any, gateways: dict[str, str]) -> None:
    ids = [connect(ec2, gateways, connection_tags("berlin", {})) for _each in "ab"]
    with pytest.raises(Ambiguous) as error:
        find(ec2, name="berlin")
    assert error.value.ids == sorted(ids)


def test_none_is_an_error(ec2: Any) -> None:
    with pytest.raises(NotFound, match="for vpn-0123456789abcdef0 failed: InvalidVpnConnectionID.NotFound"):
        find(ec2, "vpn-0123456789abcdef0")
