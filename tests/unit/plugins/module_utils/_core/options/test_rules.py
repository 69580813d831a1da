# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules among several options: what is given alone, and what it comes to beside what is there."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    BGP,
    STATIC,
    Connection,
    ConnectionWanted,
    Ref,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import rules
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.problem import Problem
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.rules import Setting

ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn"
ON_TGW = Setting(rules.TRANSIT_GATEWAY, BGP, "198.51.100.10")
ON_VGW = Setting(rules.VPN_GATEWAY, BGP, "198.51.100.10")
ON_CONCENTRATOR = Setting(rules.VPN_CONCENTRATOR, BGP, "198.51.100.10")
ATTACHMENT = "tgw-attach-0123456789abcdef0"
LARGE_AND_FAST = {"tunnel_bandwidth": "large", "enable_acceleration": True}


def rounds(*methods: int, number: int = 1, requirement: str = "required") -> list[dict[str, Any]]:
    return [{"round": number, "methods": list(methods), "requirement": requirement}]


def check(found: list[Problem], expected: str | None) -> None:
    if expected is None:
        assert found == []
    else:
        assert len(found) == 1, found
        assert expected in str(found[0])


@pytest.mark.parametrize(
    ("wanted", "actual", "expected"),
    [
        # Lifetimes and margin: half of the lifetime of phase 2 as it is going to be.
        ({"rekey_margin_time_seconds": 1800}, None, None),
        ({"rekey_margin_time_seconds": 1800}, {}, None),
        ({"rekey_margin_time_seconds": 1800}, {"phase2_lifetime_seconds": 3599}, "rekey_margin_time_seconds=1800: "),
        ({"phase2_lifetime_seconds": 900}, {}, None),
        ({"phase2_lifetime_seconds": 900}, {"rekey_margin_time_seconds": 450}, None),
        ({"phase2_lifetime_seconds": 900}, {"rekey_margin_time_seconds": 451}, "phase2_lifetime_seconds=900: "),
        (
            {"phase2_lifetime_seconds": 900, "rekey_margin_time_seconds": 451},
            None,
            "rekey_margin_time_seconds=451: the rekey margin (451 seconds) is at most half of the lifetime of phase 2"
            " (900 seconds)",
        ),
        ({"phase1_lifetime_seconds": 3600, "phase2_lifetime_seconds": 3599}, None, None),
        ({"phase1_lifetime_seconds": 900, "phase2_lifetime_seconds": 900}, None, "phase2_lifetime_seconds=900: phase"),
        ({"phase1_lifetime_seconds": 3600}, None, None),
        ({"phase1_lifetime_seconds": 3600}, {}, "phase1_lifetime_seconds=3600: phase 2 (3600 seconds) must be"),
        ({"phase1_lifetime_seconds": 3600}, {"phase2_lifetime_seconds": 1800}, None),
        # What is not asked for is not questioned.
        ({}, {"phase1_lifetime_seconds": 900, "phase2_lifetime_seconds": 900}, None),
        # Startup.
        ({"startup_action": "start"}, None, None),
        ({"startup_action": "start"}, {}, None),
        ({"startup_action": "start", "ike_versions": ["ikev1", "ikev2"]}, None, None),
        ({"startup_action": "start", "ike_versions": ["ikev1"]}, None, "startup_action=start: startup_action=start ne"),
        ({"ike_versions": ["ikev1"]}, {"startup_action": "start"}, "ike_versions=ikev1: startup_action=start needs"),
        ({"startup_action": "add", "ike_versions": ["ikev1"]}, {"startup_action": "start"}, None),
        # Logs.
        ({"log_enabled": True, "log_group_arn": ARN, "log_output_format": "text"}, None, None),
        ({"log_group_arn": ARN}, None, None),
        ({"log_group_arn": ARN}, {}, f"log_group_arn={ARN}: only with log_enabled=true"),
        ({"log_group_arn": ARN}, {"log_enabled": True}, None),
        ({"log_enabled": False, "log_group_arn": ARN}, {"log_enabled": True}, "only with log_enabled=true"),
        ({"log_enabled": False}, {"log_enabled": True, "log_group_arn": ARN}, None),
        ({"bgp_log_enabled": False, "bgp_log_output_format": "json"}, None, "only with bgp_log_enabled=true"),
        ({"bgp_log_group_arn": ARN}, {"log_enabled": True}, "only with bgp_log_enabled=true"),
        # Additional key exchanges.
        ({"phase1_additional_key_exchanges": rounds(36)}, {}, None),
        ({"phase1_additional_key_exchanges": rounds(36), "ike_versions": ["ikev2"]}, {}, None),
        ({"phase1_additional_key_exchanges": rounds(36), "ike_versions": ["ikev1"]}, None, "needs IKEv2"),
        ({"phase2_additional_key_exchanges": rounds(36)}, {"ike_versions": ["ikev1"]}, "allows only ikev1"),
        (
            {
                "phase1_additional_key_exchanges": rounds(36, requirement="optional"),
                "ike_versions": ["ikev1"],
            },
            {},
            None,
        ),
        ({"phase1_additional_key_exchanges": rounds(35), "phase1_dh_group_numbers": [35]}, None, "different methods"),
        ({"phase1_additional_key_exchanges": rounds(35, 36), "phase1_dh_group_numbers": [35]}, None, None),
        ({"phase1_additional_key_exchanges": rounds(35)}, {"phase1_dh_group_numbers": [35]}, "different methods"),
        ({"phase1_dh_group_numbers": [20]}, {"phase1_additional_key_exchanges": rounds(20)}, "dh_group_numbers=20: "),
        (
            {"phase2_additional_key_exchanges": [*rounds(36), *rounds(36, number=2)]},
            {},
            "phase2_additional_key_exchanges: the initial exchange",
        ),
        (
            {"phase2_additional_key_exchanges": [*rounds(36, 37), *rounds(36, number=2)]},
            {"phase2_dh_group_numbers": [37, 20]},
            None,
        ),
        (
            {"phase2_additional_key_exchanges": [*rounds(36, 37), *rounds(36, number=2)]},
            {"phase2_dh_group_numbers": [37]},
            "different methods",
        ),
    ],
)
def test_tunnel(wanted: dict[str, Any], actual: dict[str, Any] | None, expected: str | None) -> None:
    check(rules.tunnel_problems(wanted, actual, ON_TGW), expected)


