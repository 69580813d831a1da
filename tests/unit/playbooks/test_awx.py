# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slices of a job at the same time, as AWX cuts and runs them: its inventories, ansible-runner, a survey, facts, -b."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.variables import OPTIONS, PREFIX

if TYPE_CHECKING:
    from vpn_emulator import Emulator

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "inventories/example"

# What another job has found out about a host.
FACTS = {"ansible_distribution": "Debian", "ansible_default_ipv4": {"address": "10.0.0.9"}}

# An inventory as `ansible-inventory --list --export` shows it, and as AWX gives it to a job.
Inventory = dict[str, Any]


def cut(inventory: Inventory, number: int, count: int) -> Inventory:
    """The slice of this number: every k-th host by name. Every group stays, with its variables."""
    hosts = sorted(inventory["_meta"]["hostvars"])[number - 1 :: count]
    groups = {
        name: {**group, "hosts": [host for host in group.get("hosts", ()) if host in hosts]}
        for name, group in inventory.items()
        if name not in ("_meta", "all")
    }
    grouped = {host for group in groups.values() for host in group["hosts"]}
    own = {host: inventory["_meta"]["hostvars"][host] for host in hosts}
    whole = {
        "vars": inventory["all"]["vars"],
        "hosts": [host for host in hosts if host not in grouped],
        "children": list(groups),
    }
    return {"_meta": {"hostvars": own}, "all": whole, **groups}


