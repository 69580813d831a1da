# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ping AWS's inside address of each tunnel once a second, and act on what does not answer.

The role hybridnet.aws_vpn.gateway installs this program, and aws-vpn-monitor.service runs it. With static routing every
tunnel that answers has its routes, and the first tunnel has the best metric. A tunnel that does not carry its inside
addresses works while it has an IPsec SA. The routes stay when the program stops. If a tunnel does not answer while
another one of its connection does, the program connects it again, because AWS may still send packets into it. After
SIGHUP it reads the configuration again. Python 3.8, standard library.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# An isolated Python (-I) does not look beside the program.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import tunnels
import xfrm
from ike import daemon

INTERVAL = 1.0
# A tunnel is down after FALL lost pings in a row, and up again after RISE answered pings in a row.
FALL, RISE = 3, 3
# After this many rounds the routes are compared and repaired, even if no tunnel has changed.
RESYNC = 5
# After this many rounds tunnels are connected that the daemon itself would leave without an SA for minutes.
IDLE = 30
# A tunnel that is down is connected again after GRACE seconds, then at most once in PAUSE seconds, ever less often.
GRACE, PAUSE, LONGEST_PAUSE = 2.0, 60.0, 960.0
ECHO_REQUEST, ECHO_REPLY = 8, 0
# Of Linux: the source may be an address that the gateway does not have. Python has no name for it.
IP_TRANSPARENT = 19


class Liveness:
    """Whether a tunnel is up or down, with hysteresis. The state is unknown until the first answer, which means up."""

    def __init__(self, is_up: bool | None = None) -> None:
        self.is_up = is_up
        self._same = 0

    def note(self, answered: bool) -> bool:
        """Add the result of one ping. Returns true if the state has changed."""
        if answered == self.is_up or (self.is_up is None and not answered):
            self._same = 0
            return False
        self._same += 1
        needed = {None: 1, False: RISE, True: FALL}[self.is_up]
        if self._same < needed:
            return False
        self.is_up, self._same = answered, 0
        return True


class Renewal:
    """When a tunnel that is down may be connected again."""

    def __init__(self) -> None:
        self._next = 0.0
        self._pause = PAUSE

    def went_down(self, now: float) -> None:
        self._next = max(self._next, now + GRACE)

    def went_up(self) -> None:
        self._pause = PAUSE

    def is_due(self, now: float) -> bool:
        return now >= self._next

    def note(self, now: float) -> None:
        """It was connected again."""
        self._next = now + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)


def checksum(data: bytes) -> int:
    total = int(sum(struct.unpack(f"!{len(data) // 2}H", data)))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def echo_request(identifier: int, sequence: int) -> bytes:
    head = struct.pack("!BBHHH", ECHO_REQUEST, 0, 0, identifier, sequence)
    return struct.pack("!BBHHH", ECHO_REQUEST, 0, checksum(head), identifier, sequence)


def is_reply(packet: bytes, identifier: int, sequence: int) -> bool:
    """Whether an IPv4 packet is the answer to the ping."""
    header = (packet[0] & 0x0F) * 4
    kind, _code, _sum, its_identifier, its_sequence = struct.unpack("!BBHHH", packet[header : header + 8])
    return (kind, its_identifier, its_sequence) == (ECHO_REPLY, identifier, sequence)


class Probe:
    """Pings of one tunnel, only through its interface."""

    def __init__(self, tunnel: Mapping[str, Any], is_up: bool | None) -> None:
        self.tunnel = tunnel
        self.liveness = Liveness(is_up)
        self.socket: socket.socket | None = None
        self._identifier = (os.getpid() ^ tunnel["if_id"]) & 0xFFFF
        self._sequence = 0
        self.answered = False

    def _open(self) -> socket.socket:
        opened = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.tunnel["interface"].encode())
        opened.setsockopt(socket.IPPROTO_IP, IP_TRANSPARENT, 1)
        opened.bind((self.tunnel["keepalive"]["source"], 0))
        return opened

    def send(self) -> None:
        self._sequence = (self._sequence + 1) & 0xFFFF
        self.answered = False
        try:
            self.socket = self.socket or self._open()
            self.socket.sendto(echo_request(self._identifier, self._sequence), (self.tunnel["keepalive"]["target"], 0))
        except BlockingIOError:
            return
        except OSError:
            # Without an SA the kernel refuses the packet. A new interface with the same name needs a new socket.
            self.close()

    def receive(self) -> None:
        try:
            packet, sender = self.socket.recvfrom(2048) if self.socket else (b"", ("", 0))
        except OSError:
            return
        if sender[0] == self.tunnel["keepalive"]["target"] and is_reply(packet, self._identifier, self._sequence):
            self.answered = True

    @property
    def needs_sa(self) -> bool:
        """Whether only the IPsec SA shows that the tunnel works. The daemon removes that of a silent peer."""
        return not self.tunnel["keepalive"]["is_answered"]

    def has_sa(self, sas: set[tuple[str, str, int]]) -> bool:
        return (self.tunnel["local_address"], self.tunnel["outside_address"], self.tunnel["if_id"]) in sas

    def judge(self, sas: set[tuple[str, str, int]]) -> bool:
        return self.liveness.note(self.has_sa(sas) if self.needs_sa else self.answered)

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None


