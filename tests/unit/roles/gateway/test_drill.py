# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What drill.py tries with a tunnel, and that it leaves alone what has no other tunnel beside it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import World

PROGRAMS = Path(__file__).resolve().parents[4] / "roles/gateway/files"
NAME, OTHER = "vpn-0123456789abcdef0-1", "vpn-0123456789abcdef0-2"
OUTSIDE, TWIN = "203.0.113.2", "203.0.113.6"
SWANCTL = f"""\
{OTHER}: #2, ESTABLISHED, IKEv2, 11112222333344ff_i* 55556666777788aa_r
{NAME}: #1, ESTABLISHED, IKEv2, 79c87c8ec2c8bff6_i* f8a992141cc55dea_r
  local  '198.51.100.10' @ 198.51.100.10[500]
  {NAME}: #3, reqid 1, INSTALLED, TUNNEL, ESP:AES_GCM_16-256
"""
SHOWSTATES = f"""\
000 #1: "{NAME}":500 STATE_V2_ESTABLISHED_IKE_SA (established IKE SA); REKEY in 27193s; newest; idle;
000 #2: "{NAME}":500 STATE_V2_ESTABLISHED_CHILD_SA (established Child SA); REKEY in 2493s; newest; eroute owner;
000 #4: "{OTHER}":500 STATE_V2_PARENT_I1 (sent IKE_SA_INIT request); RETRANSMIT in 3s;
"""
STATES = """\
src 198.51.100.10 dst 203.0.113.2
\tproto esp spi 0xc1aab95d reqid 1 mode tunnel
\tif_id 0x8e8
src 203.0.113.2 dst 198.51.100.10
\tproto esp spi 0xc1c89c83 reqid 1 mode tunnel
\tif_id 0x8e8
src 203.0.113.6 dst 198.51.100.10
\tproto esp spi 0xc1c89c84 reqid 2 mode tunnel
\tif_id 0x8e9
"""


@pytest.fixture(scope="module")
def drill() -> Iterator[ModuleType]:
    sys.path.insert(0, str(PROGRAMS))
    yield import_module("drill")
    sys.path.remove(str(PROGRAMS))


def says(monkeypatch: pytest.MonkeyPatch, output: str) -> list[tuple[str, ...]]:
    """The commands of ike.py, which all print this."""
    asked: list[tuple[str, ...]] = []

    class Answer:
        returncode, stdout, stderr = 0, output, ""

    def call(*words: str, **_given: str | None) -> Answer:
        asked.append(words)
        return Answer()

    for name in ("ike", "commands"):
        monkeypatch.setattr(sys.modules[name], "call", call)
    return asked


def test_what_tells_ike_sas_apart(drill: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, SWANCTL)
    gateway = {"ike_daemon": "strongswan", "ike_socket": "/run/charon.vici", "ike_connections": "/etc/swanctl/conf.d"}
    assert drill.daemon(gateway).ike_sas(NAME) == {"79c87c8ec2c8bff6_i* f8a992141cc55dea_r"}
    libreswan = drill.daemon({"ike_daemon": "libreswan", "ike_connections": "/etc/ipsec.d"})
    for output in (SHOWSTATES, re.sub("000 |STATE_V2_", "", SHOWSTATES)):
        says(monkeypatch, output)
        assert (libreswan.ike_sas(NAME), libreswan.ike_sas(OTHER)) == ({"1"}, set())


@pytest.mark.parametrize(
    ("version", "option"),
    [
        ("Linux Libreswan 4.10 (XFRM) on 6.1.0-56-amd64", "--rekey-ipsec"),
        ("Libreswan v4.15", "--rekey-ipsec"),
        ("Libreswan 5.2", "--rekey-child"),
    ],
)
def test_the_option_of_each_release(
    drill: ModuleType, monkeypatch: pytest.MonkeyPatch, version: str, option: str
) -> None:
    asked = says(monkeypatch, version)
    drill.daemon({"ike_daemon": "libreswan", "ike_connections": "/etc/ipsec.d"}).rekey_child(NAME)
    assert asked[-1] == ("ipsec", "whack", "--asynchronous", "--name", NAME, option)


def test_the_spis_of_one_tunnel(drill: ModuleType) -> None:
    assert {spi for _source, _target, spi in drill.xfrm.spis(STATES, 0x8E8)} == {"0xc1aab95d", "0xc1c89c83"}