class Job:
    """One job in its private data directory."""

    def __init__(
        self, directory: Path, inventory: Inventory, *, tags: str, survey: dict[str, Any], environment: dict[str, str]
    ) -> None:
        self._directory = directory
        self._environment = environment
        self._artifacts = directory / "artifacts/job"
        (self._artifacts / "fact_cache").mkdir(parents=True)
        for host in inventory["_meta"]["hostvars"]:
            (self._artifacts / "fact_cache" / host).write_text(json.dumps(FACTS), encoding="utf-8")
        (directory / "env").mkdir()
        (directory / "inventory").mkdir()
        (directory / "project").symlink_to(ROOT)
        script = directory / "inventory/hosts"
        script.write_text(f"#! /usr/bin/env python3\nprint({json.dumps(inventory)!r})\n", encoding="utf-8")
        script.chmod(0o700)
        # The answers of a survey are never templates.
        answers = [f"{name}: !unsafe {json.dumps(answer)}\n" for name, answer in survey.items()]
        own = {"awx_job_id": 7, "awx_job_launch_type": "workflow", "site_vpn_verify_wait": 60}
        self._write("extravars", yaml.safe_dump(own) + "".join(answers))
        self._write("envvars", yaml.safe_dump(environment))
        self._write("cmdline", f"-u deploy --become --become-method sudo -t {tags}")
        self._write("settings", yaml.safe_dump({"fact_cache": "fact_cache", "fact_cache_type": "jsonfile"}))

    def _write(self, name: str, text: str) -> None:
        (self._directory / "env" / name).write_text(text, encoding="utf-8")

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "ansible_runner", "run", str(self._directory)]
        return subprocess.Popen(
            [*command, "-p", "site_vpn.yml", "--ident", "job", "--quiet"],
            env={**os.environ, **self._environment},
            stdout=subprocess.DEVNULL,
            text=True,
        )

    @property
    def _events(self) -> list[dict[str, Any]]:
        files = (self._artifacts / "job_events").glob("[0-9]*.json")
        return [json.loads(path.read_text(encoding="utf-8")) for path in files]

    def failures(self) -> list[dict[str, Any]]:
        names = ("runner_on_failed", "runner_on_unreachable", "error")
        return [event["event_data"] for event in self._events if event["event"] in names]

    @property
    def stats(self) -> dict[str, Any]:
        """What a workflow hands on to its next job."""
        (end,) = [event["event_data"] for event in self._events if event["event"] == "playbook_on_stats"]
        found: dict[str, Any] = end.get("artifact_data", {})
        return found

    @property
    def kept(self) -> str:
        """All that is kept of the job: output, events and facts. The environment of the job is AWX's own matter."""
        files = [path for path in self._artifacts.rglob("*") if path.is_file() and path.name != "command"]
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of each host, which AWX stores for later jobs."""
        files = (self._artifacts / "fact_cache").iterdir()
        return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in files}


class Awx:
    """An inventory in AWX, and jobs that run slices of it."""

    def __init__(self, emulator: Emulator, ec2: Any, answers: dict[str, Any], directory: Path) -> None:
        self.ec2 = ec2
        self._emulator = emulator
        self._directory = directory
        # Those of both gateways of the example.
        answers["gateway_status"]["host"]["addresses"] += ["10.20.0.1", "10.30.0.1"]
        self._variables = {
            "ansible_connection": "answering",
            "ansible_python_interpreter": "/usr/bin/python3",
            "answers": answers,
            "site_vpn_endpoint_url": emulator.url,
        }
        options = emulator.client_options()
        self.secret: str = options["aws_secret_access_key"]
        self._environment = {
            "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/connection_plugins"),
            "ANSIBLE_HOME": str(directory / ".ansible"),
            "LC_ALL": "C.UTF-8",
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.secret,
        }

    def target(self, kind: str) -> str:
        """Something that connections end on."""
        if kind == "tgw":
            return str(self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"])
        return str(self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])

    def table(self, vpc: str) -> str:
        return str(self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])

    def run(self, inventory: Inventory, count: int, tags: str) -> list[Job]:
        """The jobs of all slices, at the same time. Their tunnels come up as soon as AWS has them."""
        inventory = {**inventory, "all": {**inventory["all"], "vars": self._variables}}
        groups = [group.get("vars", {}) for group in inventory.values()]
        said = {name for each in (*groups, *inventory["_meta"]["hostvars"].values()) for name in each}
        survey = {f"{PREFIX}{name}": "" for name in (*OPTIONS, "hosts", "batch") if f"{PREFIX}{name}" not in said}
        survey.update(cloud_allow_replacement="", gateway_packages=[], verify_probe_source="")
        jobs = [
            Job(
                self._directory / f"slice{number}",
                cut(inventory, number, count),
                tags=tags,
                survey=survey,
                environment=self._environment,
            )
            for number in range(1, count + 1)
        ]
        # Long enough for all to find no gateway, and to meet when they attach theirs.
        self._emulator.settle = 1.0
        running = [job.start() for job in jobs]
        while any(each.poll() is None for each in running):
            self._come_up()
            time.sleep(1)
        return jobs

    def _come_up(self) -> None:
        for connection in self.live("vpn_connections"):
            for tunnel in connection["VgwTelemetry"]:
                if tunnel["Status"] != "UP":
                    self._emulator.telemetry(tunnel["OutsideIpAddress"], "UP", accepted_routes=1)

    def live(self, kind: str) -> list[dict[str, Any]]:
        name = "".join(word.capitalize() for word in kind.split("_"))
        found = getattr(self.ec2, f"describe_{kind}")()[name]
        return [each for each in found if each["State"] not in ("deleting", "deleted")]

    def keys(self) -> list[str]:
        configurations = [each["CustomerGatewayConfiguration"] for each in self.live("vpn_connections")]
        return [key for text in configurations for key in re.findall(r"<pre_shared_key>(.+?)</pre_shared_key>", text)]


@pytest.fixture
def awx(emulator: Emulator, ec2: Any, answers_up: dict[str, Any], tmp_path: Path) -> Awx:
    return Awx(emulator, ec2, answers_up, tmp_path)


def name_of(connection: dict[str, Any]) -> str:
    tags = {tag["Key"]: tag["Value"] for tag in connection["Tags"]}
    gateway, own = tags["hybridnet:gateway"], tags["hybridnet:connection"]
    return gateway if own == "main" else f"{gateway}/{own}"


def example(awx: Awx) -> Inventory:
    """The inventory of the collection, as AWX imports it, with what is there."""
    command = [str(BIN / "ansible-inventory"), "-i", str(EXAMPLE), "--list", "--export"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    vpc = awx.target("vpc")
    there = {"tgw-0123456789abcdef0": awx.target("tgw"), "vpc-0123456789abcdef0": vpc}
    for written, made in {**there, "rtb-0123456789abcdef0": awx.table(vpc)}.items():
        assert written in text
        text = text.replace(written, made)
    inventory: Inventory = json.loads(text)
    return inventory


def twelve(awx: Awx) -> Inventory:
    """Gateways on one virtual private gateway; two at one site; one with two connections; and a host for pings."""
    vpc, transit = awx.target("vpc"), {"transit_gateway_id": awx.target("tgw")}
    shared = {"vpn_gateway": {"vpc_id": vpc, "propagate_to": [awx.table(vpc)]}}
    hosts: dict[str, dict[str, Any]] = {
        f"gw{number}": {
            "site_vpn_public_ip": f"198.51.100.{number}",
            "site_vpn_bgp_asn": 65000 + number,
            "site_vpn_local_cidrs": [f"10.{number}.0.0/16"],
        }
        for number in range(10, 22)
    }
    hosts["gw10"]["site_vpn_routing"] = "static"
    # With three slices they are in one, with two they are not.
    hosts["gw13"]["site_vpn_probe_host"] = "pinger"
    hosts["gw19"]["site_vpn_connections"] = [{"name": "main"}, {"name": "transit", "target": transit}]
    for name in ("gw20", "gw21"):
        hosts[name].update(site_vpn_site="oslo", site_vpn_local_cidrs=["10.20.0.0/16"], site_vpn_target=transit)
    common = {"site_vpn_region": "eu-central-1", "site_vpn_remote_cidrs": ["10.0.0.0/16"], "site_vpn_target": shared}
    return {
        "_meta": {"hostvars": {**hosts, "pinger": {}}},
        "all": {},
        "vpn_gateways": {"hosts": list(hosts), "vars": {**common, "site_vpn_vpc_probe_address": "10.0.0.100"}},
    }


TWELVE = {*(f"gw{number}" for number in range(10, 22)), "gw19/transit"}


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize(
    ("inventory", "tags", "names"),
    [
        (example, "all", {"berlin", "madrid"}),
        # Without the configuration of the gateways, which is for each of them alone.
        (twelve, "preflight,aws,verify", TWELVE),
    ],
)
def test_slices_at_the_same_time(awx: Awx, inventory: Any, tags: str, names: set[str], count: int) -> None:
    jobs = awx.run(inventory(awx), count, tags)
    assert [failure for job in jobs for failure in job.failures()] == []
    connections = awx.live("vpn_connections")
    made = {name_of(each): each["VpnConnectionId"] for each in connections}
    assert set(made) == names
    assert len(connections) == len(names)
    (shared,) = awx.live("vpn_gateways")
    assert [each["State"] for each in shared["VpcAttachments"]] == ["attached"]
    left = [job.stats for job in jobs if job.stats]
    assert {name: id_ for stats in left for name, id_ in stats["aws_vpn_connections"].items()} == made
    assert sum(stats["aws_vpn_tunnels_up"] for stats in left) == 2 * len(names)
    assert [stats["aws_vpn_tunnels_down"] for stats in left] == [0] * len(left)
    assert [stats["aws_vpn_causes"] for stats in left] == [[]] * len(left)
    assert [facts for job in jobs for facts in job.facts.values() if facts != FACTS] == []
    keys = awx.keys()
    assert len(keys) == 2 * len(names)
    assert [secret for job in jobs for secret in (*keys, awx.secret) if secret in job.kept] == []
