# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option of the API through the modules, against the emulated AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import support
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]
READS = ("Describe", "Get", "Search")
ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/"
TUNNEL: dict[str, Any] = {
    "inside_cidr": "169.254.20.0/30",
    "pre_shared_key": "MARKER_psk.1",
    "ike_versions": ["ikev2"],
    "phase1_encryption_algorithms": ["AES256", "AES256-GCM-16"],
    "phase2_encryption_algorithms": ["AES256-GCM-16"],
    "phase1_integrity_algorithms": ["SHA2-384", "SHA2-512"],
    "phase2_integrity_algorithms": ["SHA2-512"],
    "phase1_dh_group_numbers": [20, 35],
    "phase2_dh_group_numbers": [20, 36],
    "phase1_additional_key_exchanges": [{"round": 1, "methods": [36, 37]}],
    "phase2_additional_key_exchanges": [{"round": 2, "methods": [37], "requirement": "optional"}],
    "phase1_lifetime_seconds": 14400,
    "phase2_lifetime_seconds": 1800,
    "rekey_margin_time_seconds": 900,
    "rekey_fuzz_percentage": 50,
    "replay_window_size": 128,
    "dpd_timeout_seconds": 60,
    "dpd_timeout_action": "restart",
    "startup_action": "start",
    "enable_tunnel_lifecycle_control": True,
    "log_enabled": True,
    "log_group_arn": f"{ARN}vpn",
    "log_output_format": "text",
    "bgp_log_enabled": True,
    "bgp_log_group_arn": f"{ARN}bgp",
    "bgp_log_output_format": "text",
}


def site(world: dict[str, str], **changes: Any) -> dict[str, Any]:
    return {
        "name": "berlin",
        "public_ip": "198.51.100.10",
        "bgp_asn": 65010,
        "target": {"transit_gateway_id": world["tgw"]},
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        **changes,
    }


def writes(emulator: Emulator) -> list[str]:
    return [action for action in emulator.calls if not action.startswith(READS)]


def settle(run: Run, emulator: Emulator, **options: Any) -> dict[str, Any]:
    """Check, do, repeat: the check writes nothing and tells the truth, the repetition finds nothing to do."""
    emulator.calls.clear()
    checked = run("vpn_sites", check=True, **options)
    assert not checked.get("failed"), checked["msg"]
    assert writes(emulator) == []
    done = run("vpn_sites", **options)
    assert not done.get("failed"), done["msg"]
    assert done["plan"] == checked["plan"]
    assert done["changed"] is True
    repeated = run("vpn_sites", **options)
    assert not repeated.get("failed"), repeated["msg"]
    assert repeated["plan"]["lines"][1:] == []
    assert "MARKER" not in "".join(each["printed"] for each in (checked, done, repeated))
    return done


def test_the_sample_sets_every_option_of_a_tunnel() -> None:
    assert set(TUNNEL) == {row.name for row in fields.TUNNEL} - {"inside_ipv6_cidr"}


def test_every_option_of_a_tunnel_at_creation(run: Run, emulator: Emulator, world: dict[str, str], ec2: Any) -> None:
    settle(run, emulator, gateways=[site(world, tunnels=[TUNNEL])])
    (connection,) = ec2.describe_vpn_connections()["VpnConnections"]
    first = connection["Options"]["TunnelOptions"][0]
    assert {row.response for row in fields.TUNNEL if not row.path} - {"TunnelInsideIpv6Cidr"} <= set(first)
    assert first["LogOptions"]["CloudWatchLogOptions"] == {
        "LogEnabled": True,
        "LogGroupArn": f"{ARN}vpn",
        "LogOutputFormat": "text",
        "BgpLogEnabled": True,
        "BgpLogGroupArn": f"{ARN}bgp",
        "BgpLogOutputFormat": "text",
    }
    assert first["Phase1AdditionalKeyExchanges"] == [
        {
            "AdditionalKeyExchangeRound": 1,
            "KeyExchangeMethods": [{"Value": 36}, {"Value": 37}],
            "Requirement": "required",
        }
    ]


