# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS can do for a site and the gateways of this version cannot."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites

TGW = {"transit_gateway_id": "tgw-0123456789abcdef0"}
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678"


def site(number: int, **changes: Any) -> dict[str, Any]:
    """A correct site, different from every other number's."""
    options = {
        "region": "eu-central-1",
        "target": TGW,
        "public_ip": f"198.51.{number // 250}.{number % 250}",
        "bgp_asn": 65010,
        "local_cidrs": [f"10.{100 + number // 250}.{number % 250}.0/24"],
        "remote_cidrs": ["10.0.0.0/16"],
        **changes,
    }
    return {"inventory_hostname": f"s{number}", **{f"site_vpn_{key}": value for key, value in options.items()}}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"target": {"unattached": True}}, "target.unattached: the gateways of this version need a target"),
        (
            {"certificate_arn": CERTIFICATE},
            "certificate_arn: the gateways of this version support only pre-shared keys",
        ),
        (
            {"pre_shared_key_storage": "SecretsManager"},
            "pre_shared_key_storage: the gateways of this version cannot read keys",
        ),
        (
            {
                "options": {"tunnel_inside_ip_version": "ipv6"},
                "local_cidrs": ["2001:db8:1::/48"],
                "remote_cidrs": ["2001:db8::/48"],
            },
            "options.tunnel_inside_ip_version: the gateways of this version support only IPv4 inside",
        ),
        (
            {"options": {"outside_ip_address_type": "Ipv6"}, "public_ip": "2001:db8::1"},
            "options.outside_ip_address_type: the gateways of this version support only IPv4 outside",
        ),
        ({"tunnels": [{"ike_versions": ["ikev1"]}]}, "tunnels[1].ike_versions: the gateways of this version support"),
        (
            {"tunnels": [{}, {"phase1_dh_group_numbers": [35]}]},
            "tunnels[2].phase1_dh_group_numbers: the gateways of this version support none of these",
        ),
        (
            {"tunnels": [{"phase2_additional_key_exchanges": [{"round": 1, "methods": [36]}]}]},
            "tunnels[1].phase2_additional_key_exchanges: the gateways of this version do not support",
        ),
    ],
)
def test_what_only_the_aws_side_can_do(changes: dict[str, Any], problem: str) -> None:
    result = check_sites([site(1, **changes), site(2)])
    assert result["problems"] == []
    assert len(result["gateways"]) == 2
    (found,) = result["gateway_problems"]
    assert found.startswith(f"s1: site_vpn_{problem}")
    assert found.endswith("only the role cloud supports it")


WEAK = {
    "phase1_integrity_algorithms": ["SHA1"],
    "phase1_dh_group_numbers": [2, 22],
    "phase2_dh_group_numbers": [5, 14],
    "phase2_integrity_algorithms": ["SHA1", "SHA2-256"],
}


def test_weak_algorithms_need_consent() -> None:
    """What also allows a strong value needs none, and consent for one gateway is none for another."""
    result = check_sites([site(1, tunnels=[{}, WEAK]), site(2, tunnels=[WEAK], allow_weak_crypto="yes"), site(3)])
    assert result["problems"] == []
    rule = (
        "only weak values (SHA1, DH groups 2, 5, 22, 23, 24), which a gateway does not use by default: add a stronger"
        " value, or set site_vpn_allow_weak_crypto to true"
    )
    assert result["gateway_problems"] == [
        f"s1: site_vpn_tunnels[2].phase1_integrity_algorithms=SHA1: {rule}",
        f"s1: site_vpn_tunnels[2].phase1_dh_group_numbers=2, 22: {rule}",
    ]
    allowed = {name: host["allow_weak_crypto"] for name, host in result["hosts"].items()}
    assert allowed == {"s1": False, "s2": True, "s3": False}


def test_weak_algorithms_need_consent_on_each_connection() -> None:
    connections = [{"name": "one"}, {"name": "two", "tunnels": [WEAK]}]
    (first, _second) = check_sites([site(1, connections=connections)])["gateway_problems"]
    assert first.startswith("s1/two: site_vpn_connections[2].tunnels[1].phase1_integrity_algorithms=SHA1: only weak")


def test_what_one_daemon_lacks() -> None:
    """The other one has it, with consent, and so has this one where AWS allows more."""
    allowed = {"allow_weak_crypto": True, "ipsec": "libreswan"}
    result = check_sites(
        [
            site(1, tunnels=[WEAK], **allowed),
            site(2, tunnels=[{"phase2_dh_group_numbers": [2, 5]}], **allowed),
            site(3, tunnels=[WEAK], allow_weak_crypto=True),
        ]
    )
    assert result["problems"] == []
    assert result["gateway_problems"] == [
        "s1: site_vpn_tunnels[1].phase1_dh_group_numbers: the gateways of this version support none of these with"
        " libreswan; only the role cloud supports it"
    ]