def test_aws_can_not_begin_without_an_address() -> None:
    setting = Setting(rules.TRANSIT_GATEWAY, BGP, None, has_no_address=True)
    check(rules.tunnel_problems({"startup_action": "start"}, None, setting), "that has an address")
    check(rules.tunnel_problems({"startup_action": "add"}, None, setting), None)


@pytest.mark.parametrize(
    ("version", "expected"), [(None, None), ("ipv6", None), ("ipv4", "inside_ipv6_cidr=fd00::/126: only on")]
)
def test_inside_ipv6_cidr(version: str | None, expected: str | None) -> None:
    setting = Setting(rules.TRANSIT_GATEWAY, inside_version=version)
    check(rules.tunnel_problems({"inside_ipv6_cidr": "fd00::/126"}, {}, setting), expected)


@pytest.mark.parametrize(
    ("wanted", "actual", "setting", "expected"),
    [
        ({"enable_acceleration": True}, None, ON_TGW, None),
        ({"enable_acceleration": True}, None, ON_VGW, "options.enable_acceleration=True: needs a transit gateway"),
        ({"enable_acceleration": False}, None, ON_VGW, None),
        ({"enable_acceleration": True}, None, Setting(), None),
        ({}, {"enable_acceleration": True}, ON_VGW, "options.enable_acceleration=True: needs"),
        ({"tunnel_inside_ip_version": "ipv6"}, None, ON_TGW, None),
        ({"tunnel_inside_ip_version": "ipv6"}, None, Setting(rules.UNATTACHED), None),
        ({"tunnel_inside_ip_version": "ipv6"}, None, ON_VGW, "IPv6 inside needs"),
        ({"local_ipv6_network_cidr": "::/0"}, None, ON_TGW, None),
        ({"local_ipv6_network_cidr": "::/0"}, {}, ON_TGW, "local_ipv6_network_cidr=::/0: only with"),
        ({"local_ipv6_network_cidr": "::/0"}, {"tunnel_inside_ip_version": "ipv6"}, ON_TGW, None),
        (
            {"remote_ipv4_network_cidr": "10.0.0.0/8", "tunnel_inside_ip_version": "ipv6"},
            None,
            Setting(routing=STATIC),
            "options.remote_ipv4_network_cidr=10.0.0.0/8: only with tunnel_inside_ip_version=ipv4",
        ),
        ({"local_ipv4_network_cidr": "10.20.0.0/16"}, None, Setting(routing=STATIC), None),
        ({"local_ipv4_network_cidr": "10.20.0.0/16"}, None, Setting(), None),
        (
            {"local_ipv4_network_cidr": "10.20.0.0/16"},
            None,
            ON_TGW,
            "options.local_ipv4_network_cidr=10.20.0.0/16: BGP sessions use 169.254.0.0/16, which the tunnels would not"
            " carry: use 0.0.0.0/0",
        ),
        ({"remote_ipv4_network_cidr": "10.0.0.0/8"}, {}, ON_TGW, "options.remote_ipv4_network_cidr=10.0.0.0/8: BGP"),
        ({"remote_ipv4_network_cidr": "128.0.0.0/1"}, {}, ON_TGW, None),
        # What is there already, and is not asked for, is not questioned.
        ({}, {"local_ipv4_network_cidr": "10.20.0.0/16"}, ON_TGW, None),
        ({"tunnel_bandwidth": "large"}, None, ON_TGW, None),
        ({"tunnel_bandwidth": "large"}, None, Setting(rules.UNATTACHED), None),
        ({"tunnel_bandwidth": "large"}, None, ON_VGW, "tunnel_bandwidth=large: needs"),
        ({"tunnel_bandwidth": "large"}, None, ON_CONCENTRATOR, "not a VPN concentrator"),
        ({"tunnel_bandwidth": "large", "enable_acceleration": False}, {"enable_acceleration": True}, ON_TGW, None),
        (LARGE_AND_FAST, None, ON_TGW, "options.tunnel_bandwidth=large: AWS has"),
        (
            {"tunnel_bandwidth": "large"},
            {"enable_acceleration": True},
            ON_TGW,
            "options.tunnel_bandwidth=large: AWS has",
        ),
        (
            {"enable_acceleration": True},
            {"tunnel_bandwidth": "large"},
            ON_TGW,
            "options.enable_acceleration=True: AWS has",
        ),
        # What is not asked for is not questioned.
        ({}, {"enable_acceleration": True, "tunnel_bandwidth": "large"}, ON_TGW, None),
        (
            {"tunnel_bandwidth": "large"},
            None,
            Setting(rules.TRANSIT_GATEWAY, has_no_address=True),
            "options.tunnel_bandwidth=large: needs a customer gateway that has an address (public_ip)",
        ),
        ({"tunnel_bandwidth": "standard"}, None, Setting(rules.TRANSIT_GATEWAY, has_no_address=True), None),
        (
            {"tunnel_bandwidth": "large"},
            None,
            Setting(rules.TRANSIT_GATEWAY, region="ca-west-1"),
            "options.tunnel_bandwidth=large: not available in ca-west-1",
        ),
        ({"tunnel_bandwidth": "large"}, None, Setting(rules.TRANSIT_GATEWAY, region="eu-central-1"), None),
        (
            {"transport_transit_gateway_attachment_id": ATTACHMENT},
            None,
            ON_TGW,
            f"attachment_id={ATTACHMENT}: only with outside_ip_address_type=PrivateIpv4",
        ),
        (
            {"transport_transit_gateway_attachment_id": ATTACHMENT, "outside_ip_address_type": "PublicIpv4"},
            {"outside_ip_address_type": "PrivateIpv4"},
            ON_TGW,
            "only with outside_ip_address_type=PrivateIpv4",
        ),
        (
            {"transport_transit_gateway_attachment_id": ATTACHMENT},
            {"outside_ip_address_type": "PrivateIpv4"},
            Setting(rules.TRANSIT_GATEWAY, BGP, "10.1.2.3"),
            None,
        ),
        ({"outside_ip_address_type": "PrivateIpv4"}, None, ON_TGW, "needs transport_transit_gateway_attachment_id"),
        (
            {"outside_ip_address_type": "PrivateIpv4", "transport_transit_gateway_attachment_id": ATTACHMENT},
            None,
            Setting(rules.TRANSIT_GATEWAY, BGP, "10.1.2.3"),
            None,
        ),
        (
            {"outside_ip_address_type": "PrivateIpv4", "transport_transit_gateway_attachment_id": ATTACHMENT},
            None,
            Setting(rules.VPN_GATEWAY, BGP, "10.1.2.3"),
            "needs a transit gateway",
        ),
        ({"outside_ip_address_type": "Ipv6"}, None, Setting(rules.TRANSIT_GATEWAY, BGP, "2001:db8::10"), None),
        ({"outside_ip_address_type": "Ipv6"}, None, ON_TGW, "public_ip=198.51.100.10: not an IPv6 address"),
        ({"outside_ip_address_type": "Ipv6"}, None, Setting(rules.VPN_GATEWAY), "needs a transit gateway"),
        ({}, None, Setting(rules.TRANSIT_GATEWAY, BGP, "2001:db8::10"), "public_ip=2001:db8::10: not an IPv4 address"),
        ({}, None, Setting(rules.TRANSIT_GATEWAY, BGP, "10.1.2.3"), "public_ip=10.1.2.3: a private address"),
        ({}, {"outside_ip_address_type": "PrivateIpv4"}, ON_TGW, "needs transport_transit_gateway_attachment_id"),
        ({}, None, Setting(rules.VPN_CONCENTRATOR, STATIC), "routing=static: a VPN concentrator accepts"),
        ({}, None, ON_CONCENTRATOR, None),
    ],
)
def test_connection(
    wanted: dict[str, Any], actual: dict[str, Any] | None, setting: Setting, expected: str | None
) -> None:
    check(rules.connection_problems(wanted, actual, setting), expected)


