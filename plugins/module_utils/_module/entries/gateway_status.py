# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the tools on a gateway that know the state of its tunnels; the core reads their output."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import os
import re
import shlex
import time
from collections.abc import Sequence
from typing import Any, Callable

from ansible.module_utils.basic import AnsibleModule

from ..._core.gateway import charon, diagnosis, firewalls, platforms, pluto
from ..._core.gateway import status as read
from ..._core.gateway.files import outside_block
from ..._core.gateway.networks import DEFAULT_TABLE
from ..._core.model.tunnel_states import Bgp, Esp
from ..files.owner import connections, current, owner

# Runs a command, and returns what it prints.
Ask = Callable[..., str]

_POLL_SECONDS = 1.0
_NETWORK_MANAGERS = ("systemd-networkd.service", "NetworkManager.service")
# Installed by the role gateway.
_DRIFT = "/usr/local/lib/aws-vpn/drift.py"
_CONFIGURATION = "/etc/aws-vpn/gateway.json"
_SWAP = "/var/lib/aws-vpn/swap/journal.json"
_RULES = ("--json", "list", "ruleset")
_OS_RELEASE = ("/etc/os-release", "/usr/lib/os-release")
_DOWN_UNIT = {"active": False, "enabled": False}

# Tried in a network namespace of its own, which goes away with the shell. The key is a row of zeros.
_LINK = "ip link add awsvpnprobe type xfrm dev lo if_id 1"
_STATE = "ip xfrm state {verb} src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x101"
_ESP = _STATE.format(verb="add") + " mode tunnel aead 'rfc4106(gcm(aes))' 0x" + "0" * 40 + " 128"
_TRY = f"{_LINK} >/dev/null 2>&1 && echo link; {_ESP} >/dev/null 2>&1 && echo esp; "
_CLEAN = f"ip link delete awsvpnprobe >/dev/null 2>&1; {_STATE.format(verb='delete')} >/dev/null 2>&1; "
_KERNEL_MODULES = ("xfrm_user", "xfrm_interface", "esp4")


class Strongswan:
    """Asks charon."""

    name = platforms.STRONGSWAN
    # charon says beside each message which connection it is about.
    journal_fields = "MESSAGE,IKE_SA_NAME,IKE_SA_UNIQUE_ID"
    evidence = staticmethod(charon.evidence)

    @staticmethod
    def sas(ask: Ask) -> dict[str, dict[str, Any]]:
        return charon.security_associations(ask("swanctl", "--list-sas", "--pretty"))

    @staticmethod
    def loaded(ask: Ask) -> list[str]:
        return charon.loaded_connections(ask("swanctl", "--list-conns", "--pretty"))


class Libreswan:
    """Asks pluto."""

    name = platforms.LIBRESWAN
    journal_fields = "MESSAGE"
    evidence = staticmethod(pluto.evidence)

    @staticmethod
    def sas(ask: Ask) -> dict[str, dict[str, Any]]:
        return pluto.security_associations(ask("ipsec", "showstates"), ask("ipsec", "trafficstatus"))

    @staticmethod
    def loaded(ask: Ask) -> list[str]:
        return pluto.loaded_connections(ask("ipsec", "status"))


DAEMONS = {daemon.name: daemon for daemon in (Strongswan, Libreswan)}


