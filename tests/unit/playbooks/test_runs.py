# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a run: tags, the first task, batches, gateways out of reach, and the summary that is left for workflows."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

LOOK = "Wait until the tunnels are up on the gateway"
WRITE = "Write the configuration files"
CREATE = "Create, change or remove the AWS side of all sites"
PREFLIGHT = "Check that the host can be a gateway"
NOBODY = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 9}


class Estate:
    """Gateways that answer and have their tunnels up as soon as AWS has them."""

    def __init__(self, play: Any, inventory: Any, ec2: Any) -> None:
        self.play = play
        self.inventory = inventory
        self.ec2 = ec2
        self.berlin = inventory.read("host_vars/berlin.yml")
        play.environment["ANSIBLE_SHOW_CUSTOM_STATS"] = "true"

    def gateways(self, **gateways: dict[str, Any]) -> None:
        for number, (name, variables) in enumerate(gateways.items(), 20):
            own = {"site_vpn_public_ip": f"198.51.100.{number}", "site_vpn_local_cidrs": [f"10.{number}.0.0/16"]}
            self.inventory.add(f"host_vars/{name}.yml", **{**self.berlin, **own, **variables})
        self.inventory.add("hosts.yml", vpn_gateways={"hosts": dict.fromkeys(gateways)})

    def run(self, playbook: str, *words: str, **extra: Any) -> tuple[int, str]:
        self.play.emulator.calls.clear()
        result: tuple[int, str] = self.play(playbook, "-i", "hosts.yml", *words, **extra)
        return result

    def come_up(self) -> None:
        for connection in self.ec2.describe_vpn_connections()["VpnConnections"]:
            for tunnel in connection["VgwTelemetry"]:
                self.play.emulator.telemetry(tunnel["OutsideIpAddress"], "UP", accepted_routes=1)

    @property
    def writes(self) -> list[str]:
        """The calls that change something in AWS."""
        return [call for call in self.play.emulator.calls if not str(call).startswith("Describe")]


@pytest.fixture
def estate(play: Any, answers_up: dict[str, Any], guide_inventory: Any, ec2: Any) -> Estate:
    guide_inventory.add("group_vars/all.yml", answers=answers_up)
    return Estate(play, guide_inventory, ec2)


def stats(output: str) -> dict[str, Any]:
    """The summary, as a workflow of AWX gets it."""
    (found,) = re.findall(r"^\s+RUN: (\{.*\})$", output, re.MULTILINE)
    left: dict[str, Any] = json.loads(found)
    return left


def tasks(output: str) -> set[str]:
    return {name.split(" : ")[-1] for name in re.findall(r"^TASK \[(.+)\] \*+$", output, re.MULTILINE)}


def test_each_part_alone(estate: Estate) -> None:
    """On an account that has the AWS side, each part finds what it needs."""
    code, output = estate.run("site_vpn", "--tags", "aws")
    assert code == 0, output
    assert CREATE in tasks(output)
    assert not {PREFLIGHT, WRITE, LOOK} & tasks(output)
    left = stats(output)
    assert left["aws_vpn_plan"]["create"] == 2
    (connection,) = estate.ec2.describe_vpn_connections()["VpnConnections"]
    assert left["aws_vpn_connections"] == {"berlin": connection["VpnConnectionId"]}

    code, output = estate.run("site_vpn", "--tags", "verify")
    assert code == 2, output
    left = stats(output)
    assert (left["aws_vpn_tunnels_up"], left["aws_vpn_tunnels_down"]) == (0, 2)
    assert "AWS reports DOWN" in left["aws_vpn_causes"][0]

    estate.come_up()
    code, output = estate.run("site_vpn", "--tags", "verify")
    assert code == 0, output
    assert LOOK in tasks(output)
    assert not {CREATE, WRITE, "Write the keys"} & tasks(output)
    assert "changed=0" in output
    assert estate.writes == []
    assert stats(output) == {"aws_vpn_tunnels_up": 2, "aws_vpn_tunnels_down": 0, "aws_vpn_causes": []}

    code, output = estate.run("site_vpn", "--tags", "gateways")
    assert code == 0, output
    assert {WRITE, "Write the keys"} <= tasks(output)
    assert not {CREATE, LOOK} & tasks(output)

    code, output = estate.run("site_vpn", "--tags", "preflight")
    assert code == 0, output
    assert PREFLIGHT in tasks(output)
    assert not {CREATE, WRITE, LOOK} & tasks(output)
    assert not estate.play.emulator.calls


