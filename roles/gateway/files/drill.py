# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Try what a tunnel has to stand, one tunnel after the other, and only while another one of its connection is up.

`rekey` replaces the IKE SA and the IPsec SA. `failover` drops all packets to and from AWS's end of the tunnel, until
the traffic uses the other tunnel. The role hybridnet.aws_vpn.gateway installs this program, and the role
hybridnet.aws_vpn.verify runs it. Standard input is JSON: the `checks`, and `addresses`, by connection what to ping in
the VPC. The output is a JSON list of results. Python 3.8, standard library.
"""

from __future__ import annotations

import json
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

# An isolated Python (-I) does not look beside the program.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import tunnels
import xfrm
from commands import call, must
from ike import daemon

# Seconds: for a rekey, until the traffic has moved, and until a tunnel is back.
REKEY, MOVE, BACK = 30.0, 90.0, 120.0
# The traffic has moved when so many pings in a row are answered.
ENOUGH = 5
TABLE = "inet aws_vpn_drill"
# The kernel forgets the address if this program is killed.
CUT = f"""\
add table {TABLE}
add set {TABLE} cut {{ type ipv4_addr; flags timeout; timeout {MOVE + 10:.0f}s; }}
add chain {TABLE} out {{ type filter hook output priority 0; }}
add chain {TABLE} in {{ type filter hook prerouting priority -300; }}
add rule {TABLE} out ip daddr @cut drop
add rule {TABLE} in ip saddr @cut drop
add element {TABLE} cut {{ %s }}
"""


def wait(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether a condition is met within this time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def ping(*words: str, count: int = 1) -> tuple[int, int]:
    """How many pings were sent and answered."""
    said = call("ping", "-n", "-q", "-i", "0.2", "-W", "1", "-c", str(count), *words).stdout
    counted = re.search(r"(\d+) packets transmitted, (\d+) (?:packets )?received", said)
    return (int(counted[1]), int(counted[2])) if counted else (count, 0)


def through(tunnel: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of a ping of AWS's inside address through a tunnel."""
    return ("-I", tunnel["interface"], tunnel["keepalive"]["target"])


class Pings(threading.Thread):
    """Pings through a tunnel, until it is stopped. Each is waited for, so none is counted as lost at the end."""

    def __init__(self, tunnel: Mapping[str, Any]) -> None:
        super().__init__(daemon=True)
        self._words = through(tunnel)
        self._is_over = threading.Event()
        self.sent = self.received = 0

    def run(self) -> None:
        while not self._is_over.is_set():
            sent, received = ping(*self._words, count=5)
            self.sent, self.received = self.sent + sent, self.received + received

    def stop(self) -> None:
        self._is_over.set()
        self.join()