def test_every_option_of_a_tunnel_that_is_down_in_place(run: Run, emulator: Emulator, world: dict[str, str]) -> None:
    run("vpn_sites", gateways=[site(world)])
    done = settle(run, emulator, gateways=[site(world, tunnels=[TUNNEL])])
    (action,) = done["plan"]["actions"]
    assert (action["resource"], action["verb"], action["interruption"]) == ("vpn_tunnel", "change", "one_tunnel")


def test_key_exchanges_and_logs_are_switched_off_again(
    run: Run, emulator: Emulator, world: dict[str, str], ec2: Any
) -> None:
    run("vpn_sites", gateways=[site(world, tunnels=[TUNNEL])])
    rest = {"phase1_additional_key_exchanges": [], "phase2_additional_key_exchanges": [], "log_enabled": False}
    settle(run, emulator, gateways=[site(world, tunnels=[{**rest}])])
    (connection,) = ec2.describe_vpn_connections()["VpnConnections"]
    logs = connection["Options"]["TunnelOptions"][0]["LogOptions"]["CloudWatchLogOptions"]
    assert (logs["LogEnabled"], logs["BgpLogEnabled"], logs["BgpLogGroupArn"]) == (False, True, f"{ARN}bgp")


def test_options_of_the_connection(run: Run, emulator: Emulator, world: dict[str, str]) -> None:
    options = {"local_ipv4_network_cidr": "10.20.0.0/16", "tunnel_bandwidth": "large"}
    settle(run, emulator, gateways=[site(world, routing="static", options=options)])
    changed = {"remote_ipv4_network_cidr": "10.0.0.0/8", "tunnel_bandwidth": "standard"}
    refused = run("vpn_sites", gateways=[site(world, routing="static", options=changed)])
    assert "allow_interruption" in refused["msg"]
    settle(run, emulator, gateways=[site(world, routing="static", options=changed)], allow_interruption=True)


def test_ipv6_inside_and_outside(run: Run, emulator: Emulator, world: dict[str, str], ec2: Any) -> None:
    tunnels = [{"inside_ipv6_cidr": "FD00:20::/126"}, {"inside_ipv6_cidr": "fd00:20::4/126"}]
    options = {
        "tunnel_inside_ip_version": "ipv6",
        "outside_ip_address_type": "Ipv6",
        "local_ipv6_network_cidr": "2001:db8:20::/48",
    }
    networks = {"local_cidrs": ["2001:db8:20::/48"], "remote_cidrs": ["2001:db8::/48"]}
    ipv6 = site(world, public_ip="2001:DB8::10", options=options, tunnels=tunnels, **networks)
    settle(run, emulator, gateways=[ipv6])
    (device,) = ec2.describe_customer_gateways()["CustomerGateways"]
    assert device["IpAddress"] == "2001:db8::10"


def test_the_inside_version_is_sent_only_where_it_says_something(run: Run, world: dict[str, str], ec2: Any) -> None:
    run("vpn_sites", gateways=[site(world, options={"tunnel_inside_ip_version": "ipv4"})])
    (connection,) = ec2.describe_vpn_connections()["VpnConnections"]
    assert connection["Options"].get("TunnelInsideIpVersion", "ipv4") == "ipv4"
    assert run("vpn_sites", gateways=[site(world, options={"tunnel_inside_ip_version": "ipv4"})])["changed"] is False


