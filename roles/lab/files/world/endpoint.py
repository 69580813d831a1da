# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One tunnel endpoint of the emulated region: charon, and BIRD for BGP, in a network namespace of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import bird
import proposals
import sas
import tunnel_log
from vici import Vici, ViciError

Tunnel = dict[str, Any]

RUN = Path("/run/lab")
COUNT = 12
# What a status says of each log: so many records, from so many bytes at the end of the file.
LOG_RECORDS, LOG_BYTES = 100, 200_000
# Changing these leaves the tunnel alone; a change of anything else interrupts it.
ROUTING_KEYS = ("accept", "advertise", "static_routes", "med", "route_limit")
PLUGINS = "random nonce openssl kdf pem x509 pubkey constraints kernel-netlink socket-default vici updown"


def ip(namespace: str, *commands: str) -> None:
    """Run ip commands in a namespace, all in one process."""
    text = "\n".join(commands) + "\n"
    done = subprocess.run(
        ["ip", "-netns", namespace, "-batch", "-"], input=text, text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"ip in {namespace}: {done.stderr.strip()}")


def _lines(*command: str) -> list[str]:
    return subprocess.run(command, check=True, text=True, capture_output=True).stdout.splitlines()


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


class Endpoint:
    """Endpoint number k of the pool: what runs, and how to make it what a tunnel description says."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.namespace = f"ep{number}"
        self.address = f"203.0.113.{4 * number + 2}"
        self.core_address = f"100.64.0.{11 + number}"
        self.place = RUN / self.namespace

    # -- what is there

    def state(self) -> dict[str, Any]:
        """What the last apply left here; empty when the endpoint is not in use."""
        try:
            return dict(json.loads((self.place / "state.json").read_text()))
        except FileNotFoundError:
            return {}

    def _alive(self, daemon: str) -> bool:
        try:
            pid = int((self.place / f"{daemon}.pid").read_text())
            return daemon.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return False

    # -- change

    def apply(self, tunnel: Tunnel) -> bool:
        """Make it so; whether anything had to be done."""
        routing = {key: tunnel.get(key) for key in ROUTING_KEYS}
        wanted = {
            "tunnel": _digest({k: v for k, v in tunnel.items() if k not in ROUTING_KEYS}),
            "routing": _digest(routing),
        }
        now = self.state()
        bgp = tunnel["routing"] == "bgp"
        same_tunnel = now.get("tunnel") == wanted["tunnel"] and self._alive("charon") and self._alive("bird") == bgp
        if same_tunnel and now.get("routing") == wanted["routing"]:
            return False
        self.place.mkdir(mode=0o700, exist_ok=True)
        if not same_tunnel:
            (self.place / "state.json").unlink(missing_ok=True)
            self._stop("charon")
            self._make_interface(tunnel)
        self._route(tunnel)
        if not same_tunnel:
            self._start_charon(tunnel)
        kept = {
            "routing_kind": tunnel["routing"],
            "static": offered(tunnel),
            "med": tunnel["med"],
            "region": tunnel["region"],
            "needs": asdict(sas.Needs.of(tunnel)),
            "log": {
                "customer": _peer(tunnel),
                "neighbor": tunnel["peer_inside_address"],
                "asn": tunnel["customer_asn"],
                "is_watched": proposals.option(tunnel["options"], "DPDTimeoutAction", "clear") != "none",
            },
            **wanted,
        }
        self._write("state.json", json.dumps(kept))
        self.sync()
        return True

    def remove(self) -> bool:
        """Take everything off; whether there was anything."""
        if not self.place.exists():
            return False
        self._stop("charon")
        self._stop("bird")
        self._withdraw([])
        if self._has_interface():
            ip(self.namespace, "link delete vpn")
        shutil.rmtree(self.place)
        return True

    def _write(self, name: str, text: str) -> Path:
        path = self.place / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        return path

    def _stop(self, daemon: str) -> None:
        if self._alive(daemon):
            pid = int((self.place / f"{daemon}.pid").read_text())
            os.kill(pid, signal.SIGTERM)
            for _attempt in range(60):
                if not self._alive(daemon):
                    break
                time.sleep(0.05)
            else:
                os.kill(pid, signal.SIGKILL)
        (self.place / f"{daemon}.pid").unlink(missing_ok=True)

    def _has_interface(self) -> bool:
        return bool(_lines("ip", "-netns", self.namespace, "-oneline", "link", "show", "type", "xfrm"))

    def _make_interface(self, tunnel: Tunnel) -> None:
        commands = [] if self._has_interface() else ["link add vpn type xfrm dev eth0 if_id 1"]
        commands += [
            "address flush dev vpn",
            f"address add {tunnel['inside_address']} dev vpn",
            f"link set vpn mtu {1438 if tunnel['is_accelerated'] else 1446} up",
        ]
        ip(self.namespace, *commands)

    # -- charon

    def _start_charon(self, tunnel: Tunnel) -> None:
        self._write(
            "strongswan.conf",
            "charon-systemd {\n"
            f"  load = {PLUGINS}\n"
            "  install_routes = no\n"
            "  install_virtual_ip = no\n"
            "  retransmit_tries = 3\n"
            "  retransmit_base = 1.0\n"
            f"  retransmit_timeout = {proposals.retransmit_timeout(tunnel['options'])}\n"
            f"  plugins {{\n    vici {{\n      socket = unix://{self.place}/vici\n    }}\n  }}\n"
            f"  filelog {{\n    log {{\n      path = {self.place}/charon.log\n"
            f"      time_format = {tunnel_log.CHARON_TIME}\n      append = no\n      flush_line = yes\n"
            "      default = 1\n    }\n  }\n}\n",
        )
        environment = {**os.environ, "STRONGSWAN_CONF": str(self.place / "strongswan.conf")}
        self._spawn("charon", ["/usr/sbin/charon-systemd"], environment)
        self._wait_for(self.place / "vici", "charon")
        with Vici(str(self.place / "vici")) as charon:
            charon.request("load-shared", self._secret(tunnel))
            charon.request("load-conn", self._connection(tunnel))

    def _secret(self, tunnel: Tunnel) -> dict[str, Any]:
        return {"type": "IKE", "data": tunnel["psk"], "owners": [self.address, _peer(tunnel)]}

    def _connection(self, tunnel: Tunnel) -> dict[str, Any]:
        options = tunnel["options"]
        timing = proposals.timing(options, tunnel["is_accelerated"])
        starts = proposals.option(options, "StartupAction", "add") == "start"
        restarts = proposals.option(options, "DPDTimeoutAction", "clear") == "restart"
        child = {
            "local_ts": [tunnel["remote_cidr"]],
            "remote_ts": [tunnel["local_cidr"]],
            "esp_proposals": proposals.esp(options),
            "if_id_in": "1",
            "if_id_out": "1",
            "updown": f"/lab/updown {self.number}",
            "start_action": "start" if starts else "none",
            "dpd_action": "restart" if restarts else "clear",
            **timing["child"],
        }
        connection = {
            "version": proposals.ike_version(options),
            "local_addrs": [self.address],
            "remote_addrs": [_peer(tunnel)],
            "proposals": proposals.ike(options),
            "mobike": "no",
            "unique": "replace",
            "keyingtries": "0" if starts else "1",
            **timing["ike"],
            "local": {"auth": "psk", "id": self.address},
            "remote": {"auth": "psk", "id": _peer(tunnel)},
            "children": {"vpn": child},
        }
        return {"vpn": connection}

    # -- routing

    def _route(self, tunnel: Tunnel) -> None:
        (self.place / "static").write_text("\n".join(offered(tunnel)))
        if tunnel["routing"] == "bgp":
            self._withdraw([])
            self._run_bird(tunnel)
            return
        self._stop("bird")
        ip(
            self.namespace,
            *(f"route replace {prefix} dev vpn" for prefix in tunnel["static_routes"]),
            *(f"route replace {prefix} via {bird.router(tunnel)}" for prefix in tunnel["advertise"]),
        )

    def _run_bird(self, tunnel: Tunnel) -> None:
        path = self._write("bird.conf", bird.conf(tunnel, self.address, self.core_address, self.place / "bird.log"))
        control = self.place / "bird.socket"
        if self._alive("bird"):
            bird.command(control, f'configure "{path}"')
            if not self._alive("charon"):  # the tunnel is being replaced, and its session with it
                bird.command(control, "restart customer")
            return
        self._spawn("bird", ["/usr/sbin/bird", "-f", "-c", str(path), "-s", str(control)])
        self._wait_for(control, "bird")

    def _in_vpc(self, router: str) -> list[str]:
        """The static routes that point here on the router of a VPC now."""
        routes = _lines("ip", "-netns", router, "route", "show", "via", self.core_address, "proto", "static")
        return [route.split()[0] for route in routes]

    def _withdraw(self, keep: list[str]) -> None:
        for router, _address in bird.VPC_ROUTERS.values():
            gone = [prefix for prefix in self._in_vpc(router) if prefix not in keep]
            if gone:
                ip(router, *(f"route delete {prefix} via {self.core_address} proto static" for prefix in gone))

    def sync(self) -> None:
        """End the IPsec SAs that AWS would not have made.

        A static tunnel's routes are on the VPC's router while, and only while, its IPsec SA is installed.
        """
        state = self.state()
        if not state:
            return
        self._refuse(sas.Needs(**state["needs"]))
        if state["routing_kind"] != "static":
            return
        wanted = state["static"] if self.status()["esp"] == "INSTALLED" else []
        self._withdraw(wanted)
        router = bird.VPC_ROUTERS[state["region"]][0]
        missing = set(wanted) - set(self._in_vpc(router))
        if missing:
            # Other connections can have the same network: their routes stay beside it.
            tail = f"via {self.core_address} proto static metric {state['med']}"
            ip(router, *(f"route append {prefix} {tail}" for prefix in sorted(missing)))

    def _refuse(self, needs: sas.Needs) -> None:
        try:
            with Vici(str(self.place / "vici")) as charon:
                found = [sa for message in charon.stream("list-sas", "list-sa") for sa in message.values()]
                for child in [child for association in found for child in sas.refused(association, needs)]:
                    charon.request("terminate", {"child-id": child, "timeout": "-1"})
        except (OSError, ViciError) as error:
            print(f"{self.address}: {error}", file=sys.stderr)

    # -- status

    def status(self) -> dict[str, Any]:
        """IKE, IPsec and BGP as they are now, and what was negotiated."""
        seen: dict[str, Any] = {"ike": "DOWN", "esp": "DOWN", "bgp": None, "accepted_routes": 0}
        needs = sas.Needs(**self.state()["needs"])
        try:
            with Vici(str(self.place / "vici")) as charon:
                for message in charon.stream("list-sas", "list-sa"):
                    for association in message.values():
                        sas.take_in(seen, association, needs)
        except (OSError, ViciError):
            seen.update(ike="DOWN", esp="DOWN")
        if self._alive("bird"):
            seen["bgp"], seen["accepted_routes"] = bird.session(self.place / "bird.socket")
        return {**seen, "log": self.log()}

    def log(self) -> list[dict[str, Any]]:
        """The last lines of AWS's log of this tunnel, by time."""
        about = self.state()["log"]
        said = {daemon: _last_lines(self.place / f"{daemon}.log") for daemon in ("charon", "bird")}
        records = [
            *list(tunnel_log.activity(said["charon"], about["customer"], about["is_watched"]))[-LOG_RECORDS:],
            *list(tunnel_log.bgp(said["bird"], about["neighbor"], about["asn"]))[-LOG_RECORDS:],
        ]
        return sorted(records, key=lambda record: float(record["at"]))

    # -- processes

    def _spawn(self, daemon: str, command: list[str], environment: dict[str, str] | None = None) -> None:
        with open(self.place / f"{daemon}.out", "w") as output:
            process = subprocess.Popen(
                ["ip", "netns", "exec", self.namespace, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                start_new_session=True,
            )
        (self.place / f"{daemon}.pid").write_text(str(process.pid))

    def _wait_for(self, path: Path, daemon: str) -> None:
        for _attempt in range(300):
            if path.exists() and _accepts(path):
                return
            time.sleep(0.05)
        said = (self.place / f"{daemon}.out").read_text()[-500:]
        raise RuntimeError(f"{daemon} of {self.address} did not start: {said}")


def _peer(tunnel: Tunnel) -> str:
    """The customer's address; any, for a customer gateway known by its certificate only."""
    return tunnel.get("customer_address") or "%any"


def offered(tunnel: Tunnel) -> list[str]:
    """What the VPC may learn from a static tunnel while it is up."""
    if tunnel["routing"] == "bgp":
        return []
    accept = tunnel["accept"]
    return sorted(prefix for prefix in tunnel["static_routes"] if accept == "any" or prefix in accept)


def _last_lines(path: Path) -> list[str]:
    """The whole lines at the end of a file."""
    try:
        with open(path, "rb") as file:
            skipped = file.seek(max(0, path.stat().st_size - LOG_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return lines[1:] if skipped else lines


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True