class Gateway:
    """The host the module runs on, with one IKE daemon."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._paths: dict[str, str | None] = {}
        self.os = read.os_release(next(filter(None, map(_content, _OS_RELEASE)), ""))
        self.platform = platforms.platform(self.os["id"], self.os["version"])
        self.ike = DAEMONS[module.params["daemon"] or self.platform.ike_daemon]
        self.ike_unit = str(module.params["ike_unit"] or platforms.IKE_UNITS[self.ike.name])

    @property
    def rules_file(self) -> str:
        return self.platform.rules_file

    def has(self, program: str) -> bool:
        if program not in self._paths:
            self._paths[program] = self._module.get_bin_path(program)
        return self._paths[program] is not None

    def ask(self, *command: str) -> str:
        """What the command prints; nothing when it is not there or refuses."""
        if not self.has(command[0]):
            return ""
        code, output, _errors = self._module.run_command([self._paths[command[0]], *command[1:]])
        return str(output) if code == 0 else ""

    def missing(self) -> list[str]:
        """What this host lacks for IPsec. It is tried, and nothing is left behind."""
        if os.geteuid() != 0:
            return ["root privileges, which the test of its kernel needs"]
        if not self.has("ip"):
            return ["the command ip (package iproute2)"]
        self.ask("modprobe", "--quiet", "--all", *_KERNEL_MODULES)
        tried = self.ask("unshare", "--net", "--", "sh", "-c", _TRY + "echo tried").split()
        if "tried" not in tried:
            # Some containers may not create a namespace: tried in their own, and cleaned up.
            tried = self.ask("sh", "-c", _TRY + _CLEAN + "echo tried").split()
        named = (
            ("link", "XFRM interfaces (kernel module xfrm_interface)"),
            ("esp", "ESP with AES-GCM (kernel modules esp4 and gcm)"),
        )
        return [name for key, name in named if key not in tried]

    def units(self, names: Sequence[str]) -> dict[str, dict[str, bool]]:
        """By unit: whether it runs and whether it starts at boot."""
        answer = self.ask("systemctl", "show", "--property=ActiveState,UnitFileState", *names) if names else ""
        found = {}
        for name, block in zip(names, answer.strip().split("\n\n")):
            values = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
            found[name] = {
                "active": values.get("ActiveState") in ("active", "reloading"),
                "enabled": values.get("UnitFileState") in ("enabled", "alias", "static"),
            }
        return {name: found.get(name, dict(_DOWN_UNIT)) for name in names}

    def network_managers(self) -> list[str]:
        """Those that start at boot: enabled, or wanted by another unit, as by the generator of netplan.

        A question to systemd-networkd starts it, so whether it runs now says nothing.
        """
        answer = self.ask("systemctl", "show", "--property=UnitFileState,WantedBy", *_NETWORK_MANAGERS)
        blocks = [block.splitlines() for block in answer.strip().split("\n\n")]
        return [
            name.split(".", maxsplit=1)[0]
            for name, block in zip(_NETWORK_MANAGERS, blocks)
            if "UnitFileState=enabled" in block or any(re.match(r"WantedBy=\S", line) for line in block)
        ]

    def address_show(self) -> str:
        return self.ask("ip", "-json", "-4", "address", "show")

    def local_address(self, route_to: str) -> str | None:
        """The source of packets to an address; where a tunnel of ours has the default route, that of the uplink."""
        found = read.source_address(self.ask("ip", "-json", "-4", "route", "get", route_to))
        return found or read.uplink_address(self.main_routes(), self.address_show())

    def main_routes(self) -> str:
        return self.ask("ip", "-json", "-4", "route", "show", "table", "main")

    def default_routes(self) -> str:
        """Default routes into the tunnels."""
        return self.ask("ip", "-json", "-4", "route", "show", "table", str(DEFAULT_TABLE))

    def host(self, route_to: str) -> dict[str, Any]:
        """The distribution, the addresses, and the network managers."""
        return {
            **self.os,
            "local_address": self.local_address(route_to),
            "forwards": _content("/proc/sys/net/ipv4/ip_forward").strip() == "1",
            "addresses": read.addresses(self.address_show()),
            "network_managers": self.network_managers(),
        }

    def installed(self) -> dict[str, str]:
        """Versions of the installed packages, of those that matter."""
        if self.platform.manager == platforms.DNF:
            names = self.platform.all_packages + self._module.params["packages"]
            return read.rpm_packages(self.ask("rpm", "-qa", "--queryformat", "%{NAME} %{VERSION}\\n", *names))
        return read.packages(_content("/var/lib/dpkg/status"))

    def unavailable(self, missing: Sequence[str], routing: str | None) -> list[str]:
        """Packages that a gateway would need from another repository, and that none has. Only dnf can tell, slowly."""
        row = self.platform
        needed = {*row.daemons[self.ike.name].packages, *(row.packages_bgp if routing == "bgp" else ())}
        wanted = [name for name in missing if name in row.elsewhere and name in needed]
        known = read.dnf_packages(self.ask("dnf", "--quiet", "list", "--available", *wanted)) if wanted else []
        return [name for name in wanted if name not in known]

    def seen(self, peers: Sequence[dict[str, Any]], daemon_running: bool) -> dict[str, Any]:
        """The state of the tunnels at this moment, without the reasons of failures."""
        with_bgp = any(peer.get("bgp_neighbor") for peer in peers)
        summary = self.ask("vtysh", "-c", "show bgp ipv4 unicast summary json") if with_bgp else ""
        return {
            "sas": self.ike.sas(self.ask) if daemon_running else {},
            "bgp": read.bgp_sessions(summary),
            "routes": read.routes_by_interface(self.main_routes(), self.default_routes()),
            "links": read.links(self.ask("ip", "-json", "link", "show")),
            "daemon_running": daemon_running,
            "loaded": [peer["name"] for peer in peers],
            "evidence": {},
        }

    def drift(self) -> list[dict[str, str]]:
        """What does not run as the files of the role say; nothing before they are there."""
        return read.drift(self.ask(self.platform.python, _DRIFT) if os.path.exists(_DRIFT) else "")

    def owner(self, units: dict[str, dict[str, bool]]) -> dict[str, Any]:
        """What others have configured where the role configures something too."""
        options = self._module.params
        return {
            **owner(options["sysctl_file"], options["sysctls"]),
            "firewall": self.firewall(),
            "connections": self.connections(units),
        }

    def connections(self, units: dict[str, dict[str, bool]]) -> dict[str, list[str]]:
        """The connections of others in the files of each IKE daemon, and in those that run."""
        others = {platforms.IKE_UNITS[name]: daemon for name, daemon in DAEMONS.items() if daemon is not self.ike}
        return connections({unit: daemon.loaded(self.ask) for unit, daemon in others.items() if units[unit]["active"]})

    def dropping_chains(self) -> list[dict[str, str]]:
        """Where packets that no rule accepts are dropped on their way through the host."""
        ruleset = self.ask("nft", *_RULES)
        return diagnosis.dropping_chains(ruleset, self.ask("iptables-legacy", "-S"))

    def firewall(self) -> dict[str, Any]:
        """What of the owner's firewall stops the tunnels."""
        shown = self.ask("systemctl", "show", "--property=UnitFileState", "firewalld.service")
        manager = firewalls.manager("UnitFileState=enabled" in shown.splitlines(), _content("/etc/ufw/ufw.conf"))
        text = outside_block(_content(self.rules_file), "#") if manager == firewalls.NFTABLES else ""
        legacy = self.ask("iptables-legacy" if self.has("nft") else "iptables", "-S")
        return firewalls.firewall(manager, self.ask("nft", *_RULES), legacy, self.rules_of_file(text))

    def rules_of_file(self, text: str) -> str:
        """The rule set of a file, tried in a network namespace of its own."""
        if not text or not self.has("nft") or not self.has("unshare"):
            return ""
        path = os.path.join(self._module.tmpdir, "rules.nft")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        command = [str(self._paths["unshare"]), "--net", "--", "sh", "-c"]
        load = f"nft --file {shlex.quote(path)} && nft {' '.join(_RULES)}"
        # Relative paths in the rules are meant from there.
        code, output, _errors = self._module.run_command([*command, load], cwd=os.path.dirname(self.rules_file))
        return str(output) if code == 0 else ""

    def bgp_reasons(self) -> dict[str, str]:
        """By neighbor, why its session ended."""
        return diagnosis.bgp_reasons(self.ask("vtysh", "-c", "show bgp neighbors json"))

    def reasons(self, unit: str, minutes: int) -> dict[str, Any]:
        """Why tunnels may be down: the connections that are loaded, and the failures of their latest attempts."""
        journal = self.ask(
            "journalctl", "--quiet", "--unit", unit, "--since", f"-{minutes}min", "--output", "json",
            f"--output-fields={self.ike.journal_fields}",
        )  # fmt: skip
        return {
            "loaded": self.ike.loaded(self.ask),
            "evidence": self.ike.evidence(journal.splitlines()),
        }


