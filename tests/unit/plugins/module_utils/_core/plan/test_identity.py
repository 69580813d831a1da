# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Found by identity: one, none, or an error that names all; never the first of several."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import Ambiguous
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.names import identity_tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Attachment,
    Connection,
    CustomerGateway,
    CustomerGatewayWanted,
    VpnConcentrator,
    VpnGateway,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import identity, tags


def connection(number: int, state: str = "available", own: dict[str, str] | None = None) -> Connection:
    mine = tags.connection_tags("berlin", {}) if own is None else own
    return Connection(
        id=f"vpn-{number}",
        state=state,
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="bgp",
        tags=mine,
    )


def index(*found: Connection) -> identity.Index[Connection]:
    return identity.connections(found)


def test_one_is_found() -> None:
    assert index(connection(1)).one("berlin") == connection(1)


def test_none_is_none() -> None:
    assert index(connection(1)).one("madrid") is None


@pytest.mark.parametrize("state", ["deleted", "deleting"])
def test_what_is_deleted_does_not_count(state: str) -> None:
    assert index(connection(1, state), connection(2)).one("berlin") == connection(2)


@pytest.mark.parametrize("state", ["pending", "modifying"])
def test_what_is_in_motion_counts(state: str) -> None:
    assert index(connection(1, state)).one("berlin") is not None


def test_two_are_an_error_naming_both() -> None:
    with pytest.raises(Ambiguous, match="vpn-1, vpn-2") as error:
        index(connection(2), connection(1)).one("berlin")
    assert error.value.ids == ["vpn-1", "vpn-2"]
    assert "berlin" in str(error.value)


def test_the_name_alone_is_not_ours() -> None:
    assert index(connection(1, own=identity_tags("berlin"))).one("berlin") is None


def gateway(number: int, ip: str = "198.51.100.10", asn: int = 65010, **rest: Any) -> CustomerGateway:
    return CustomerGateway(
        id=f"cgw-{number}",
        state="available",
        public_ip=ip,
        bgp_asn=asn,
        tags=tags.gateway_tags("berlin", {}),
        **rest,
    )


WANTED = CustomerGatewayWanted("berlin", "198.51.100.10", 65010)


def test_the_current_customer_gateway_is_the_one_with_the_wanted_values() -> None:
    old, new = gateway(1, ip="198.51.100.9"), gateway(2)
    assert identity.customer_gateway(WANTED, [old, new]) == (new, (old,))
    assert identity.customer_gateway(WANTED, [old]) == (None, (old,))
    assert identity.customer_gateway(WANTED, []) == (None, ())


def test_two_customer_gateways_with_the_wanted_values_are_ambiguous() -> None:
    with pytest.raises(Ambiguous, match="cgw-1, cgw-2"):
        identity.customer_gateway(WANTED, [gateway(1), gateway(2)])


@pytest.mark.parametrize("changes", [{"ip": "198.51.100.9"}, {"asn": 65011}, {"device_name": "edge"}])
def test_what_makes_another_customer_gateway(changes: dict[str, Any]) -> None:
    assert not identity.is_same_customer_gateway(WANTED, gateway(1, **changes))


def test_outgoing_connections_have_no_identity() -> None:
    outgoing = connection(1, own={**tags.connection_tags("berlin", {}), OUTGOING_TAG: "true"})
    found = index(outgoing, connection(2))
    assert found.one("berlin") == connection(2)
    assert list(found.outgoing("berlin")) == [outgoing]


def vpn_gateway(number: int, *attachments: tuple[str, str]) -> VpnGateway:
    bonds = tuple(Attachment(vpc, state) for vpc, state in attachments)
    return VpnGateway(f"vgw-{number}", "available", 64512, bonds, tags.vpc_tags("vpc-1", {}))


@pytest.mark.parametrize("state", ["attaching", "attached"])
def test_of_several_gateways_of_a_vpc_the_attached_one_is_meant(state: str) -> None:
    found = [vpn_gateway(1), vpn_gateway(2, ("vpc-1", "detaching")), vpn_gateway(3, ("vpc-1", state))]
    assert [each.id for each in identity.vpn_gateways(found).all("vpc-1")] == ["vgw-3", "vgw-1", "vgw-2"]


def test_of_several_gateways_none_of_which_is_attached_every_run_takes_the_same() -> None:
    found = [vpn_gateway(1, ("vpc-2", "attached")), vpn_gateway(3, ("vpc-1", "detached")), vpn_gateway(2)]
    for order in (found, found[::-1]):
        assert [each.id for each in identity.vpn_gateways(order).all("vpc-1")] == ["vgw-2", "vgw-3", "vgw-1"]


def test_of_several_concentrators_every_run_takes_the_same() -> None:
    found = [VpnConcentrator(f"vcn-{n}", "available", "tgw-1", tags=tags.transit_tags("tgw-1", {})) for n in (2, 1)]
    for order in (found, found[::-1]):
        assert identity.vpn_concentrators(order).one("tgw-1") == found[1]