def present_routes() -> set[tuple[str, str, int, str]]:
    """Destination, interface, metric and source of our routes."""
    found = set()
    for route in tunnels.listed("-4", "route", "show", "table", "all", "proto", tunnels.PROTOCOL):
        cidr = tunnels.destination(route)
        if route.get("type", "unicast") == "unicast" and str(route.get("table", "main")) == tunnels.table_of(cidr):
            found.add((cidr, route["dev"], int(route.get("metric", 0)), route.get("prefsrc", "")))
    return found


def follow(gateway: Mapping[str, Any], probes: list[Probe]) -> None:
    """Add the static routes of the tunnels that are up, and remove all other routes of ours."""
    wanted = {
        (cidr, probe.tunnel["interface"], int(probe.tunnel["metric"]), gateway.get("lan_address") or "")
        for probe in probes
        if gateway["routing"] == "static" and probe.liveness.is_up
        for cidr in probe.tunnel["remote_cidrs"]
    }
    present = present_routes()
    kept = {route[:3] for route in wanted}
    for cidr, name, metric, _source in sorted(wanted - present):
        ip_try("route", "replace", *way(cidr, name, metric), *tunnels.source_words(gateway))
    for cidr, name, metric, _source in sorted(present - wanted):
        if (cidr, name, metric) not in kept:
            ip_try("route", "delete", *way(cidr, name, metric))


def silent(probes: list[Probe], renewals: Mapping[str, Renewal], now: float) -> Iterator[tuple[Probe, Probe]]:
    """The tunnels to connect again, each with a tunnel of the same connection that answers."""
    for probe in probes:
        twins = [each for each in probes if each.tunnel["connection"] == probe.tunnel["connection"]]
        answering = [each for each in twins if each.liveness.is_up]
        is_silent = probe.liveness.is_up is False and not probe.answered
        if is_silent and answering and renewals[probe.tunnel["name"]].is_due(now):
            yield probe, answering[0]


def way(cidr: str, name: str, metric: int) -> tuple[str, ...]:
    table = tunnels.table_of(cidr)
    return (cidr, "dev", name, "metric", str(metric), "proto", tunnels.PROTOCOL, "table", table)


def ip_try(*arguments: str) -> str:
    """Run ip. An error is only printed: an interface can disappear at any time, and the next round repairs it."""
    try:
        return tunnels.ip(*arguments)
    except SystemExit as failure:
        print(failure, flush=True)
        return ""


class Monitor:
    """All tunnels of the gateway."""

    def __init__(self) -> None:
        self._gateway: dict[str, Any] = {}
        self._probes: list[Probe] = []
        self._renewals: dict[str, Renewal] = defaultdict(Renewal)
        self._is_stale = True
        signal.signal(signal.SIGHUP, self._on_hangup)

    def _on_hangup(self, _signal: int, _frame: object) -> None:
        self._is_stale = True

    def _load(self) -> None:
        """Read the configuration. Tunnels that have routes keep them until their pings fail."""
        self._is_stale = False
        self._gateway = tunnels.config()
        known = {probe.tunnel["name"]: probe.liveness.is_up for probe in self._probes}
        routed = {route[1] for route in present_routes()}
        for probe in self._probes:
            probe.close()
        self._probes = [
            Probe(tunnel, known.get(tunnel["name"], True if tunnel["interface"] in routed else None))
            for tunnel in self._gateway["tunnels"]
        ]
        follow(self._gateway, self._probes)

    def _round(self) -> bool:
        """Send one ping through each tunnel. Returns true if the state of a tunnel has changed."""
        end = time.monotonic() + INTERVAL
        for probe in self._probes:
            probe.send()
        while (left := end - time.monotonic()) > 0:
            sockets = {probe.socket: probe for probe in self._probes if probe.socket}
            for ready in select.select(list(sockets), [], [], left)[0]:
                sockets[ready].receive()
        is_asked = any(probe.needs_sa for probe in self._probes)
        sas = xfrm.sas(ip_try(*xfrm.STATES)) if is_asked else set()
        changed = [probe for probe in self._probes if probe.judge(sas)]
        for probe in changed:
            print(f"{probe.tunnel['name']} is {'up' if probe.liveness.is_up else 'down'}", flush=True)
            renewal = self._renewals[probe.tunnel["name"]]
            if probe.liveness.is_up:
                renewal.went_up()
            else:
                renewal.went_down(time.monotonic())
        return bool(changed)

    def _connect_again(self) -> None:
        """Take down the SAs of tunnels that do not answer, so that AWS sends nothing into them. Then connect them."""
        due = list(silent(self._probes, self._renewals, time.monotonic()))
        sas = xfrm.sas(ip_try(*xfrm.STATES)) if due else set()
        for probe, twin in due:
            name = probe.tunnel["name"]
            # Without an SA the daemon is trying already.
            if probe.has_sa(sas):
                print(f"{name} does not answer and {twin.tunnel['name']} does: connecting {name} again", flush=True)
                self._renewals[name].note(time.monotonic())
                daemon(self._gateway).take_down(name)
                daemon(self._gateway).initiate([name])

    def _connect_idle(self) -> None:
        """Connect tunnels that have no SA, where the daemon itself does not do it soon."""
        ike = daemon(self._gateway)
        ike.initiate(ike.idle([tunnel["name"] for tunnel in self._gateway["tunnels"]]))

    def run(self) -> None:
        rounds = 0
        while True:
            if self._is_stale:
                self._load()
            rounds += 1
            if self._round() or rounds % RESYNC == 0:
                follow(self._gateway, self._probes)
            self._connect_again()
            if rounds % IDLE == 0:
                self._connect_idle()


if __name__ == "__main__":
    Monitor().run()
