# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vpn_sites and vpn_connection_info, run as modules against the emulated AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.peers import peers
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.settings import Settings

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]
MARKER = "MARKER_psk.1"


def site_list(world: dict[str, str], **berlin: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": "berlin",
            "public_ip": "198.51.100.10",
            "bgp_asn": 65010,
            "target": {"transit_gateway_id": world["tgw"]},
            "local_cidrs": ["10.20.0.0/16"],
            "remote_cidrs": ["10.0.0.0/16"],
            "tunnels": [{"inside_cidr": "169.254.20.0/30", "psk": MARKER}, {"inside_cidr": "169.254.20.4/30"}],
            **berlin,
        },
        {
            "name": "madrid",
            "public_ip": "192.0.2.10",
            "routing": "static",
            "target": {"vpn_gateway": {"vpc_id": world["vpc"], "propagate_to": [world["table"]]}},
            "local_cidrs": ["10.30.0.0/16"],
            "remote_cidrs": ["10.0.0.0/16"],
        },
    ]


def writes(emulator: Emulator) -> list[str]:
    return [action for action in emulator.calls if not action.startswith(("Describe", "Get"))]


def test_check_on_an_empty_account_then_the_real_run_does_just_that(
    run: Run, world: dict[str, str], emulator: Emulator
) -> None:
    emulator.calls.clear()
    checked = run("vpn_sites", check=True, gateways=site_list(world))
    assert writes(emulator) == []
    assert checked["changed"] is True
    assert checked["connections"]["berlin"]["tunnels"] == []
    assert checked["connections"]["berlin"]["vpn_connection_id"] is None
    done = run("vpn_sites", gateways=site_list(world))
    assert done["plan"] == checked["plan"]
    assert done["diff"] == checked["diff"]
    again = run("vpn_sites", gateways=site_list(world))
    assert again["changed"] is False
    assert again["plan"]["counts"] == {"create": 0, "change": 0, "replace": 0, "delete": 0, "unchanged": 8}
    assert again["diff"] == {"before": {}, "after": {}}
    assert again["connections"] == done["connections"]


