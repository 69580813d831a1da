# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Activate the files that were written since the last time, and mend what does not run as the files say: `activate.py
apply`. It keeps the right order.

The role hybridnet.aws_vpn.gateway installs this program and runs it after it has written files. After a staged run you
can run it by hand. `activate.py remove` removes what the role has put on the gateway. Python 3.8, standard library.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import before
import drift
import network
import openings
import tunnels
from commands import call, must
from ike import daemon

HERE = Path(__file__).resolve().parent
STATE = Path("/var/lib/aws-vpn")
PENDING = STATE / "pending.json"
SYSCTL = Path("/etc/sysctl.d/60-aws-vpn.conf")
UNITS = Path("/etc/systemd/system")
IPV6 = Path("/proc/sys/net/ipv6/conf")
DROP_INS = (UNITS / "nftables.service.d", Path("/etc/systemd/networkd.conf.d"))
GUARD, FIREWALL = "aws-vpn-guard.service", "aws-vpn-firewall.service"
INTERFACES, MONITOR, NETWORK = "aws-vpn.service", "aws-vpn-monitor.service", "aws-vpn-network.service"
OWN = (GUARD, FIREWALL, INTERFACES, MONITOR, NETWORK)
# Seconds that FRR has to read its file after it has started.
PATIENCE = 5
# For a removal that was interrupted after it had removed the configuration.
DEFAULT_UNITS = {"ike_daemon": "strongswan", "ike_unit": "strongswan.service", "bgp_unit": "frr.service"}


def say(text: str) -> None:
    print(text, flush=True)


def is_active(unit: str) -> bool:
    return call("systemctl", "is-active", "--quiet", unit).returncode == 0


def states(units: list[str]) -> tuple[set[str], set[str], set[str]]:
    """The units that run, the units that start at boot, and the units that cannot start because they are masked."""
    blocks = must("systemctl", "show", "--property=ActiveState,UnitFileState", *units).strip().split("\n\n")
    words = ("ActiveState=active", "UnitFileState=enabled", "UnitFileState=masked")
    active, enabled, masked = ({unit for unit, block in zip(units, blocks) if word in block} for word in words)
    return active, enabled, masked


def is_running(program: str) -> bool:
    """Whether a process with this name is running."""
    return any(comm.read_text(encoding="utf-8", errors="replace").strip() == program for comm in comms())


def comms() -> Iterable[Path]:
    return (path for path in Path("/proc").glob("[0-9]*/comm") if path.exists())


def systemctl(verb: str, *units: str) -> None:
    if units:
        must("systemctl", verb, "--quiet", *units)
        say(f"{verb} {' '.join(units)}")


def pending() -> set[str]:
    return set(json.loads(PENDING.read_text(encoding="utf-8"))) if PENDING.exists() else set()


def wanted_units(gateway: dict[str, Any]) -> list[str]:
    routing = [gateway["bgp_unit"]] if gateway["routing"] == "bgp" else []
    return [GUARD, FIREWALL, INTERFACES, NETWORK, gateway["ike_unit"], *routing, MONITOR]


def set_sysctls() -> None:
    for line in SYSCTL.read_text(encoding="utf-8").splitlines():
        key, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            Path("/proc/sys", *key.strip().split(".")).write_text(value.strip(), encoding="ascii")
    say("set sysctls")


def tell_network_managers() -> None:
    if is_active("systemd-networkd.service"):
        must("networkctl", "reload")
    if is_active("NetworkManager.service"):
        must("nmcli", "general", "reload", "conf")


def apply() -> None:
    gateway = tunnels.config()
    found = drift.differences()
    todo = pending() | {each["activates"] for each in found}
    if "network" in todo:
        tell_network_managers()
    open_directories()
    units = wanted_units(gateway)
    active, enabled, masked = states(sorted({*units, gateway["bgp_unit"]}))
    unmask(unit for unit in units if unit in masked)
    enable(units, enabled, "units" in todo)
    if NETWORK in active and todo & {"interfaces", "program", "units"}:
        # It would undo the changes below, because it has not read them. Its routes stay.
        systemctl("stop", NETWORK)
        active.remove(NETWORK)
    # Before the guard rejects what has no route of its own. What it no longer rejects needs none, but only then.
    network.follow(gateway, may_delete=False)
    # Before packets are forwarded, and before any tunnel changes.
    refresh(GUARD, active, todo & {"interfaces", "program"})
    refresh(FIREWALL, active, todo & {"firewall"})
    openings.apply(todo)
    if "sysctl" in todo:
        set_sysctls()
    if INTERFACES in active and todo & {"interfaces", "program"}:
        systemctl("reload", INTERFACES)
    # systemd starts the stopped services together, in the order of their units. They read all new files.
    systemctl("start", *(unit for unit in units if unit not in active and unit not in (GUARD, FIREWALL)))
    if gateway["ike_unit"] in active:
        refresh_ike(gateway, todo)
        renew(gateway, (each["tunnel"] for each in found if each["activates"] == "tunnel"))
    refresh_routing(gateway, todo, active)
    network.follow(gateway)
    PENDING.unlink(missing_ok=True)


def open_directories() -> None:
    """Let aws-vpn-network.service read its files: it is not root. The umask of the session may have closed them."""
    for directory in (HERE, tunnels.CONFIG.parent):
        directory.chmod(0o755)


def unmask(units: Iterable[str]) -> None:
    """Let units start again. A unit can be masked until the next boot, or for good."""
    for unit in units:
        must("systemctl", "unmask", "--quiet", "--runtime", unit)
        systemctl("unmask", unit)


def enable(units: list[str], enabled: set[str], have_changed: bool) -> None:
    """Start the units at boot. systemd then reads its units again."""
    if have_changed:
        # Where a unit is enabled may have changed too.
        systemctl("reenable", *(unit for unit in units if unit in OWN))
        enabled = enabled | set(OWN)
    systemctl("enable", *(unit for unit in units if unit not in enabled))


def refresh(unit: str, active: set[str], changes: set[str]) -> None:
    if unit not in active:
        systemctl("start", unit)
    elif changes:
        systemctl("reload", unit)


def refresh_ike(gateway: dict[str, Any], todo: set[str]) -> None:
    """Load new settings, keys and connections. The daemon does not touch a connection that has not changed."""
    if "ike-settings" in todo:
        if not daemon(gateway).sas():
            systemctl("restart", gateway["ike_unit"])
            return
        daemon(gateway).load_settings()
        say("load IKE settings")
    changed = {label.partition("/")[2] for label in todo if label.startswith("ike/")}
    if changed or todo & {"ike", "keys", "ike-settings"}:
        load_ike(gateway, changed)
    if "keys" in todo:
        initiate(gateway)


def renew(gateway: dict[str, Any], names: Iterable[str]) -> None:
    """Connect tunnels again whose SAs or policies are not in the kernel. The daemon does not notice it."""
    for name in names:
        daemon(gateway).take_down(name)
        daemon(gateway).initiate([name])
        say(f"connect {name} again")


def load_ike(gateway: dict[str, Any], changed: set[str]) -> None:
    daemon(gateway).load(changed)
    say("load keys and connections")


def initiate(gateway: dict[str, Any]) -> None:
    """Connect tunnels that are down, so that they use a new key now. The others use it when they connect again."""
    tried = daemon(gateway).sas()
    down = [tunnel["name"] for tunnel in gateway["tunnels"] if tunnel["name"] not in tried]
    daemon(gateway).initiate(down)
    for name in down:
        say(f"initiate {name}")


def refresh_routing(gateway: dict[str, Any], todo: set[str], active: set[str]) -> None:
    """Reload services that were running before. A service that was just started has read all files."""
    bgp_unit, with_bgp = gateway["bgp_unit"], gateway["routing"] == "bgp"
    if bgp_unit in active and with_bgp and not is_running("bgpd"):
        systemctl("restart", bgp_unit)
        active = active - {bgp_unit}
    elif bgp_unit in active and "bgp" in todo:
        reload_bgp(bgp_unit)
    if bgp_unit not in active and with_bgp and not has_read_all(gateway):
        reload_bgp(bgp_unit)
    if MONITOR in active and todo & {"program", "units"}:
        systemctl("restart", MONITOR)
    elif MONITOR in active and "interfaces" in todo:
        systemctl("reload", MONITOR)


def reload_bgp(unit: str) -> None:
    """Reload FRR. IPv6 forwarding stays, which FRR would switch on, because `no ipv6 forwarding` is not in its file."""
    before = {path: path.read_text(encoding="ascii") for path in sorted(IPV6.glob("*/forwarding"))}
    systemctl("reload", unit)
    # That of `all` comes first, because it sets the others.
    for path, value in before.items():
        if path.exists() and path.read_text(encoding="ascii") != value:
            path.write_text(value, encoding="ascii")


def has_read_all(gateway: dict[str, Any]) -> bool:
    """Whether FRR, which has just started, runs its file. On a slow host one of its daemons can miss its part."""
    for _second in range(PATIENCE):
        if not any(drift.bgp(gateway)):
            return True
        time.sleep(1)
    return False


def remove() -> None:
    """Reload the daemons, from whose files the role has removed our part. Then remove services and files."""
    todo = pending()
    gateway = tunnels.config() if tunnels.CONFIG.exists() else DEFAULT_UNITS
    own = [unit for unit in OWN if (UNITS / unit).exists()]
    if is_active(gateway["ike_unit"]):
        load_ike(gateway, set())
    if "bgp" in todo and is_active(gateway["bgp_unit"]):
        reload_bgp(gateway["bgp_unit"])
    systemctl("disable", *own)
    systemctl("stop", *own)
    openings.close(todo)
    # No unit removes these when it stops.
    must("nft", "add table inet aws_vpn; delete table inet aws_vpn")
    tunnels.guard(tunnels.NOTHING)
    must("ip", "-4", "route", "flush", "proto", tunnels.AROUND)
    for unit in own:
        (UNITS / unit).unlink()
    for drop_ins in DROP_INS:
        if drop_ins.is_dir() and not any(drop_ins.iterdir()):
            drop_ins.rmdir()
    must("systemctl", "daemon-reload")
    if "network" in todo:
        tell_network_managers()
    for line in before.restore():
        say(line)
    for directory in (tunnels.CONFIG.parent, STATE, HERE):
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    {"apply": apply, "remove": remove}[sys.argv[1]]()
