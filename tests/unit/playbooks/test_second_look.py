# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook verify looks again before it reports a failure, and does not wait for what cannot come any more."""

from __future__ import annotations

import copy
import json
import re
import time
from pathlib import Path
from typing import Any

import boto3
import pytest

LOOK = "Wait until the tunnels are up on the gateway"
OWN = "Ping the host in the VPC from the gateway itself"
AWS = "Look at all tunnels from AWS"
HERE = Path(__file__).resolve().parent


class Site:
    """The gateway of the guide with a host behind it that pings; both answer, and AWS has its tunnels up."""

    def __init__(self, play: Any, inventory: Any, answers: dict[str, Any], ec2: Any) -> None:
        self.play, self.inventory, self.answers = play, inventory, answers
        inventory.add("group_vars/all.yml", answers=answers)
        berlin = {"site_vpn_probe_host": "site-host", "site_vpn_vpc_probe_address": "10.0.0.100"}
        inventory.add("host_vars/berlin.yml", **berlin)
        inventory.add("hosts.yml", others={"hosts": {"site-host": None}})
        code, output = play("site_vpn", "-i", "hosts.yml", "--tags", "aws")
        assert code == 0, output
        (connection,) = ec2.describe_vpn_connections()["VpnConnections"]
        self.ec2, self.id = ec2, connection["VpnConnectionId"]
        self.addresses = [tunnel["OutsideIpAddress"] for tunnel in connection["VgwTelemetry"]]
        self.report("UP")

    def report(self, status: str, **more: Any) -> None:
        """What AWS reports."""
        for address in self.addresses:
            self.play.emulator.telemetry(address, status, accepted_routes=1, **more)

    def log_bgp(self) -> None:
        """Switch on the BGP log of the first tunnel."""
        emulator, group = self.play.emulator, "/aws/vendedlogs/vpn"
        boto3.client("logs", **emulator.client_options()).create_log_group(logGroupName=group)
        arn = f"arn:aws:logs:eu-central-1:{emulator.account_id}:log-group:{group}"
        self.ec2.modify_vpn_tunnel_options(
            VpnConnectionId=self.id,
            VpnTunnelOutsideIpAddress=self.addresses[0],
            TunnelOptions={"LogOptions": {"CloudWatchLogOptions": {"BgpLogEnabled": True, "BgpLogGroupArn": arn}}},
        )

    def pings(self, received: int) -> dict[str, Any]:
        probes = [{"outside_address": address, "sent": 5, "received": received} for address in self.addresses]
        return {**self.answers["ping_probe"], "probes": probes}

    def verify(self, host: int, gateway: int, **variables: Any) -> tuple[int, str]:
        """Exit code and output, with so many pings of the host and of the gateway answered."""
        for name, received in (("site-host", host), ("berlin", gateway)):
            own = {**copy.deepcopy(self.answers), "ping_probe": self.pings(received)}
            self.inventory.add(f"host_vars/{name}.yml", answers=own)
        result: tuple[int, str] = self.play("verify", "-i", "hosts.yml", **variables)
        return result


@pytest.fixture
def site(play: Any, answers_up: dict[str, Any], guide_inventory: Any, ec2: Any) -> Site:
    return Site(play, guide_inventory, answers_up, ec2)


def times(output: str, task: str) -> int:
    return len(re.findall(rf"^TASK \[.*{re.escape(task)}\]", output, re.MULTILINE))


def test_nothing_is_looked_at_twice_when_all_is_well(site: Site) -> None:
    code, output = site.verify(host=5, gateway=5)
    assert code == 0, output
    assert (times(output, LOOK), times(output, AWS)) == (1, 1)
    assert site.play.fates(output, OWN) == {"berlin": "skipping"}


