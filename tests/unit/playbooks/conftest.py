# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks as users do, against the emulated AWS; gateways answer what a test says, or are out of reach."""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from vpn_emulator import Emulator

BIN = Path(sys.executable).parent
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
GUIDE = ROOT / "docs/docsite/rst/guide_first_tunnel.rst"
MARKER = "MARKER_psk.1"
# How every secret of these tests begins.
MARKER_OF_ALL = "MARKER_"


class Onlooker:
    """Another user of the machine, who looks around while something runs.

    Everybody can read the command line of every process, and files whose mode says so. The environments of processes
    are for their own user; they are noted because what is in them goes to each process that is started.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.command_lines: set[str] = set()
        self.environments: set[str] = set()
        self.files: set[str] = set()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look_around, daemon=True)

    def __enter__(self) -> Onlooker:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look_around(self) -> None:
        while not self._is_over.wait(0.005):
            for process in filter(str.isdigit, os.listdir("/proc")):
                # A process may end while it is looked at.
                with contextlib.suppress(OSError):
                    self.command_lines.add(self._read(Path("/proc", process, "cmdline")))
                    self.environments.add(self._read(Path("/proc", process, "environ")))
            for path in self._open_files(self._directory):
                with contextlib.suppress(OSError):
                    if MARKER_OF_ALL in self._read(path):
                        self.files.add(str(path.relative_to(self._directory)))

    @staticmethod
    def _read(path: Path) -> str:
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")

    def _open_files(self, directory: Path) -> Iterator[Path]:
        """Files that others can read, in directories that they can search."""
        with contextlib.suppress(OSError), os.scandir(directory) as entries:
            for entry in entries:
                mode = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode) and mode & stat.S_IXOTH:
                    yield from self._open_files(Path(entry.path))
                elif stat.S_ISREG(mode) and mode & stat.S_IROTH:
                    yield Path(entry.path)


@pytest.fixture
def onlooker(tmp_path: Path) -> Onlooker:
    return Onlooker(tmp_path)


class Playbooks:
    """Runs playbooks in a directory of their own, in an account of their own."""

    def __init__(self, emulator: Emulator, directory: Path) -> None:
        self.emulator = emulator
        self.directory = directory
        options = emulator.client_options()
        self.environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/connection_plugins"),
            "ANSIBLE_HOME": str(directory / ".ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": options["aws_secret_access_key"],
        }

    def __call__(self, playbook: str, *words: str, **extra: Any) -> tuple[int, str]:
        """Exit code and output of a playbook of the collection, by its short or its full name, or of a file."""
        name = playbook if "." in playbook else f"hybridnet.aws_vpn.{playbook}"
        variables = {"ansible_playbook_python": sys.executable, **extra}
        done = subprocess.run(
            [str(BIN / "ansible-playbook"), name, "-e", json.dumps(variables), *words],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        output = done.stdout + done.stderr
        assert MARKER not in output
        return done.returncode, output

    @staticmethod
    def fates(output: str, task: str) -> dict[str, str]:
        """What became of a task at each host the first time, such as ok or skipping, and at which other host it ran."""
        found, *_again = re.findall(rf"^TASK \[.*{re.escape(task)}\] \**\n((?:.+\n)*)", output, re.MULTILINE)
        lines = re.findall(r"^(\w+): \[(\w+)( -> .+?)?\]", found, re.MULTILINE)
        return {host: fate + delegated for fate, host, delegated in lines}

    def galaxy(self, *words: str) -> None:
        command = [str(BIN / "ansible-galaxy"), "collection", *words]
        subprocess.run(command, cwd=self.directory, env=self.environment, capture_output=True, check=True)


@pytest.fixture
def play(emulator: Emulator, tmp_path: Path) -> Playbooks:
    return Playbooks(emulator, tmp_path)


@pytest.fixture
def world(ec2: Any) -> dict[str, str]:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return {"vpc": vpc, "table": ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]}


NO_FIREWALL: dict[str, Any] = {"manager": "nftables", "chains": [], "closed": []}
NO_CONNECTIONS = {unit: [] for unit in ("strongswan.service", "strongswan-starter.service", "ipsec.service")}
# Nothing of FRR is configured besides the role's.
OWNER_BGP: dict[str, Any] = {
    **dict.fromkeys(("asn", "router_id", "route_map")),
    **{key: [] for key in ("neighbors", "ours", "separate")},
    "calls_ours": False,
}


@pytest.fixture
def answers() -> dict[str, Any]:
    """A gateway with all it needs, on which nothing is configured; every ping is answered."""
    return {
        "gateway_status": {
            "changed": False,
            "ipsec_capable": True,
            "missing": [],
            "host": {
                "id": "debian",
                "version": "13",
                "local_address": "198.51.100.10",
                "addresses": ["198.51.100.10"],
                "packages_missing": [],
                "packages_unavailable": [],
                "network_managers": [],
                "sysctls": {},
            },
            "daemon": {"name": "strongswan", "running": True, "version": "6.0.1"},
            "bgp_daemon": {"name": "frr", "running": True},
            "is_swapping": False,
            "owner": {"bgp": dict(OWNER_BGP), "sysctls": {}, "firewall": NO_FIREWALL, "connections": NO_CONNECTIONS},
            "units": {},
            "tunnels": [],
        },
        "gateway_files": {"changed": False, "pending": []},
        "command": {"changed": True, "rc": 0, "stdout": "", "stderr": ""},
        "ping_probe": {
            "changed": False,
            "address": "10.0.0.100",
            "source": "10.20.0.10",
            "probes": [{"label": "", "sent": 5, "received": 5, "rtt_ms": 1.0, "error": ""}],
        },
    }


@pytest.fixture
def answers_up(answers: dict[str, Any]) -> dict[str, Any]:
    """The same gateway, on which each tunnel that it is asked about is up."""
    del answers["gateway_status"]["tunnels"]
    answers["gateway_status"]["tunnels_of_peers"] = {
        "interface_up": True,
        "ike": "ESTABLISHED",
        "esp": "INSTALLED",
        "bgp": {"state": "Established", "prefixes_received": 1, "prefixes_sent": 1},
        "routes": ["10.0.0.0/16"],
        "routes_missing": [],
        "evidence": [],
    }
    return answers


class Inventory:
    """A directory of files with variables."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def read(self, name: str) -> dict[str, Any]:
        path = self.directory / name
        known: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
        return known

    def add(self, name: str, **variables: Any) -> None:
        path = self.directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump({**self.read(name), **variables}), encoding="utf-8")


@pytest.fixture
def guide_inventory(emulator: Emulator, ec2: Any, answers: dict[str, Any], tmp_path: Path) -> Inventory:
    """What the first guide says, file by file; but the transit gateway is there, and the gateway answers."""
    inventory = Inventory(tmp_path)
    text = GUIDE.read_text(encoding="utf-8")
    for name in ("hosts.yml", "group_vars/vpn_gateways.yml", "host_vars/berlin.yml"):
        block = re.search(rf"^    # {re.escape(name)}\n((?:    .*\n)+)", text, re.MULTILINE)
        assert block, name
        inventory.add(name, **yaml.safe_load(block[1]))
    transit = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    inventory.add("host_vars/berlin.yml", site_vpn_target={"transit_gateway_id": transit})
    inventory.add(
        "group_vars/all.yml",
        ansible_connection="answering",
        ansible_python_interpreter="/usr/bin/python3",
        answers=answers,
        site_vpn_endpoint_url=emulator.url,
        site_vpn_verify_wait=1,
    )
    return inventory