def _content(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except OSError:
        return ""


def as_configured(peers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The peers with the networks for which the gateway asks AWS: those in AWS can have been changed since."""
    networks = read.networks(_content(_CONFIGURATION))
    return [{**peer, **networks.get(peer["name"], {})} for peer in peers]


def observe(gateway: Gateway, options: dict[str, Any], daemon_running: bool) -> list[dict[str, Any]]:
    """The tunnels once all of them are up or the time is out, with reasons for those that are not."""
    peers = as_configured(options["peers"])
    # Without the daemon none comes up.
    deadline = time.monotonic() + (options["wait_timeout"] if daemon_running else 0)
    seen = gateway.seen(peers, daemon_running)
    while not all(read.is_up(read.tunnel(peer, seen)) for peer in peers) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        seen = gateway.seen(peers, daemon_running)
    if daemon_running and any(read.tunnel(peer, seen)["esp"] != Esp.INSTALLED for peer in peers):
        seen.update(gateway.reasons(gateway.ike_unit, options["journal_minutes"]))
    if any(session["state"] != Bgp.ESTABLISHED for session in seen["bgp"].values()):
        for neighbor, reason in gateway.bgp_reasons().items():
            seen["bgp"].get(neighbor, {})["reason"] = reason
    return [read.tunnel(peer, seen) for peer in peers]


def run(module: AnsibleModule) -> None:
    """Return the state of the host and of its tunnels."""
    options = module.params
    gateway = Gateway(module)
    missing = gateway.missing()
    known = (gateway.ike_unit, options["bgp_unit"], *platforms.OWN_UNITS, *platforms.RIVAL_UNITS, *options["units"])
    units = gateway.units(list(dict.fromkeys(known)))
    daemon_running = units[gateway.ike_unit]["active"]
    installed = gateway.installed()
    host = gateway.host(options["route_to"])
    for warning in read.on_the_wire(gateway.address_show(), options["remote_cidrs"]):
        module.warn(warning)
    host["sysctls"] = current(options["sysctls"])
    packages = dict.fromkeys([*gateway.platform.all_packages, *options["packages"]])
    host["packages_missing"] = [name for name in packages if name not in installed]
    host["packages_unavailable"] = gateway.unavailable(host["packages_missing"], options["routing"])
    module.exit_json(
        changed=False,
        ipsec_capable=not missing,
        missing=missing,
        host=host,
        daemon={
            "name": gateway.ike.name,
            "running": daemon_running,
            "version": installed.get(gateway.platform.daemons[gateway.ike.name].packages[0]),
        },
        bgp_daemon={"name": "frr", "running": units[options["bgp_unit"]]["active"]},
        units=units,
        drift=gateway.drift(),
        is_swapping=os.path.exists(_SWAP),
        owner=gateway.owner(units),
        dropping_chains=gateway.dropping_chains() if options["diagnose"] else [],
        tunnels=observe(gateway, options, daemon_running) if not missing else [],
    )