def test_what_the_gateway_does_not_forward(site: Site) -> None:
    site.answers["gateway_status"]["diagnosed"] = {"host": {"forwards": False}}
    site.answers["gateway_support"] = {"changed": False, "text": "===== ip rule show"}
    code, output = site.verify(host=0, gateway=5, site_vpn_report_dir="reports")
    assert code == 2, output
    assert "changed=0" in output
    report = json.loads((site.play.directory / "reports/tunnels.json").read_text(encoding="utf-8"))
    assert [row["ping"] for row in report["tunnels"]] == ["0/5", "0/5"]
    assert report["gateways"]["berlin"]["host"] == {"forwards": False}
    support = site.play.directory / "reports/berlin-support.txt"
    assert support.read_text(encoding="utf-8") == "===== ip rule show"
    assert support.stat().st_mode & 0o777 == 0o600
    junit = (site.play.directory / "reports/tunnels.xml").read_text(encoding="utf-8")
    assert junit.count('<failure message="the gateway does not forward packets') == 2
    assert "the gateway does not forward packets: net.ipv4.ip_forward is 0. Check: " in output
    assert "security group" not in output
    assert times(output, LOOK) == 2


def test_a_verdict_speaks_of_the_second_look(site: Site) -> None:
    """BGP was down at the first look, and came up during the pings."""
    up = site.answers["gateway_status"]["tunnels_of_peers"]
    site.answers["gateway_status"]["tunnels_of_peers"] = {**up, "bgp": {"state": "Active"}}
    site.answers["gateway_status"]["diagnosed"] = {"tunnels_of_peers": up}
    code, output = site.verify(host=5, gateway=5)
    assert code == 0, output
    assert "2 of 2 tunnels up from both ends" in output


def test_aws_is_not_waited_for_when_the_gateway_says_why(site: Site) -> None:
    """Then its logs are read, of the tunnels that are not up."""
    logged = "AWS-side peer detected a bad OPEN message from neighbor 169.254.20.2 - remote AS is 65099, expected 65010"
    record = {"log": "bgp", "at": time.time() - 9, "type": "BGPStatus", "status": "DOWN", "details": logged}
    site.log_bgp()
    site.report("DOWN", log=[record])
    site.answers["gateway_status"]["tunnels_of_peers"]["bgp"] = {"state": "Active"}
    recording = site.play.directory / "recording"
    site.play.environment.update(
        RECORDING=str(recording),
        ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callback_plugins"),
        ANSIBLE_CALLBACKS_ENABLED="recording",
    )
    code, output = site.verify(host=5, gateway=5, site_vpn_verify_wait=600)
    assert code == 2, output
    assert re.search(rf"tunnel 1 .*: the ASNs do not agree \(Active\); AWS logged at \S+: .*{logged}", output)
    assert re.search(r"tunnel 2 .*: IPsec is up but BGP is down \(Active\)\. Check", output)
    assert site.play.emulator.calls["FilterLogEvents"] == 1
    asked = [
        entry["arguments"]
        for entry in map(json.loads, recording.read_text(encoding="utf-8").splitlines())
        if entry.get("task") == AWS
    ]
    assert [each["telemetry_tunnels"] for each in asked] == [[], []]
    assert int(asked[1]["telemetry_timeout"]) == 0
    assert [each["log_tunnels"] for each in asked] == [[], site.addresses]


def test_only_the_chosen_checks_count(site: Site) -> None:
    site.answers["gateway_status"]["tunnels_of_peers"]["bgp"] = {"state": "Active"}
    drills = [{"check": "rekey", "outside_address": address, "problem": None} for address in site.addresses]
    site.answers["command"]["stdout"] = json.dumps(drills)
    code, output = site.verify(host=0, gateway=0, site_vpn_checks=["ike", "esp", "telemetry", "rekey"])
    assert code == 0, output
    assert "no pings" not in output
    assert ("berlin tunnel 1: rekey: new SAs" in output, "changed=0" in output) == (True, True)
    code, output = site.verify(host=0, gateway=0, site_vpn_checks=["ipsec"])
    assert code != 0
    assert "site_vpn_checks=ipsec: must be gateway or udp or" in output