def test_phases_of_a_role_and_a_later_start(estate: Estate) -> None:
    estate.run("site_vpn", "--tags", "aws")
    estate.come_up()
    code, output = estate.run("site_vpn", "--tags", "gateway_install")
    assert code == 0, output
    assert "Install the packages" in tasks(output)
    assert not {CREATE, WRITE, LOOK} & tasks(output)
    code, output = estate.run("site_vpn", "--start-at-task", "Find the connections in AWS")
    assert code == 0, output
    assert {WRITE, LOOK} <= tasks(output)
    assert not {CREATE, "Read the inventory of every site"} & tasks(output)
    assert estate.writes == []


def test_verify_looks_only(estate: Estate) -> None:
    code, output = estate.run("verify")
    assert code == 2, output
    assert "berlin: AWS shows no tunnel of this connection" in output
    estate.run("site_vpn", "--tags", "aws")
    estate.come_up()
    for words in ((), ("--check",)):
        code, output = estate.run("verify", *words)
        assert code == 0, output
        assert "2 of 2 tunnels up from both ends" in output
        assert "changed=0" in output
        assert not {CREATE, WRITE} & tasks(output)
        assert estate.writes == []


def test_a_gateway_that_cannot_be_reached_stops_the_run(estate: Estate) -> None:
    estate.gateways(berlin={}, madrid=NOBODY)
    code, output = estate.run("site_vpn")
    assert code != 0
    assert "madrid cannot be reached: " in output
    assert "To go on without it, set site_vpn_unreachable to skip." in output
    assert not estate.play.emulator.calls


def test_a_gateway_that_cannot_be_reached_is_left_out(estate: Estate) -> None:
    estate.gateways(berlin={}, madrid={**NOBODY, "site_vpn_unreachable": "skip"})
    code, output = estate.run("site_vpn", "--check")
    assert code != 0, output
    assert "It was not configured and not verified." in output
    code, output = estate.run("site_vpn", "--tags", "preflight,aws")
    assert code != 0, output
    assert len(estate.ec2.describe_vpn_connections()["VpnConnections"]) == 2
    estate.come_up()
    code, output = estate.run("site_vpn")
    assert code != 0, output
    assert estate.play.fates(output, WRITE) == {"berlin": "ok"}
    assert "2 of 4 tunnels up from both ends" in output
    assert "madrid tunnel 1" in output
    assert "the gateway cannot be reached: " in output
    assert "madrid cannot be reached: " in output
    assert re.search(r"^berlin .*failed=0", output, re.MULTILINE)
    assert re.search(r"^madrid .*failed=1", output, re.MULTILINE)


def test_batches(estate: Estate) -> None:
    """Two gateways of one site come one after the other, and a failed batch is the last one."""
    oslo = {"site_vpn_site": "oslo", "site_vpn_local_cidrs": ["10.40.0.0/16"]}
    estate.gateways(oslo1=oslo, oslo2=oslo, rome={})
    code, output = estate.run("site_vpn", "--tags", "aws", site_vpn_batch="1")
    assert code == 0, output
    code, output = estate.run("site_vpn", "--tags", "gateways,verify", site_vpn_batch="100%")
    assert code == 2, output
    names = re.findall(rf"^TASK \[.*{WRITE}\] \*+\n(?:\w+: \[(\S+)\]\n)+", output, re.MULTILINE)
    assert names == ["oslo1"]
    estate.come_up()
    code, output = estate.run("site_vpn", site_vpn_batch="100%")
    assert code == 0, output
    batches = re.findall(rf"^TASK \[.*{WRITE}\] \*+\n((?:.+\n)+)", output, re.MULTILINE)
    assert [sorted(re.findall(r"\[(\S+)\]", batch)) for batch in batches] == [["oslo1"], ["oslo2", "rome"]]
    assert stats(output)["aws_vpn_tunnels_up"] == 6


def test_a_size_that_is_none(estate: Estate) -> None:
    code, output = estate.run("site_vpn", site_vpn_batch="some")
    assert code != 0
    assert "site_vpn_batch=some: a number of gateways from 1, or a percentage" in output
    assert not estate.play.emulator.calls
