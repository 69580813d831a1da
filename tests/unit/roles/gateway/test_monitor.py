# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The monitor of tunnels that do not carry their inside addresses: real packets and routes, written SAs."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import World

pytestmark = pytest.mark.system

NARROW = {"local_ipv4_network_cidr": "10.20.0.0/16", "remote_ipv4_network_cidr": "10.0.0.0/8"}
# As iproute2 6.1 lists them, here for the gateway's two directions of a tunnel, and one that is negotiated.
SAS = """\
src 198.51.100.10 dst 203.0.113.6
\tproto esp spi 0xc1a2b3c4 reqid 2 mode tunnel
\treplay-window 0 flag af-unspec
\taead rfc4106(gcm(aes)) [Keys hidden] 128
\tanti-replay context: seq 0x0, oseq 0x5, bitmap 0x00000000
\tif_id 0x8e9
src 203.0.113.6 dst 198.51.100.10
\tproto esp spi 0xc9d8e7f6 reqid 2 mode tunnel
\treplay-window 32 flag af-unspec
\taead rfc4106(gcm(aes)) [Keys hidden] 128
\tif_id 0x8e9
src 198.51.100.10 dst 203.0.113.2
\tproto esp spi 0x00000000 reqid 1 mode tunnel
\treplay-window 0
\tsel src 10.20.0.0/32 dst 10.0.0.0/32
\tif_id 0x8e8
"""
# The kernel of the tests may have no ESP.
IP = '#!/bin/sh\n[ "$1" = xfrm ] && exec cat /run/sas\nexec /usr/sbin/ip "$@"\n'


@pytest.fixture
def monitor(world: World, role_files: Any) -> Iterator[Callable[[], None]]:
    """Starts the monitor on a gateway whose tunnels do not carry their inside addresses."""
    world.place({**role_files(connection_options=NARROW), "/usr/local/bin/ip": IP, "/run/sas": ""})
    world.must("gw", "chmod", "755", "/usr/local/bin/ip")
    world.unit("aws-vpn-guard")
    world.plug()
    world.must("aws1", "ip", "address", "add", "10.0.0.0/32", "dev", "eth0")
    world.must("aws2", "ip", "address", "add", "10.0.0.0/32", "dev", "eth0")
    started: list[subprocess.Popen[str]] = []

    def start() -> None:
        command = ["env", "PATH=/usr/local/bin:/usr/bin:/bin", "python3", "-I", "/usr/local/lib/aws-vpn/monitor.py"]
        started.append(subprocess.Popen([*world.inside("gw"), *command], stdout=subprocess.PIPE, text=True))

    yield start
    for process in started:
        process.kill()
        process.wait()


def routes(world: World) -> list[str]:
    """The interfaces of the monitor's routes."""
    listed = json.loads(world.must("gw", "ip", "-json", "route", "show", "proto", "141") or "[]")
    return [route["dev"] for route in listed if route.get("type", "unicast") == "unicast"]


def becomes(world: World, wanted: list[str]) -> bool:
    end = time.monotonic() + 10
    while routes(world) != wanted:
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_the_routes_follow_the_sa(world: World, monitor: Callable[[], None]) -> None:
    monitor()
    # The first packet makes the daemon negotiate. It leaves within the networks that the tunnel carries.
    for name in ("aws1", "aws2"):
        assert world.arrives(name, "10.20.0.0", "10.0.0.0", beyond=2)
    assert not [ends for ends in world.seen("aws1") if ends[0].startswith("169.254.")]
    # The namespaces answer these pings, and still there is no tunnel.
    assert routes(world) == []
    world.place({"/run/sas": SAS})
    assert becomes(world, ["vpn2281"])
    world.place({"/run/sas": ""})
    assert becomes(world, [])