def test_a_run_that_changes_nothing_writes_nothing(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    run("vpn_sites", gateways=site_list(world))
    emulator.calls.clear()
    run("vpn_sites", gateways=site_list(world))
    assert writes(emulator) == []
    assert sum(emulator.calls.values()) <= 8


def test_result(run: Run, world: dict[str, str], ec2: Any) -> None:
    result = run("vpn_sites", gateways=site_list(world))["connections"]
    (gateway,) = ec2.describe_vpn_gateways()["VpnGateways"]
    assert result["madrid"]["vpn_gateway_id"] == gateway["VpnGatewayId"]
    assert result["madrid"]["static_routes"] == ["10.30.0.0/16"]
    first, second = result["berlin"]["tunnels"]
    assert (first["inside_cidr"], second["inside_cidr"]) == ("169.254.20.0/30", "169.254.20.4/30")
    assert first["customer_inside_address"] == "169.254.20.2"
    assert first["telemetry"]["status"] == "DOWN"
    assert first["remote_cidrs"] == ["10.0.0.0/16"]
    (connection,) = ec2.describe_vpn_connections(Filters=[{"Name": "tag:hybridnet:gateway", "Values": ["berlin"]}])[
        "VpnConnections"
    ]
    assert connection["VpnConnectionId"] == result["berlin"]["vpn_connection_id"]
    assert connection["Options"]["TunnelOptions"][0]["PreSharedKey"] == MARKER


def generated_keys(ec2: Any) -> list[str]:
    return [
        tunnel["PreSharedKey"]
        for connection in ec2.describe_vpn_connections()["VpnConnections"]
        for tunnel in connection["Options"]["TunnelOptions"]
    ]


def test_no_key_leaves_the_module(run: Run, world: dict[str, str], ec2: Any) -> None:
    outputs = [run("vpn_sites", check=True, gateways=site_list(world)), run("vpn_sites", gateways=site_list(world))]
    changed = site_list(world, tunnels=[{"psk": "MARKER_psk.2"}])
    outputs += [
        run("vpn_sites", gateways=site_list(world, routing="static", tunnels=[{"psk": "MARKER_psk.2"}])),
        run("vpn_sites", check=True, gateways=changed),
        run("vpn_sites", gateways=changed),
        run("vpn_sites", gateways=site_list(world, tunnels=[{"psk": "MARKER key with spaces"}])),
        run("vpn_connection_info", names=["berlin", "madrid"]),
    ]
    assert [output.get("failed", False) for output in outputs] == [False, False, True, False, False, True, False]
    for output in outputs:
        assert "MARKER" not in output["printed"]
        assert not [key for key in generated_keys(ec2) if key in output["printed"]]


def test_keys_on_request(run: Run, world: dict[str, str], ec2: Any) -> None:
    run("vpn_sites", gateways=site_list(world))
    result = run("vpn_connection_info", include_secrets=True)
    keys = [tunnel["pre_shared_key"] for each in result["connections"] for tunnel in each["tunnels"]]
    assert sorted(keys) == sorted(generated_keys(ec2))
    assert MARKER in keys


def test_every_problem_at_once_and_nothing_written(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    emulator.calls.clear()
    bad = site_list(world, bgp_asn=7224, tunnels=[{"inside_cidr": "169.254.0.0/30", "psk": "MARKER+"}])
    result = run("vpn_sites", gateways=bad)
    assert result["failed"]
    assert len(result["problems"]) == 3
    assert result["msg"].splitlines() == [f"Nothing was changed: {result['problems'][0]}", *result["problems"][1:]]
    assert emulator.calls == {}


def test_a_refusal_shows_the_plan_and_writes_nothing(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    run("vpn_sites", gateways=site_list(world))
    emulator.calls.clear()
    for check in (True, False):
        result = run("vpn_sites", check=check, gateways=site_list(world, public_ip="198.51.100.99"))
        assert result["failed"]
        assert "allow_interruption" in result["msg"]
        assert [action["interruption"] for action in result["plan"]["actions"]] == ["none", "both_tunnels", "none"]
    assert writes(emulator) == []
    assert run("vpn_sites", gateways=site_list(world, public_ip="198.51.100.99"), allow_interruption=True)["changed"]


def test_a_connection_that_is_no_longer_given_stays_and_is_named(run: Run, world: dict[str, str]) -> None:
    """The module removes what it is told to remove; but nobody shall pay for a connection without knowing of it."""
    berlin, madrid = site_list(world, tunnels=[])
    several = [{"name": "main"}, {"name": "backup"}]
    made = run("vpn_sites", gateways=[{**berlin, "connections": several}, madrid])
    assert "warnings" not in made
    backup = made["connections"]["berlin/backup"]["vpn_connection_id"]
    for check in (True, False):
        result = run("vpn_sites", check=check, gateways=[berlin])
        assert result["changed"] is False
        (warning,) = map(str, result["warnings"])
        assert (
            f"berlin/backup ({backup}, eu-central-1) is in AWS, but not among the connections given for berlin. It"
            " stays. To remove it, run vpn_sites there with state=absent and"
            " gateways=[{name: berlin, connections: [{name: backup}]}]."
        ) in warning
    # As it says.
    gone = run("vpn_sites", state="absent", gateways=[{"name": "berlin", "connections": [{"name": "backup"}]}])
    assert gone["plan"]["counts"]["delete"] == 1
    assert "warnings" not in run("vpn_sites", gateways=[berlin])


def test_a_key_change_is_shown_without_the_key(run: Run, world: dict[str, str]) -> None:
    run("vpn_sites", gateways=site_list(world))
    changed = site_list(world, tunnels=[{"psk": "MARKER_psk.2"}])
    result = run("vpn_sites", check=True, gateways=changed, force_tunnel_change=True)
    (tunnel, _other) = result["diff"]["after"]["berlin"]["vpn_connection"]["tunnels"]
    assert tunnel["pre_shared_key"] == "(changed)"
    assert "pre_shared_key: (changed)" in result["plan"]["lines"][1]


def test_check_mode_returns_the_options_that_the_real_run_sets(run: Run, world: dict[str, str]) -> None:
    """From them the files of the gateway are made, which check mode shows too."""
    run("vpn_sites", gateways=site_list(world))
    options = {
        "phase1_encryption_algorithms": ["AES256"],
        "phase2_dh_group_numbers": [21, 20],
        "phase2_lifetime_seconds": 1800,
        "inside_cidr": "169.254.30.0/30",
    }
    changed = site_list(world, tunnels=[{**options, "psk": MARKER}])
    (checked, done) = (
        run("vpn_sites", check=check, gateways=changed, force_tunnel_change=True)["connections"]["berlin"]["tunnels"]
        for check in (True, False)
    )
    assert checked[0]["options"]["phase2_lifetime_seconds"] == 1800
    assert peers(checked, Settings()) == peers(done, Settings())


def test_a_timeout_says_what_was_seen_last_and_the_next_run_resumes(
    run: Run, world: dict[str, str], emulator: Emulator
) -> None:
    emulator.settle = 3600
    result = run("vpn_sites", gateways=site_list(world)[:1], wait_timeout=0)
    assert result["failed"]
    assert "is pending, waited for available" in result["msg"]
    assert len(result["applied"]) == 2
    emulator.clock.advance(3600)
    resumed = run("vpn_sites", gateways=site_list(world)[:1])
    assert (resumed["changed"], resumed["connections"]["berlin"]["state"]) == (False, "available")


def test_without_wait(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    emulator.settle = 3600
    result = run("vpn_sites", gateways=site_list(world)[:1], wait=False)
    assert result["connections"]["berlin"]["state"] == "pending"


def test_an_endpoint_that_is_not_there(run: Run) -> None:
    result = run("vpn_connection_info", endpoint_url="http://127.0.0.1:9", vpn_connection_ids=["vpn-1"])
    assert result["failed"]
    assert "DescribeVpnConnections failed: EndpointConnectionError" in result["msg"]


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ({}, ["berlin", "madrid"]),
        ({"names": ["madrid", "nowhere"]}, ["madrid"]),
        ({"names": []}, []),
        ({"vpn_connection_ids": []}, []),
        ({"filters": {"option.static-routes-only": True}}, ["madrid"]),
        ({"filters": {"state": ["pending", "deleted"]}}, []),
        ({"names": [f"s{number}" for number in range(300)] + ["berlin"]}, ["berlin"]),
    ],
    ids=str,
)
def test_info_selectors(run: Run, world: dict[str, str], selector: dict[str, Any], found: list[str]) -> None:
    run("vpn_sites", gateways=site_list(world))
    result = run("vpn_connection_info", **selector)
    assert [connection["name"] for connection in result["connections"]] == found


def test_info_of_an_id_that_does_not_exist(run: Run) -> None:
    result = run("vpn_connection_info", vpn_connection_ids=["vpn-0123456789abcdef0"])
    assert result["failed"]
    assert "vpn-0123456789abcdef0" in result["msg"]


def test_info_waits_for_telemetry_no_longer_than_told(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    run("vpn_sites", gateways=site_list(world)[:1])
    emulator.calls.clear()
    result = run("vpn_connection_info", telemetry_timeout=1)
    assert result["connections"][0]["tunnels"][0]["telemetry"]["status"] == "DOWN"
    assert emulator.calls["DescribeVpnConnections"] == 2


def test_info_waits_only_for_the_tunnels_it_is_told(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    (site,) = run("vpn_sites", gateways=site_list(world)[:1])["connections"].values()
    up, down = (tunnel["outside_address"] for tunnel in site["tunnels"])
    emulator.telemetry(up, "UP")
    for awaited, calls in (([], 1), ([up], 1), ([up, down], 2)):
        emulator.calls.clear()
        run("vpn_connection_info", telemetry_timeout=1, telemetry_tunnels=awaited)
        assert emulator.calls["DescribeVpnConnections"] == calls
