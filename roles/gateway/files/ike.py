# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask the IKE daemon of the gateway what it runs, and tell it what has changed: one class for each daemon.

The role hybridnet.aws_vpn.gateway installs this file, and its other programs use it. Python 3.8, standard library.
"""

from __future__ import annotations

import re
import socket
import struct
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from commands import call, must

INITIATE_SECONDS, ANSWER_SECONDS = "2", "5"
# What ipsec prints; older releases begin each line with a number.
CONNECTION = re.compile(r'(?m)^(?:\d{3} )?"([^"]+)": .*===')
STATE = re.compile(r'(?m)^(?:\d{3} )?#\d+: "([^"]+)":\d+ (?:STATE_V2_)?([A-Z0-9_]+) ')
IKE_STATE = re.compile(r'(?m)^(?:\d{3} )?#(\d+): "([^"]+)":\d+ (?:STATE_V2_)?ESTABLISHED_IKE_SA ')
# The same of swanctl: a name, and the SPIs of both ends.
IKE_SA = re.compile(r"(?m)^(\S+): #\d+, ESTABLISHED, IKEv2, ([0-9a-f]{16}_i\*? [0-9a-f]{16}_r\*?)\s")
# The names of connections that the role writes.
OURS = re.compile(r"vpn-[0-9a-f]+-[12]\Z")


class Daemon:
    """What is the same for all."""

    def __init__(self, gateway: Mapping[str, Any]) -> None:
        # Where the files of the connections are.
        self.connections = Path(gateway["ike_connections"])

    def has_file(self, name: str) -> bool:
        return (self.connections / f"aws-vpn-{name}.conf").exists()


class Strongswan(Daemon):
    """charon, by swanctl. It compares what it loads: a connection that has not changed stays as it is."""

    # Every connection has policies as soon as it is loaded, so that the next packet connects it.
    has_traps = True

    def __init__(self, gateway: Mapping[str, Any]) -> None:
        super().__init__(gateway)
        self.vici = gateway["ike_socket"]

    def loaded(self) -> set[str] | None:
        """Names of the connections that are loaded, None if the daemon does not answer."""
        listed = call("swanctl", "--list-conns")
        lines = listed.stdout.splitlines()
        return None if listed.returncode else {line.split(":", 1)[0] for line in lines if line and line[0] != " "}

    def sas(self) -> set[str]:
        """Names of the connections with an IKE SA, established or in negotiation."""
        lines = call("swanctl", "--list-sas").stdout.splitlines()
        return {line.split(":", 1)[0] for line in lines if ": #" in line and not line.startswith(" ")}

    def connected(self) -> set[str]:
        """Names of the connections with an IPsec SA in use."""
        lines = call("swanctl", "--list-sas").stdout.splitlines()
        return {line.strip().split(":", 1)[0] for line in lines if line.startswith("  ") and ", INSTALLED, " in line}

    def idle(self, _names: Iterable[str]) -> list[str]:
        """None: its policies connect a tunnel with the next packet."""
        return []

    def keyless(self, tunnels: Iterable[Mapping[str, Any]]) -> list[str]:
        """Names of the tunnels whose key is not loaded. They work until they connect again."""
        keys = self._keys()
        return [tunnel["name"] for tunnel in tunnels if f"ike-{tunnel['interface']}" not in keys]

    def _keys(self) -> set[str]:
        """Names of the keys that are loaded. swanctl does not list them, so this asks as swanctl does."""
        name = b"get-shared"
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(float(ANSWER_SECONDS))
            stream.connect(self.vici)
            stream.sendall(struct.pack("!IBB", 2 + len(name), 0, len(name)) + name)
            with stream.makefile("rb") as answer:
                packet = answer.read(struct.unpack("!I", answer.read(4))[0])
        found, rest = set(), packet.partition(b"\x04\x04keys")[2]
        # Each item of a list: 5, its length, its text.
        while rest[:1] == b"\x05":
            end = 3 + int(struct.unpack("!H", rest[1:3])[0])
            found.add(rest[3:end].decode())
            rest = rest[end:]
        return found

    def load_settings(self) -> None:
        must("swanctl", "--reload-settings")

    def load(self, _names: Iterable[str]) -> None:
        """Load keys and connections."""
        must("swanctl", "--load-creds", "--noprompt")
        must("swanctl", "--load-conns")

    def initiate(self, names: Iterable[str]) -> None:
        """Connect these all at once, and wait a moment for them."""
        attempts = [
            subprocess.Popen(
                ["swanctl", "--initiate", "--child", name, "--timeout", INITIATE_SECONDS],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for name in names
        ]
        for attempt in attempts:
            attempt.wait()

    def take_down(self, name: str) -> None:
        """Delete the SAs of a connection at both ends. The next packet connects it again."""
        call("swanctl", "--terminate", "--ike", name, "--force", "--timeout", INITIATE_SECONDS)

    def ike_sas(self, name: str) -> set[str]:
        """What tells the established IKE SAs of a connection from those after a rekey."""
        return {spis for each, spis in IKE_SA.findall(call("swanctl", "--list-sas").stdout) if each == name}

    def rekey_ike(self, name: str) -> None:
        """Begin to replace the IKE SA of a connection."""
        must("swanctl", "--rekey", "--ike", name)

    def rekey_child(self, name: str) -> None:
        """Begin to replace its IPsec SA, with a new key exchange."""
        must("swanctl", "--rekey", "--child", name)


class Libreswan(Daemon):
    """pluto, by ipsec. A connection that is loaded again loses its SAs, so only what has changed is loaded."""

    # Only a connection with SAs has policies.
    has_traps = False

    def loaded(self) -> set[str] | None:
        """Names of the connections that are loaded, None if the daemon does not answer."""
        listed = call("ipsec", "status")
        return None if listed.returncode else set(CONNECTION.findall(listed.stdout))

    def sas(self) -> set[str]:
        """Names of the connections with an IKE SA, established or in negotiation."""
        return {name for name, _state in STATE.findall(call("ipsec", "showstates").stdout)}

    def connected(self) -> set[str]:
        """Names of the connections with an IPsec SA in use."""
        states = STATE.findall(call("ipsec", "showstates").stdout)
        return {name for name, state in states if state == "ESTABLISHED_CHILD_SA"}

    def idle(self, names: Iterable[str]) -> list[str]:
        """Those without an IPsec SA that the daemon does not connect now. It waits for minutes, or gives up."""
        states: dict[str, set[str]] = {name: set() for name in names}
        for name, state in STATE.findall(call("ipsec", "showstates").stdout):
            states.setdefault(name, set()).add(state)
        return [name for name in names if states[name] <= {"ESTABLISHED_IKE_SA"}]

    def keyless(self, _tunnels: Iterable[Mapping[str, Any]]) -> list[str]:
        """None: the daemon loses keys only together with their files."""
        return []

    def load_settings(self) -> None:
        """There are none: each connection has its own."""

    def load(self, names: Iterable[str]) -> None:
        """Load keys, and the connections that have changed. Forget connections of ours whose file is gone."""
        must("ipsec", "whack", "--rereadsecrets")
        gone = {name for name in self.loaded() or () if OURS.match(name) and not self.has_file(name)}
        for name in sorted({*names, *gone}):
            call("ipsec", "whack", "--name", name, "--delete")
        changed = sorted(name for name in names if self.has_file(name))
        for name in changed:
            must("ipsec", "addconn", name)
        self.initiate(changed)

    def initiate(self, names: Iterable[str]) -> None:
        """Connect these. The daemon goes on until they are connected."""
        for name in names:
            call("ipsec", "whack", "--name", name, "--asynchronous", "--initiate")

    def take_down(self, name: str) -> None:
        """Delete the SAs of a connection at both ends."""
        call("ipsec", "whack", "--name", name, "--terminate")

    def ike_sas(self, name: str) -> set[str]:
        """What tells the established IKE SAs of a connection from those after a rekey."""
        return {number for number, each in IKE_STATE.findall(call("ipsec", "showstates").stdout) if each == name}

    def rekey_ike(self, name: str) -> None:
        """Begin to replace the IKE SA of a connection."""
        must("ipsec", "whack", "--asynchronous", "--name", name, "--rekey-ike")

    def rekey_child(self, name: str) -> None:
        """Begin to replace its IPsec SA, with a new key exchange. Before release 5 the option has another name."""
        is_older = re.search(r"Libreswan v?[34]\.", must("ipsec", "--version"))
        must("ipsec", "whack", "--asynchronous", "--name", name, "--rekey-ipsec" if is_older else "--rekey-child")


def daemon(gateway: Mapping[str, Any]) -> Strongswan | Libreswan:
    """The daemon of a gateway, as its configuration says."""
    return Libreswan(gateway) if gateway["ike_daemon"] == "libreswan" else Strongswan(gateway)
