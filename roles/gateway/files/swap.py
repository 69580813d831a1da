# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put one IKE daemon in the place of another, or everything back if the tunnels do not come up: `swap.py apply`.

The role hybridnet.aws_vpn.gateway installs this program and runs it instead of `activate.py apply`, after stage.py has
prepared the swap and the new files are written. It needs no network. Until it has succeeded or put everything back, the
journal stays, and the next run goes on from there. Python 3.8, standard library.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Mapping

import activate
import before
import stage
import tunnels
from commands import call, must
from ike import daemon

# Seconds that the tunnels have to come up, after the daemon has started.
PATIENCE = 90
# Lines of the journal of a daemon that tell why they did not.
LAST_LINES = "12"

FAILURES = (SystemExit, OSError, ValueError, subprocess.SubprocessError)

Gateway = Mapping[str, Any]


def is_answered(tunnel: Gateway) -> bool:
    """Whether AWS answers through a tunnel, if it can be asked."""
    target = tunnel["keepalive"]["target"]
    ping = ("ping", "-q", "-c", "1", "-W", "1", "-I", tunnel["interface"], target)
    return not tunnel["keepalive"]["is_answered"] or call(*ping).returncode == 0


def trouble(gateway: Gateway) -> dict[str, str]:
    """By tunnel, why it does not work; nothing for one that works."""
    connected = daemon(gateway).connected()
    found = {tunnel["name"]: "no IPsec SA" for tunnel in gateway["tunnels"]}
    for tunnel in gateway["tunnels"]:
        if tunnel["name"] in connected:
            del found[tunnel["name"]]
            if not is_answered(tunnel):
                found[tunnel["name"]] = f"an IPsec SA, but no answer from {tunnel['keepalive']['target']}"
    return found


def working(gateway: Gateway) -> list[str]:
    """Names of the tunnels that work."""
    bad = trouble(gateway)
    return [tunnel["name"] for tunnel in gateway["tunnels"] if tunnel["name"] not in bad]


def missing(gateway: Gateway, needed: list[str]) -> dict[str, str]:
    """What does not work of the tunnels that worked before, once all work or the time is out."""
    end = time.monotonic() + PATIENCE
    while True:
        found = {name: why for name, why in trouble(gateway).items() if name in needed}
        if not found or time.monotonic() > end:
            return found
        time.sleep(1)


def install(unit: str, packages: list[str]) -> None:
    """Install from the files that were fetched. The daemon does not start before activate.py starts it."""
    if not activate.is_active(unit):
        must("systemctl", "mask", "--quiet", "--runtime", unit)
    try:
        stage.settle()
        stage.must(*stage.APT, "--no-download", "--no-upgrade", "--allow-downgrades", "install", *packages)
        activate.say(f"install and remove packages: {' '.join(packages)}")
    finally:
        must("systemctl", "unmask", "--quiet", "--runtime", unit)


def end_daemons(names: list[str]) -> None:
    """Stop and disable daemons, as far as they are still there."""
    for name in stage.units(names):
        activate.systemctl("disable", name)
        activate.systemctl("stop", name)


def move(gateway: Gateway, wanted: Mapping[str, Any]) -> None:
    """From here on no tunnel works until the new daemon runs."""
    for name in stage.units(wanted["rivals"]):
        # Before its package goes: systemd would not know the unit any more. It still runs.
        activate.systemctl("disable", name)
    install(gateway["ike_unit"], stage.request(wanted))
    end_daemons(wanted["rivals"])
    activate.apply()


def restore_files(files: Mapping[str, Any]) -> set[str]:
    """The files as they were. Returns what has to be activated."""
    todo = set()
    for path, activates in stage.present():
        if str(path) not in files and "aws-vpn" in str(path):
            path.unlink()
            todo.add(activates)
    for name, old in files.items():
        path = Path(name)
        if not path.exists() or stage.read(path) != old["text"]:
            stage.write(path, old["text"], old["mode"], old["owner"])
            todo |= {activates for pattern, activates in stage.FILES if path.match(pattern)}
    return todo