class Drill:
    """What is tried on one gateway."""

    def __init__(self, gateway: Mapping[str, Any], addresses: Mapping[str, str]) -> None:
        self._gateway = gateway
        self._addresses = addresses
        self._ike = daemon(gateway)

    def results(self, checks: list[str]) -> list[dict[str, Any]]:
        tries = {"rekey": self.rekey, "failover": self.failover}
        return [
            {"check": check, "outside_address": tunnel["outside_address"], **self._try(tries[check], tunnel)}
            for check in checks
            for tunnel in self._gateway["tunnels"]
        ]

    def _try(self, trial: Callable[[Mapping[str, Any]], dict[str, Any]], tunnel: Mapping[str, Any]) -> dict[str, Any]:
        own = [each for each in self._gateway["tunnels"] if each["connection"] == tunnel["connection"]]
        if not self._is_up(tunnel):
            return {"skipped": "the tunnel is not up"}
        if not any(self._is_up(each) for each in own if each is not tunnel):
            return {"skipped": "no other tunnel of the connection is up"}
        try:
            return trial(tunnel)
        except SystemExit as failure:
            return {"problem": str(failure)}

    def _spis(self, tunnel: Mapping[str, Any]) -> set[tuple[str, str, str]]:
        return xfrm.spis(tunnels.ip(*xfrm.STATES), tunnel["if_id"])

    def _is_up(self, tunnel: Mapping[str, Any]) -> bool:
        """Whether it has SAs both ways, AWS answers through it, and its BGP session is up."""
        if len({ends[:2] for ends in self._spis(tunnel)}) < 2:
            return False
        if tunnel["keepalive"]["is_answered"] and not any(ping(*through(tunnel))[1] for _try in range(2)):
            return False
        return self._gateway["routing"] == "static" or self._has_session(tunnel)

    def _has_session(self, tunnel: Mapping[str, Any]) -> bool:
        said = call("vtysh", "-c", "show bgp ipv4 unicast summary json").stdout
        sessions = (json.loads(said) if said.strip() else {}).get("peers", {})
        session = sessions.get(tunnel["bgp_neighbor"], {})
        return bool(session.get("state") == "Established" and session.get("pfxRcd"))

    def rekey(self, tunnel: Mapping[str, Any]) -> dict[str, Any]:
        """Replace the SAs of a tunnel, with pings through it all the time."""
        pings = Pings(tunnel) if tunnel["keepalive"]["is_answered"] else None
        if pings:
            pings.start()
        try:
            problem = self._rekey(tunnel)
        finally:
            if pings:
                # Packets that still use the old SA count too.
                time.sleep(1)
                pings.stop()
        if not problem and not self._is_up(tunnel):
            problem = "the tunnel is not up any more"
        return {"problem": problem, **({"sent": pings.sent, "received": pings.received} if pings else {})}

    def _rekey(self, tunnel: Mapping[str, Any]) -> str | None:
        """What went wrong."""
        name, ike = tunnel["name"], self._ike
        before, spis = ike.ike_sas(name), self._spis(tunnel)
        ike.rekey_ike(name)
        if not wait(REKEY, lambda: bool(ike.ike_sas(name) - before) and not ike.ike_sas(name) & before):
            return f"the IKE SA is not replaced after {REKEY:.0f} s"
        ike.rekey_child(name)
        if not wait(REKEY, lambda: len({each[:2] for each in self._spis(tunnel) - spis}) == 2):
            return f"the IPsec SA is not replaced after {REKEY:.0f} s"
        return None

    def failover(self, tunnel: Mapping[str, Any]) -> dict[str, Any]:
        """Cut a tunnel silently, as a broken path does, and measure how long traffic is interrupted."""
        address = self._addresses.get(tunnel["connection"])
        if not address:
            return {"skipped": "it needs site_vpn_vpc_probe_address"}
        source = ("-I", self._gateway["lan_address"]) if self._gateway.get("lan_address") else ()
        if not ping(*source, address)[1]:
            return {"skipped": f"{address} does not answer"}
        must("nft", CUT % tunnel["outside_address"])
        try:
            seconds = self._interrupted(*source, address)
        finally:
            must("nft", f"delete table {TABLE}")
        if seconds is None:
            return {"problem": f"the traffic does not use the other tunnel after {MOVE:.0f} s"}
        start = time.monotonic()
        if not wait(BACK, lambda: self._is_back(tunnel)):
            return {"seconds": seconds, "problem": f"the tunnel is not up again after {BACK:.0f} s"}
        return {"seconds": seconds, "back": round(time.monotonic() - start, 1), "problem": None}

    def _interrupted(self, *words: str) -> float | None:
        """Seconds until pings are answered again, 0 if none was lost."""
        start, row, since = time.monotonic(), 0, 0.0
        while row < ENOUGH and time.monotonic() < start + MOVE:
            asked = time.monotonic()
            if ping(*words)[1]:
                since = since if row else asked - start
                row += 1
                time.sleep(0.2)
            else:
                row = 0
        return round(since, 1) if row == ENOUGH else None

    def _is_back(self, tunnel: Mapping[str, Any]) -> bool:
        self._ike.initiate(self._ike.idle([tunnel["name"]]))
        return self._is_up(tunnel)


def main() -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_arguments: sys.exit("interrupted"))
    given = json.load(sys.stdin)
    print(json.dumps(Drill(tunnels.config(), given["addresses"]).results(given["checks"])))


if __name__ == "__main__":
    main()
