# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option that changes what the gateway must do reaches its peers, or is refused by name."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.filter.tunnel_keys import FilterModule
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import peers
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.settings import Settings
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    CustomerGateway,
    Observed,
    TransitGateway,
    Tunnel,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Field
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.results import GatewayLookup, tunnel_result

TGW = "tgw-0123456789abcdef0"
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678"
LOG_GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group:vpn"
TABLES = {"tunnel": fields.TUNNEL, "connection": fields.CONNECTION, "customer gateway": fields.CUSTOMER_GATEWAY}
ROWS = [(kind, row) for kind, table in TABLES.items() for row in table]
# What a row may hold where its type alone does not tell. A new row of this kind needs a value here.
VALUES: dict[str, Any] = {
    "inside_cidr": "169.254.99.0/30",
    "inside_ipv6_cidr": "fd00:20::/126",
    "phase1_additional_key_exchanges": [{"round": 1, "methods": [36]}],
    "phase2_additional_key_exchanges": [{"round": 1, "methods": [36]}],
    "dpd_timeout_seconds": 60,
    "log_group_arn": LOG_GROUP,
    "bgp_log_group_arn": LOG_GROUP,
    "local_ipv4_network_cidr": "10.20.0.0/15",
    "remote_ipv4_network_cidr": "10.0.0.0/15",
    "local_ipv6_network_cidr": "2001:db8:20::/48",
    "remote_ipv6_network_cidr": "2001:db8::/48",
    "outside_ip_address_type": "Ipv6",
    "transport_transit_gateway_attachment_id": "tgw-attach-0123456789abcdef0",
    "public_ip": "198.51.100.99",
    "bgp_asn": 65099,
    "device_name": "rack 7",
    "certificate_arn": CERTIFICATE,
}
# No AEAD cipher, as ESP would then have no integrity algorithm; and AWS rekeys early enough to be in the way.
OPTIONS = {
    "phase1_encryption_algorithms": ["AES256"],
    "phase2_encryption_algorithms": ["AES256"],
    "rekey_margin_time_seconds": 900,
}


def another(row: Field) -> Any:
    """A value that is not AWS's default."""
    if row.name in VALUES:
        return VALUES[row.name]
    if row.type == "list":
        return [(row.choices or ())[0]]
    if row.type == "bool":
        return not row.default
    if row.type == "int":
        return row.minimum
    return next(choice for choice in row.choices or () if choice != row.default)


def tunnel_in_aws(kind: str, **options: Any) -> dict[str, Any]:
    """A tunnel as the modules return it, with these options of it, its connection or its customer gateway."""
    routing = "static" if options.pop("static_routes_only", kind == "connection") else "bgp"
    end = CustomerGateway("cgw-1", "available", "198.51.100.10", 65010)
    tunnel = Tunnel(1, "203.0.113.2", "169.254.20.0/30", None, OPTIONS)
    connection = Connection("vpn-0123456789abcdef0", "available", "cgw-1", None, TGW, routing)
    if kind == "customer gateway":
        end = dataclasses.replace(end, **options)
    elif kind == "connection":
        connection = dataclasses.replace(connection, options=options)
    else:
        cidr = options.pop("inside_cidr", tunnel.inside_cidr)
        tunnel = dataclasses.replace(tunnel, inside_cidr=cidr, options={**OPTIONS, **options})
    lookup = GatewayLookup(
        Observed(customer_gateways=(end,), transit_gateways=(TransitGateway(TGW, "available", 64512),))
    )
    networks = {"local_cidrs": ["10.20.0.0/16"], "remote_cidrs": ["10.0.0.0/16"]}
    return tunnel_result(connection, tunnel, lookup, networks)


def computed(kind: str, **options: Any) -> Any:
    """The peer, or the problems that keep it from being one."""
    try:
        return peers.peers([tunnel_in_aws(kind, **options)], Settings(allow_weak=True))
    except InvalidInput as refusal:
        return refusal.problems


def refused_in_inventory(kind: str, row: Field) -> list[str]:
    """What the inventory is told of the option before anything is changed."""
    given = {row.name: another(row)}
    nested = {"tunnel": {"tunnels": [given]}, "connection": {"options": given}, "customer gateway": given}
    site = {
        "region": "eu-central-1",
        "target": {"transit_gateway_id": TGW},
        "public_ip": "198.51.100.10",
        "bgp_asn": 65010,
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "allow_weak_crypto": True,
        **nested[kind],
    }
    host = {"inventory_hostname": "berlin", **{f"site_vpn_{key}": value for key, value in site.items()}}
    found: list[str] = check_sites([host])["gateway_problems"]
    return [problem for problem in found if row.name in problem]


def name(value: Any) -> str:
    return value.name if isinstance(value, Field) else str(value)


FOLLOWED = [(kind, row) for kind, row in ROWS if row.peer_follows and not row.is_secret]
OTHERS = [(kind, row) for kind, row in ROWS if not row.peer_follows]


@pytest.mark.parametrize(("kind", "row"), FOLLOWED, ids=name)
def test_an_option_that_the_gateway_follows_reaches_it_or_is_refused(kind: str, row: Field) -> None:
    before = computed(kind, **({"static_routes_only": False} if row.name == "static_routes_only" else {}))
    after = computed(kind, **{row.name: another(row)})
    is_reached = isinstance(after[0], dict) and after != before
    # Said before AWS is changed, and again for what AWS has already.
    assert is_reached != bool(refused_in_inventory(kind, row))
    if not is_reached and kind != "customer gateway":
        assert all(row.name in problem for problem in after)


@pytest.mark.parametrize(("kind", "row"), OTHERS, ids=name)
def test_no_other_option_changes_what_the_gateway_does(kind: str, row: Field) -> None:
    assert computed(kind, **{row.name: another(row)}) == computed(kind)
    assert refused_in_inventory(kind, row) == []


def test_both_ends_agree_only_on_what_the_gateway_follows() -> None:
    assert all(row.peer_follows for _kind, row in ROWS if row.must_agree)


def test_a_key_reaches_the_gateway_beside_the_peers() -> None:
    """The peers have none, as they are a fact."""
    assert [row.name for _kind, row in ROWS if row.is_secret] == ["pre_shared_key"]
    tunnel = tunnel_in_aws("tunnel")
    keys = FilterModule().filters()["tunnel_keys"](
        [tunnel], given={"tunnels": [{"pre_shared_key": "Marker_key.of.test"}]}
    )
    assert keys == {"203.0.113.2": "Marker_key.of.test"}