def test_all_problems_come_in_one_list_and_no_key_is_in_it() -> None:
    wanted = ConnectionWanted(
        "berlin",
        vpn_gateway="vgw-1",
        tunnels=(
            TunnelWanted({"inside_cidr": "169.254.20.0/30", "pre_shared_key": Secret("MARKER key")}),
            TunnelWanted({"inside_cidr": "169.254.20.0/30", "startup_action": "start", "ike_versions": ["ikev1"]}),
        ),
        options={"enable_acceleration": True, "tunnel_bandwidth": "large"},
    )
    found = [str(problem) for problem in rules.given_problems(wanted, ON_VGW)]
    assert [text.split(": ")[0].split("=")[0] for text in found] == [
        "tunnels[1].pre_shared_key",
        "tunnels[2].startup_action",
        "tunnels",
        "options.enable_acceleration",
        "options.tunnel_bandwidth",
    ]
    assert "MARKER" not in " ".join(found)


def test_what_is_wrong_in_itself_is_not_weighed_against_others() -> None:
    wanted = ConnectionWanted(
        "berlin",
        tunnels=(TunnelWanted({"phase2_lifetime_seconds": "long", "rekey_margin_time_seconds": 1000}),) * 3,
        options={"tunnel_bandwidth": "huge", "enable_acceleration": True},
    )
    found = [str(problem) for problem in rules.given_problems(wanted, ON_VGW)]
    assert found[0] == "options.tunnel_bandwidth=huge: one of standard, large is expected"
    assert found[1] == "tunnels=3: a connection has 2 tunnels, 3 are described"
    assert found[2] == "tunnels[1].phase2_lifetime_seconds=long: a whole number is expected"
    assert len(found) == 5