class Daemon:
    """A daemon that replaces what it is told to, or does not."""

    def __init__(self, replaces: str) -> None:
        self.replaces = replaces
        self.ike, self.esp = 1, 1
        self.told: list[str] = []

    def ike_sas(self, _name: str) -> set[str]:
        return {str(self.ike)}

    def rekey_ike(self, name: str) -> None:
        self.told.append(name)
        self.ike += "ike" in self.replaces

    def rekey_child(self, _name: str) -> None:
        self.esp += "esp" in self.replaces


def tried(
    drill: ModuleType, monkeypatch: pytest.MonkeyPatch, replaces: str = "ike esp", silent: tuple[str, ...] = ()
) -> tuple[list[dict[str, Any]], list[str]]:
    """Results of a rekey on a gateway with two tunnels, of which the silent ones answer no ping, and what was told."""
    ike = Daemon(replaces)
    gateway = {"routing": "static", "tunnels": []}
    for name, address, if_id in ((NAME, OUTSIDE, 1), (OTHER, TWIN, 2)):
        keepalive = {"target": address, "is_answered": True}
        tunnel = {"name": name, "interface": name, "outside_address": address, "if_id": if_id, "keepalive": keepalive}
        gateway["tunnels"].append({**tunnel, "connection": "vpn-0123456789abcdef0"})
    monkeypatch.setattr(drill, "daemon", lambda _gateway: ike)
    monkeypatch.setattr(drill, "REKEY", 0.1)
    monkeypatch.setattr(drill, "ping", lambda *words, count=1: (count, 0 if words[-1] in silent else count))
    monkeypatch.setattr(drill.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(drill.tunnels, "ip", lambda *_words: "")
    ends = (("a", "b"), ("b", "a"))
    monkeypatch.setattr(drill.xfrm, "spis", lambda _text, _if_id: {(*way, str(ike.esp)) for way in ends})
    return drill.Drill(gateway, {}).results(["rekey"]), ike.told


def test_a_rekey_of_each_tunnel(drill: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    results, told = tried(drill, monkeypatch)
    assert [(each["check"], each["outside_address"], each["problem"]) for each in results] == [
        ("rekey", OUTSIDE, None),
        ("rekey", TWIN, None),
    ]
    assert all(each["sent"] == each["received"] > 0 for each in results)
    assert told == [NAME, OTHER]


@pytest.mark.parametrize(("replaces", "words"), [("esp", "the IKE SA is not"), ("ike", "the IPsec SA is not")])
def test_an_sa_that_is_not_replaced(
    drill: ModuleType, monkeypatch: pytest.MonkeyPatch, replaces: str, words: str
) -> None:
    results, _told = tried(drill, monkeypatch, replaces)
    assert results[0]["problem"].startswith(words)


def test_a_tunnel_alone_is_not_tried(drill: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    results, told = tried(drill, monkeypatch, silent=(TWIN,))
    assert [each["skipped"] for each in results] == ["no other tunnel of the connection is up", "the tunnel is not up"]
    assert told == []


@pytest.mark.system
def test_a_cut_endpoint_is_cut_both_ways_and_the_kernel_forgets_it(drill: ModuleType, world: World) -> None:
    world.plug()
    outs = [("198.51.100.10", address, 50, 0) for address in (OUTSIDE, TWIN)]
    ins = [(address, "198.51.100.10", 50, 0) for address in (OUTSIDE, TWIN)]
    world.must("gw", "nft", drill.CUT % OUTSIDE)
    world.send("gw", *outs)
    world.send("internet", *ins)
    assert world.arrives("internet", "198.51.100.10", TWIN)
    assert world.arrives("gw", TWIN, "198.51.100.10", where="host")
    assert ("198.51.100.10", OUTSIDE) not in world.seen("internet")
    assert (OUTSIDE, "198.51.100.10") not in world.seen("gw", "host")
    listed = json.loads(world.must("gw", "nft", "-j", "list", "set", *drill.TABLE.split(), "cut"))["nftables"]
    (element,) = next(each["set"]["elem"] for each in listed if "set" in each)
    assert element["elem"]["expires"] <= drill.MOVE + 10