def put_back(journal: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """The files, the packages and the daemon as they were, with the programs of that time."""
    end_daemons([wanted["unit"]])
    # Before the first run there are no files to go back to. Those that are there now wait for the next run.
    had_tunnels = str(tunnels.CONFIG) in journal["files"]
    todo = restore_files(journal["files"]) if had_tunnels else set()
    must("systemctl", "daemon-reload")
    now, then = stage.installed(), journal["packages"]
    words = [f"{name}={version}" for name, version in then.items() if name not in now]
    words += [f"{name}-" for name in wanted["packages"] if name in now and name not in then]
    used = {name: state for name, state in journal["units"].items() if state["active"] or state["enabled"]}
    if words:
        install(next(iter(used), wanted["unit"]), words)
    try:
        if had_tunnels:
            stage.write(activate.PENDING, json.dumps(sorted(todo)), 0o644)
            must(sys.executable, str(activate.HERE / "activate.py"), "apply")
    finally:
        for name, state in used.items():
            activate.systemctl("enable", *[name] * state["enabled"])
            activate.systemctl("start", *[name] * state["active"])


def roll_back(journal: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Put everything back, and say how that went. The journal stays if it did not work."""
    activate.say("The swap failed: everything is put back.")
    try:
        put_back(journal, wanted)
        bad = missing(tunnels.config(), journal["needed"]) if journal["needed"] else {}
    except FAILURES as failure:
        return f"Not everything could be put back: {failure}\nRun the role again, with either daemon."
    if bad:
        return f"Everything was put back, but these tunnels are still down: {text_of(bad)}"
    shutil.rmtree(stage.PLACE)
    return f"Everything was put back. Tunnels that work again: {', '.join(journal['needed']) or 'none worked before'}."


def text_of(bad: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({why})" for name, why in bad.items())


def last_lines(unit: str, since: int) -> str:
    """What a daemon has said at the end."""
    words = ("--quiet", "--no-hostname", f"--lines={LAST_LINES}", f"--since=@{since}", f"--unit={unit}")
    return call("journalctl", *words).stdout


def note(journal: Mapping[str, Any]) -> None:
    """For a removal of the role: which packages it has installed and removed by now."""
    record = json.loads(before.RECORD.read_text(encoding="utf-8"))
    then, now = journal["packages"], stage.installed()
    added = {*record["packages"], *(set(now) - set(then))} & set(now)
    gone = {*record.get("packages_removed", []), *(set(then) - set(now))} - set(now)
    # What was removed and came back is as it was.
    added -= set(record.get("packages_removed", []))
    # What the role had installed itself is not missed.
    gone -= set(record["packages"])
    record.update(packages=sorted(added), packages_removed=sorted(gone))
    stage.write(before.RECORD, json.dumps(record, indent=4) + "\n", 0o644)


def apply(wanted: Mapping[str, Any]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    journal = json.loads(stage.JOURNAL.read_text(encoding="utf-8"))
    gateway = tunnels.config()
    if "needed" not in journal:
        old = journal["files"].get(str(tunnels.CONFIG))
        names = {tunnel["name"] for tunnel in gateway["tunnels"]}
        worked = working(json.loads(old["text"])) if old else []
        journal["needed"] = [name for name in worked if name in names]
        stage.write(stage.JOURNAL, json.dumps(journal), 0o600)
    begin, now = time.monotonic(), int(time.time())
    try:
        move(gateway, wanted)
        bad = missing(gateway, journal["needed"])
        reason = f"these tunnels worked before and do not come up: {text_of(bad)}" if bad else ""
    except FAILURES as failure:
        reason = str(failure)
    if reason:
        unit = wanted["unit"]
        seen = last_lines(unit, now)
        raise SystemExit(f"The swap failed: {reason}\n{roll_back(journal, wanted)}\nThe last lines of {unit}:\n{seen}")
    note(journal)
    shutil.rmtree(stage.PLACE)
    activate.say(f"{len(journal['needed'])} tunnels work with the new daemon, after {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    {"apply": apply}[sys.argv[1]](json.loads(sys.argv[2]))