def test_both_tunnels_need_inside_networks_of_their_own_in_either_family() -> None:
    tunnels = (
        TunnelWanted({"inside_ipv6_cidr": "fd00::/126"}),
        TunnelWanted({"inside_ipv6_cidr": "FD00:0::/126"}),
    )
    (found,) = rules.given_problems(ConnectionWanted("berlin", tunnels=tunnels), ON_TGW)
    assert str(found) == "tunnels: tunnel 1 and tunnel 2 have the same inside CIDR fd00::/126"


def test_effective_values_are_those_of_the_tunnel_meant() -> None:
    actual = Connection("vpn-1", "available", "cgw-1", None, "tgw-1", BGP, options={"tunnel_inside_ip_version": "ipv6"})
    want = TunnelWanted({"phase2_lifetime_seconds": 900, "inside_ipv6_cidr": "fd00::/126"})
    wanted = ConnectionWanted("berlin", transit_gateway_id="tgw-1", tunnels=(want,))
    assert rules.effective_problems(wanted, actual, [(want, {}, 1)], ON_TGW) == []
    (found,) = rules.effective_problems(wanted, actual, [(want, {"rekey_margin_time_seconds": 600}, 2)], ON_TGW)
    assert found.startswith("berlin: tunnels[2].phase2_lifetime_seconds=900: the rekey margin (600 seconds)")
    (found,) = rules.effective_problems(wanted, None, [(want, {}, 1)], ON_TGW)
    assert "only on a connection with tunnel_inside_ip_version=ipv6" in found


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        (ConnectionWanted("a", transit_gateway_id="tgw-1"), rules.TRANSIT_GATEWAY),
        (ConnectionWanted("a", vpn_gateway=Ref("vpn_gateway", "vpc-1")), rules.VPN_GATEWAY),
        (ConnectionWanted("a", vpn_concentrator="vcn-1"), rules.VPN_CONCENTRATOR),
        (ConnectionWanted("a", unattached=True), rules.UNATTACHED),
        (ConnectionWanted("a"), None),
    ],
)
def test_kinds_of_targets(wanted: ConnectionWanted, kind: str | None) -> None:
    assert rules.given_setting(wanted).target == kind


def test_inside_networks_are_unique_on_a_virtual_private_gateway_but_not_on_a_transit_gateway() -> None:
    ipv4 = (TunnelWanted({"inside_cidr": "169.254.20.0/30"}),)
    ipv6 = (TunnelWanted({"inside_ipv6_cidr": "fd00::/126"}),)
    gateway = Ref("vpn_gateway", "vpc-1")
    vgw = [ConnectionWanted(name, vpn_gateway=gateway, tunnels=ipv4) for name in ("berlin", "madrid")]
    ((names, problem),) = rules.shared_inside_cidrs(vgw)
    assert names == ("berlin", "madrid")
    assert str(problem).startswith("tunnels[].inside_cidr=169.254.20.0/30: the connections share vpn gateway")
    assert rules.shared_inside_cidrs(vgw[:1]) == []
    for tunnels, count in ((ipv4, 0), (ipv6, 1)):
        tgw = [ConnectionWanted(name, transit_gateway_id="tgw-1", tunnels=tunnels) for name in ("berlin", "madrid")]
        assert len(rules.shared_inside_cidrs(tgw)) == count