def test_certificates_names_and_large_asns(run: Run, emulator: Emulator, world: dict[str, str], ec2: Any) -> None:
    arn = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    lisbon = site(world, bgp_asn=4200000001, device_name="edge-1", certificate_arn=arn)
    del lisbon["public_ip"]
    settle(run, emulator, gateways=[lisbon])
    (device,) = ec2.describe_customer_gateways()["CustomerGateways"]
    assert (device["CertificateArn"], device["DeviceName"], device["BgpAsnExtended"]) == (arn, "edge-1", "4200000001")
    refused = run("vpn_sites", gateways=[{**lisbon, "tunnels": [{"startup_action": "start"}]}])
    assert "tunnels[1].startup_action=start: AWS can begin only with" in refused["msg"]


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_done(
    run: Run, emulator: Emulator, world: dict[str, str]
) -> None:
    emulator.calls.clear()
    wrong = site(
        world,
        target={"vpn_gateway": {"vpc_id": world["vpc"], "amazon_side_asn": 65010}},
        options={"enable_acceleration": True, "tunnel_inside_ip_version": "ipv6"},
        local_cidrs=["2001:db8:20::/48"],
        remote_cidrs=None,
        tunnels=[
            {"phase2_lifetime_seconds": 900, "rekey_margin_time_seconds": 451, "psk": "MARKER key"},
            {"log_enabled": False, "log_group_arn": f"{ARN}vpn"},
        ],
    )
    result = run("vpn_sites", gateways=[wrong, {"name": "madrid", "routing": "bgp"}])
    assert result["failed"]
    assert [problem.split(": ")[:2] for problem in result["problems"]] == [
        ["berlin", "bgp_asn=65010"],
        ["berlin", "remote_cidrs"],
        ["berlin", "tunnels[1].pre_shared_key"],
        ["berlin", f"tunnels[2].log_group_arn={ARN}vpn"],
        ["berlin", "options.enable_acceleration=True"],
        ["berlin", "options.tunnel_inside_ip_version=ipv6"],
        ["madrid", "public_ip"],
        ["madrid", "bgp_asn"],
        ["madrid", "target"],
        ["madrid", "local_cidrs"],
        ["madrid", "remote_cidrs"],
    ]
    assert "MARKER" not in result["printed"]
    assert writes(emulator) == []


@pytest.mark.parametrize(
    ("present", "wanted", "words"),
    [
        (
            {"rekey_margin_time_seconds": 1800},
            {"phase2_lifetime_seconds": 1800},
            "tunnels[1].phase2_lifetime_seconds=1800: the rekey margin (1800 seconds)",
        ),
        ({"ike_versions": ["ikev1"]}, {"startup_action": "start"}, "startup_action=start needs IKEv2"),
        ({}, {"log_group_arn": f"{ARN}vpn"}, "only with log_enabled=true"),
    ],
)
def test_what_is_wrong_beside_what_is_there_is_refused_before_the_first_write(
    run: Run, emulator: Emulator, world: dict[str, str], present: dict[str, Any], wanted: dict[str, Any], words: str
) -> None:
    run("vpn_sites", gateways=[site(world, tunnels=[present])])
    emulator.calls.clear()
    result = run("vpn_sites", gateways=[site(world, tunnels=[wanted])], force_tunnel_change=True)
    assert result["failed"]
    assert words in result["msg"]
    assert writes(emulator) == []


def test_sites_that_are_to_exist_must_be_named(run: Run, emulator: Emulator) -> None:
    emulator.calls.clear()
    for options, words in (
        ({}, "gateways"),
        ({"all_sites": True, "gateways": []}, "only with state=absent"),
        ({"state": "absent"}, "needs gateways, or all_sites=true"),
    ):
        result = run("vpn_sites", **options)
        assert result["failed"]
        assert words in result["msg"]
    assert writes(emulator) == []


def test_an_sdk_that_is_too_old_is_told_before_the_first_call(
    run: Run, emulator: Emulator, world: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "knows", lambda _model, *path: path[-1] != "TunnelBandwidth")
    emulator.calls.clear()
    result = run("vpn_sites", gateways=[site(world, options={"tunnel_bandwidth": "large"})])
    assert result["failed"]
    assert "berlin: options.tunnel_bandwidth: the installed botocore does not know TunnelBandwidth" in result["msg"]
    assert not emulator.calls
