# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connections of Libreswan: the same tunnels, in its words, and what is loaded when one of them changes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PROGRAMS = Path(__file__).resolve().parents[4] / "roles/gateway/files"
NAME, OTHER = "vpn-0123456789abcdef0-1", "vpn-0123456789abcdef0-2"
PATH = f"/etc/ipsec.d/aws-vpn-{NAME}.conf"
RELEASES = ("4.10", "4.14", "5.2")


def words(files: dict[str, str]) -> dict[str, str]:
    """The settings of the connection."""
    lines = [line.strip() for line in files[PATH].splitlines() if line.startswith("    ")]
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_a_tunnel_carries_everything_by_default(role_files: Any) -> None:
    found = words(role_files(daemon="libreswan", daemon_version="5.2"))
    assert (found["leftsubnet"], found["rightsubnet"], found["encapsulation"]) == ("0.0.0.0/0", "0.0.0.0/0", "auto")
    assert (found["left"], found["leftid"], found["right"]) == ("198.51.100.10", "198.51.100.10", "203.0.113.2")
    assert (found["ike"], found["esp"]) == ("aes_gcm256-sha2_384;dh20", "aes_gcm256;dh20")
    # Of all tunnels: they carry the same networks, and no program but ours makes interfaces and routes.
    assert (found["overlapip"], found["leftupdown"], found["ipsec-interface"]) == ("yes", "%disabled", "2280")


def test_a_tunnel_carries_what_its_connection_does(role_files: Any) -> None:
    options = {"local_ipv4_network_cidr": "10.20.0.0/15", "remote_ipv4_network_cidr": "10.0.0.0/8"}
    options["enable_acceleration"] = True
    found = words(role_files(daemon="libreswan", connection_options=options))
    assert (found["leftsubnet"], found["rightsubnet"]) == ("10.20.0.0/15", "10.0.0.0/8")
    assert found["encapsulation"] == "yes"


def test_the_identity_of_a_gateway_behind_nat(role_files: Any) -> None:
    found = words(role_files(daemon="libreswan", local_address="192.168.1.10"))
    assert (found["left"], found["leftid"]) == ("192.168.1.10", "198.51.100.10")


def test_the_rest_of_the_gateway_follows_the_names_of_the_interfaces(role_files: Any) -> None:
    files = role_files(daemon="libreswan")
    assert "ipsec2280" in files["/etc/aws-vpn/gateway.json"]
    assert '"ike_daemon": "libreswan"' in files["/etc/aws-vpn/gateway.json"]
    assert "ipsec2280" in files["/etc/aws-vpn/aws-vpn.nft"]
    assert [path for path, text in files.items() if "vpn2280" in text.replace("ipsec2280", "")] == []
    assert "Before=ipsec.service" in files["/etc/systemd/system/aws-vpn.service"]
    assert [path for path in files if "strongswan" in path or "swanctl" in path] == []


@pytest.mark.needs_libreswan
def test_libreswan_reads_the_connection(role_files: Any, tmp_path: Path) -> None:
    release = subprocess.run(["ipsec", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    path = tmp_path / "aws-vpn.conf"
    path.write_text(role_files(daemon="libreswan", daemon_version=release)[PATH], encoding="utf-8")
    done = subprocess.run(
        ["ipsec", "addconn", "--config", str(path), "--checkconfig"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.fixture(name="ike")
def fixture_ike() -> Iterator[ModuleType]:
    sys.path.insert(0, str(PROGRAMS))
    yield import_module("ike")
    sys.path.remove(str(PROGRAMS))


class Pluto:
    """A daemon that has connections, and notes what it is told."""

    returncode = 0

    def __init__(self, *loaded: str) -> None:
        self.stdout = "".join(
            f'000 "{name}": 0.0.0.0/0===192.0.2.1...192.0.2.2===0.0.0.0/0; unrouted\n' for name in loaded
        )
        self.told: list[str] = []

    def __call__(self, *words: str) -> Any:
        if words != ("ipsec", "status"):
            self.told.append(" ".join(words[1:]))
        return self


@pytest.fixture(name="daemon")
def fixture_daemon(ike: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Both connections have a file, and are loaded; and one of the owner is."""
    for name in (NAME, OTHER):
        (tmp_path / f"aws-vpn-{name}.conf").touch()
    pluto = Pluto(NAME, OTHER, "office", "vpn-office")
    monkeypatch.setattr(ike, "call", pluto)
    monkeypatch.setattr(ike, "must", pluto)
    found = ike.daemon({"ike_daemon": "libreswan", "ike_connections": str(tmp_path)})
    found.pluto = pluto
    return found


def test_only_what_has_changed_is_loaded_again(daemon: Any) -> None:
    daemon.load({OTHER})
    assert daemon.pluto.told == [
        "whack --rereadsecrets",
        f"whack --name {OTHER} --delete",
        f"addconn {OTHER}",
        f"whack --name {OTHER} --asynchronous --initiate",
    ]


def test_a_key_alone_leaves_the_connections(daemon: Any) -> None:
    daemon.load(set())
    assert daemon.pluto.told == ["whack --rereadsecrets"]


def test_a_connection_without_a_file_is_forgotten_and_those_of_others_are_not(daemon: Any) -> None:
    (daemon.connections / f"aws-vpn-{NAME}.conf").unlink()
    daemon.load({NAME})
    assert daemon.pluto.told == ["whack --rereadsecrets", f"whack --name {NAME} --delete"]


STATES = """\
000 #13: "{name}":500 STATE_V2_ESTABLISHED_IKE_SA (established IKE SA); REKEY in 26745s; newest; idle;
000 #14: "{name}":500 STATE_V2_ESTABLISHED_CHILD_SA (established Child SA); LIVENESS in 1s; IKE SA #13; idle;
000 #15: "{other}":500 STATE_V2_PARENT_I1 (sent IKE_SA_INIT request); RETRANSMIT in 6s; idle;
"""


@pytest.mark.parametrize("release", RELEASES)
def test_what_it_has(daemon: Any, release: str) -> None:
    text = STATES.format(name=NAME, other=OTHER)
    daemon.pluto.stdout = text if release.startswith("4") else text.replace("000 ", "").replace("STATE_V2_", "")
    assert daemon.sas() == {NAME, OTHER}
    assert daemon.connected() == {NAME}
    # The other one is negotiated, and of the third nothing is known.
    assert daemon.idle([NAME, OTHER, "third"]) == ["third"]
    # The far end has refused the second SA.
    daemon.pluto.stdout = text.splitlines()[0] + "\n"
    assert daemon.idle([NAME]) == [NAME]
