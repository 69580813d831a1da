# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An endpoint of the lab ends the IPsec SAs that AWS would not have made: what it says to its charon."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

WORLD = Path(__file__).resolve().parents[4] / "roles/lab/files/world"
REQUEST, RESPONSE, REGISTER, CONFIRM, EVENT = 0, 1, 3, 5, 7


@pytest.fixture(scope="module")
def world() -> Iterator[dict[str, ModuleType]]:
    """The modules by name; in the lab they find each other beside themselves."""
    sys.path.insert(0, str(WORLD))
    yield {name: import_module(name) for name in ("endpoint", "vici")}
    sys.path.remove(str(WORLD))


class Charon(threading.Thread):
    """Speaks the protocol of charon: lists one IKE SA with these IPsec SAs, and notes what it is asked."""

    def __init__(self, vici: ModuleType, path: Path, children: list[dict[str, Any]]) -> None:
        super().__init__(daemon=True)
        self._vici = vici
        listed = {f"vpn-{number}": child for number, child in enumerate(children)}
        self._sas = {"vpn": {"state": "ESTABLISHED", "child-sas": listed}}
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def run(self) -> None:
        while True:
            with self._listener.accept()[0] as connection:
                while self._answer(connection):
                    pass

    def _answer(self, connection: socket.socket) -> bool:
        head = connection.recv(4)
        if not head:
            return False
        packet = connection.recv(struct.unpack("!I", head)[0])
        name, body = packet[2 : 2 + packet[1]].decode(), packet[2 + packet[1] :]
        answers = [bytes([CONFIRM])]
        if packet[0] == REQUEST:
            self.asked.append((name, self._vici.decode(body)))
            event = bytes([EVENT, 7]) + b"list-sa" + self._vici.encode(self._sas)
            answers = [*([event] if name == "list-sas" else []), bytes([RESPONSE]) + self._vici.encode({})]
        for answer in answers:
            connection.sendall(struct.pack("!I", len(answer)) + answer)
        return True


def child(number: str, remote: str) -> dict[str, Any]:
    return {"state": "INSTALLED", "uniqueid": number, "local-ts": ["0.0.0.0/0"], "remote-ts": [remote]}


def endpoint_in(world: dict[str, ModuleType], place: Path) -> Any:
    """An endpoint whose connection carries everything, with BGP."""
    endpoint = world["endpoint"].Endpoint(0)
    endpoint.place = place
    needs = {"local": "0.0.0.0/0", "remote": "0.0.0.0/0", "in_udp": False}
    log = {"customer": "198.51.100.10", "neighbor": "169.254.20.2", "asn": 65010, "is_watched": True}
    state = {"routing_kind": "bgp", "needs": needs, "log": log}
    (place / "state.json").write_text(json.dumps(state), encoding="utf-8")
    return endpoint


def test_it_ends_the_sa_of_a_gateway_that_proposed_a_part(world: dict[str, ModuleType], tmp_path: Path) -> None:
    charon = Charon(world["vici"], tmp_path / "vici", [child("7", "10.20.0.0/16"), child("8", "0.0.0.0/0")])
    charon.start()
    endpoint = endpoint_in(world, tmp_path)
    endpoint.sync()
    assert [message for name, message in charon.asked if name == "terminate"] == [{"child-id": "7", "timeout": "-1"}]
    assert endpoint.status()["esp"] == "INSTALLED"


def test_its_tunnel_is_down_with_no_other_sa(world: dict[str, ModuleType], tmp_path: Path) -> None:
    Charon(world["vici"], tmp_path / "vici", [child("7", "10.20.0.0/16")]).start()
    assert endpoint_in(world, tmp_path).status()["esp"] == "DOWN"


def test_a_charon_that_does_not_answer_stops_nobody(
    world: dict[str, ModuleType], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint_in(world, tmp_path).sync()
    assert capsys.readouterr().err.startswith("203.0.113.2: ")
