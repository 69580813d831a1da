# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the role on each distribution, with each daemon and each kind of routing."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.platforms import (
    IKE_UNITS,
    PLATFORMS,
    Daemon,
    platform,
)

ROLE = Path(__file__).resolve().parents[4] / "roles/gateway"
VARIABLES, ABSENT = ROLE / "vars/main.yml", ROLE / "tasks/absent.yml"
PURGE = yaml.safe_load(VARIABLES.read_text(encoding="utf-8"))
REBUILDS = ("centos", "rocky", "almalinux", "ol")
# Of a row without releases one is enough, and of RHEL and its rebuilds one distribution.
HOSTS = [
    (row.id, version)
    for row in PLATFORMS.values()
    for version in ((*row.releases, "99") if row.releases else (row.oldest,))
    if row.id not in REBUILDS
]
DAEMONS = list({daemon.connections: daemon for host in HOSTS for daemon in platform(*host).daemons.values()}.values())
TITLES = {
    "debian": "Debian",
    "ubuntu": "Ubuntu",
    "rhel": "RHEL",
    "centos": "CentOS Stream",
    "rocky": "Rocky Linux",
    "almalinux": "AlmaLinux",
    "ol": "Oracle Linux",
    "fedora": "Fedora",
    "amzn": "Amazon Linux 2023",
}
CHAIN = {"hook": "input", "chain": "inet filter input", "ending": "policy drop"}
Files = Callable[..., dict[str, str]]


@pytest.mark.parametrize("routing", ["static", "bgp"])
@pytest.mark.parametrize("daemon", IKE_UNITS)
@pytest.mark.parametrize("host", HOSTS, ids="-".join)
def test_the_files(role_files: Files, host: tuple[str, str], daemon: str, routing: str) -> None:
    row = platform(*host)
    files = role_files(
        host=host,
        daemon=daemon,
        daemon_version=row.daemons[daemon].version,
        routing=routing,
        firewall={"chains": [CHAIN]},
    )
    own = row.daemons[daemon]
    connections = [path for path in files if path.startswith(f"{own.connections}/aws-vpn-vpn-")]
    assert len(connections) == 2
    assert (f"{own.settings}/aws-vpn.conf" in files) == (daemon == "strongswan")
    assert ("/etc/frr/frr.conf" in files) == (routing == "bgp")
    assert 'comment "hybridnet.aws_vpn"' in files[row.rules_file]
    gateway = json.loads(files["/etc/aws-vpn/gateway.json"])
    assert (gateway["ike_unit"], gateway["ike_socket"]) == (IKE_UNITS[daemon], own.socket)
    # Where the comparison with what runs looks for them.
    assert {path.rpartition("/")[0] for path in connections} == {gateway["ike_connections"]}
    # One interpreter for everything, and one name of each directory.
    programs = "\n".join(text for path, text in files.items() if path.endswith((".service", "activate.py")))
    assert set(re.findall(r"/usr/bin/python3[\d.]*", programs)) == {row.python}
    foreign = {each.connections for each in DAEMONS} - {own.connections}
    assert [path for path in files if path.rpartition("/")[0] in foreign] == []


@pytest.mark.parametrize("daemon", DAEMONS, ids=lambda daemon: daemon.connections)
def test_files_that_are_no_longer_wanted_are_found_on_each(daemon: Daemon) -> None:
    patterns = [each["pattern"] for each in PURGE["__gateway_purge"]]
    secrets = [each["pattern"] for each in PURGE["__gateway_purge_secrets"]]
    assert is_in(f"{daemon.connections}/aws-vpn-vpn-0123456789abcdef0-1.conf", patterns)
    assert is_in(f"{daemon.connections}/aws-vpn-key-203.0.113.2{daemon.key_suffix}", secrets)
    assert not daemon.settings or is_in(f"{daemon.settings}/aws-vpn.conf", patterns)


def test_our_part_of_the_rules_of_nftables_is_removed_on_each() -> None:
    tasks = yaml.safe_load(ABSENT.read_text(encoding="utf-8"))
    paths = {entry["path"] for entry in tasks[0]["hybridnet.aws_vpn.gateway_files"]["files"]}
    assert {row.rules_file for row in PLATFORMS.values()} <= paths


@pytest.mark.parametrize("name", REBUILDS)
def test_a_rebuild_is_as_rhel(name: str) -> None:
    assert replace(PLATFORMS[name], id="rhel") == PLATFORMS["rhel"]


def test_the_readme_says_of_each_whether_it_was_run() -> None:
    lines = (ROLE / "README.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.endswith(("| not run here |", "static routing |"))]
    assert {name for name, title in TITLES.items() if any(title in line for line in table)} == set(PLATFORMS)
    assert [line for line in table if "Debian" in line] == [line for line in table if "| yes, " in line]


def is_in(path: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)
