# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tunnel needs in the kernel, beside what the daemon says: as charon 6.0 and iproute2 6.15 list it."""

from __future__ import annotations

import re
import socket
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PROGRAMS = Path(__file__).resolve().parents[4] / "roles/gateway/files"
NAME = "vpn-0123456789abcdef0-1"
GATEWAY: dict[str, Any] = {
    "ike_daemon": "strongswan",
    "ike_socket": "/run/charon.vici",
    "ike_connections": "/etc/swanctl/conf.d",
    "tunnels": [
        {
            "name": NAME,
            "interface": "vpn2280",
            "if_id": 2280,
            "local_address": "198.51.100.10",
            "outside_address": "203.0.113.2",
        },
    ],
}
SAS = f"""\
{NAME}: #1, ESTABLISHED, IKEv2, 79c87c8ec2c8bff6_i* f8a992141cc55dea_r
  local  '198.51.100.10' @ 198.51.100.10[500]
  remote '203.0.113.2' @ 203.0.113.2[500]
  {NAME}: #3, reqid 1, INSTALLED, TUNNEL, ESP:AES_GCM_16-256
    installed 31s ago, rekeying in 2924s, expires in 3573s
    in  c1c89c83,    922 bytes,    14 packets,     2s ago
"""
STATES = """\
src 198.51.100.10 dst 203.0.113.2
\tproto esp spi 0xc1aab95d reqid 1 mode tunnel
\treplay-window 0 flag nopmtudisc af-unspec
\taead rfc4106(gcm(aes)) <<Keys hidden>> 128
\tif_id 0x8e8
src 203.0.113.2 dst 198.51.100.10
\tproto esp spi 0xc1c89c83 reqid 1 mode tunnel
\treplay-window 0 flag af-unspec
\taead rfc4106(gcm(aes)) <<Keys hidden>> 128
\tif_id 0x8e8
"""
POLICIES = (
    "".join(
        f"src 0.0.0.0/0 dst 0.0.0.0/0 \n\tdir {way} priority 399999 ptype main \n"
        f"\ttmpl src 198.51.100.10 dst 203.0.113.2\n\t\tproto esp reqid 1 mode tunnel\n\tif_id 0x8e8\n"
        for way in ("out", "fwd", "in")
    )
    + "src ::/0 dst ::/0 \n\tsocket in priority 0 ptype main \n"
)


@pytest.fixture(scope="module")
def drift() -> Iterator[ModuleType]:
    sys.path.insert(0, str(PROGRAMS))
    yield import_module("drift")
    sys.path.remove(str(PROGRAMS))


def found(drift: ModuleType, monkeypatch: pytest.MonkeyPatch, **says: Any) -> list[dict[str, str]]:
    """With a daemon and a kernel that list this."""
    listed = {"conns": f"{NAME}: IKEv2\n", "sas": SAS, "states": STATES, "policies": POLICIES, **says}

    class Answer:
        returncode = 0

        def __init__(self, stdout: str) -> None:
            self.stdout = stdout

    ike = sys.modules["ike"]
    monkeypatch.setattr(ike.Strongswan, "_keys", lambda _self: {"ike-vpn2280"})
    monkeypatch.setattr(ike, "call", lambda *words: Answer(listed[words[1].replace("--list-", "")]))
    monkeypatch.setattr(drift.tunnels, "ip", lambda *words: listed["states" if words[1] == "state" else "policies"])
    return list(drift.ike(GATEWAY))


def test_a_tunnel_that_works(drift: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(drift, monkeypatch) == []


def test_an_sa_that_is_not_in_the_kernel(drift: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = found(drift, monkeypatch, states=STATES[: STATES.index("src 203")])
    assert (entry["activates"], entry["tunnel"]) == ("tunnel", NAME)
    assert entry["line"] == f"ike: the kernel does not have what {NAME} needs: SA to 198.51.100.10"


def test_an_sa_that_is_still_negotiated_is_none(drift: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = found(drift, monkeypatch, states=re.sub("0xc1aab95d", "0x00000000", STATES))
    assert entry["line"].endswith("needs: SA to 203.0.113.2")


def test_policies_that_are_gone(drift: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = found(drift, monkeypatch, policies="")
    assert entry["line"].endswith("needs: policy in, policy out, policy fwd")
    # Without policies no packet connects the tunnel.
    (entry,) = found(drift, monkeypatch, policies="", sas="", states="")
    assert entry["tunnel"] == NAME


def test_a_tunnel_that_is_not_connected_needs_no_sa(drift: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(drift, monkeypatch, sas="", states="") == []
    assert found(drift, monkeypatch, sas=SAS.replace("INSTALLED", "INSTALLING"), states="") == []


def test_keys_that_charon_has_loaded(drift: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its answers, as it sent them to get-shared."""
    both = b"\x01\x04\x04keys\x05\x00\x0bike-vpn2281\x05\x00\x0bike-vpn2280\x06"
    path, asked = tmp_path / "vici", []
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def answer() -> None:
            for content in (both, b"\x01\x04\x04keys\x06"):
                with listening.accept()[0] as peer:
                    asked.append(peer.recv(64))
                    peer.sendall(len(content).to_bytes(4, "big") + content)

        thread = threading.Thread(target=answer)
        thread.start()
        daemon = drift.daemon(GATEWAY)
        monkeypatch.setattr(daemon, "vici", str(path))
        assert daemon.keyless(GATEWAY["tunnels"]) == []
        assert daemon.keyless(GATEWAY["tunnels"]) == [NAME]
        thread.join()
    assert asked == [b"\x00\x00\x00\x0c\x00\x0aget-shared"] * 2
