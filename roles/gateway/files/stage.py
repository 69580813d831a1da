# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare a swap of the IKE daemon: `stage.py plan WANTED` says what it would do, `stage.py stage WANTED` prepares it.

WANTED is JSON: the packages to install, those to remove, the unit of the new daemon and those of the others. The role
hybridnet.aws_vpn.gateway runs this before it writes files, and installs it for swap.py. Nothing changes for the daemon
that runs. Afterwards /var/lib/aws-vpn/swap has all that swap.py needs: the packages of both daemons, the files and the
units as they are. What the new daemon needs besides is installed. Python 3.8, standard library.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

PLACE = Path("/var/lib/aws-vpn/swap")
JOURNAL, PACKAGES = PLACE / "journal.json", PLACE / "packages"
APT_CACHE = Path("/var/cache/apt/archives")
ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1", "LC_ALL": "C"}
APT = (
    *("apt-get", "--quiet", "--yes", "--no-install-recommends"),
    *("-o", "APT::Sandbox::User=root", "-o", "DPkg::Lock::Timeout=300", "-o", f"Dir::Cache::archives={PACKAGES}"),
    *("-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"),
)
# The files that a run can change, and what activate.py does after a change of them.
FILES = (
    ("/usr/local/lib/aws-vpn/*.py", "program"),
    ("/etc/aws-vpn/gateway.json", "interfaces"),
    ("/etc/aws-vpn/aws-vpn.nft", "firewall"),
    ("/etc/aws-vpn/openings.nft", "openings"),
    ("/etc/sysctl.d/60-aws-vpn.conf", "sysctl"),
    ("/etc/systemd/system/aws-vpn*.service", "units"),
    ("/etc/systemd/system/nftables.service.d/aws-vpn.conf", "units"),
    ("/etc/strongswan.d/aws-vpn.conf", "ike-settings"),
    ("/etc/swanctl/conf.d/aws-vpn-key-*.conf", "keys"),
    ("/etc/swanctl/conf.d/aws-vpn-vpn-*.conf", "ike"),
    ("/etc/ipsec.d/aws-vpn-key-*.secrets", "keys"),
    ("/etc/ipsec.d/aws-vpn-vpn-*.conf", "ike"),
    ("/etc/frr/frr.conf", "bgp"),
    ("/etc/frr/daemons", "bgp"),
    ("/etc/nftables.conf", "openings"),
    ("/etc/ufw/before.rules", "ufw"),
    ("/etc/firewalld/zones/aws-vpn.xml", "firewalld"),
    ("/etc/firewalld/policies/aws-vpn-*.xml", "firewalld"),
    ("/etc/systemd/network/05-aws-vpn.network", "network"),
    ("/etc/systemd/networkd.conf.d/aws-vpn.conf", "network"),
    ("/etc/NetworkManager/conf.d/90-aws-vpn.conf", "network"),
)


def settle() -> None:
    """Complete what was interrupted while packages were installed."""
    if must("dpkg", "--audit").strip():
        must("dpkg", "--force-confdef", "--force-confold", "--configure", "--pending")


# The role also runs this file alone, before commands.py is on the gateway.
def call(*command: str, place: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **ENVIRONMENT}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=place)


def must(*command: str, place: Path | None = None) -> str:
    done = call(*command, place=place)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def installed() -> dict[str, str]:
    """The version of each package that is installed."""
    listed = must("dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package} ${Version}\\n").splitlines()
    return {name: version for status, name, version in map(str.split, listed) if status == "installed"}


def actions(simulated: str) -> tuple[dict[str, str], dict[str, str]]:
    """What apt would install and remove, each with its version."""
    new = dict(re.findall(r"(?m)^Inst (\S+) (?:\[\S+\] )?\((\S+) ", simulated))
    old = dict(re.findall(r"(?m)^Remv (\S+) \[(\S+)\]", simulated))
    return new, old


def request(wanted: dict[str, Any]) -> list[str]:
    """The words for apt. It does not always find out itself what has to go."""
    present = installed()
    return [*wanted["packages"], *(f"{name}-" for name in wanted["remove"] if name in present)]


def simulate(packages: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    return actions(must(*APT, "--no-upgrade", "--simulate", "install", *packages))


def fetch(packages: Mapping[str, str]) -> None:
    """Get the files of packages, those that are in the cache of apt from there."""
    missing = []
    for name, version in packages.items():
        pattern = f"{name.partition(':')[0]}_{version.replace(':', '%3a')}_*.deb"
        cached = list(APT_CACHE.glob(pattern))
        if cached:
            shutil.copy(cached[0], PACKAGES)
        elif not any(PACKAGES.glob(pattern)):
            missing.append(f"{name}={version}")
    if missing:
        must(*APT, "download", *missing, place=PACKAGES)


def gather(packages: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Fetch all packages that the swap installs, and those that it removes: to go back needs no network then."""
    new, old = simulate(packages)
    fetch(new)
    try:
        fetch(old)
    except SystemExit as failure:
        raise SystemExit(
            f"Not all of these packages, which are installed, can be fetched, so that there would be no way back: "
            f"{', '.join(f'{name} {version}' for name, version in old.items())}. If your package sources have newer "
            f"releases, upgrade them first.\n{failure}"
        ) from None
    return new, old


def units(names: Iterable[str]) -> dict[str, dict[str, bool]]:
    """The state of the units that are there."""
    found = {}
    for name in names:
        shown = call("systemctl", "show", "--property=LoadState,ActiveState,UnitFileState", name).stdout
        if "LoadState=not-found" not in shown:
            found[name] = {"active": "ActiveState=active" in shown, "enabled": "UnitFileState=enabled" in shown}
    return found


def present() -> Iterator[tuple[Path, str]]:
    """The files that are there now. A link is not followed: in /etc/frr another user can make one."""
    for pattern, activates in FILES:
        for path in sorted(Path("/").glob(pattern.lstrip("/"))):
            if path.is_file() and not path.is_symlink():
                yield path, activates


def saved() -> dict[str, dict[str, Any]]:
    """The files with their content. Some have keys, so the journal is for root only."""
    found = {}
    for path, _activates in present():
        status = path.stat()
        found[str(path)] = {
            "text": read(path),
            "mode": status.st_mode & 0o777,
            "owner": [status.st_uid, status.st_gid],
        }
    return found


def read(path: Path) -> str:
    """A file of an owner can have any bytes."""
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def write(path: Path, text: str, mode: int, owner: Iterable[int] = ()) -> None:
    """Replace a file in one step, whatever is there."""
    draft = path.with_name(f".{path.name}.aws-vpn-draft")
    draft.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write(text)
        if owner:
            os.fchown(handle, *owner)
        os.fchmod(handle, mode)
        stream.flush()
        os.fsync(handle)
    os.replace(draft, path)


def lines(wanted: dict[str, Any], new: dict[str, str], old: dict[str, str]) -> Iterator[str]:
    """What the swap does, for people."""
    yield f"install packages: {', '.join(sorted(new)) or 'none'}"
    yield f"remove packages: {', '.join(sorted(old)) or 'none'}"
    ending = [name for name, state in units(wanted["rivals"]).items() if state["active"] or state["enabled"]]
    for name in ending:
        yield f"stop and disable {name}"
    yield f"enable and start {wanted['unit']}"


def plan(wanted: dict[str, Any]) -> None:
    try:
        new, old = simulate(request(wanted))
    except SystemExit as failure:
        print(f"The packages are not known before the lists of apt are read: {failure}")
        return
    print("\n".join(lines(wanted, new, old)))


def stage(wanted: dict[str, Any]) -> None:
    for directory in (PLACE, PACKAGES, PACKAGES / "partial"):
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
    settle()
    try:
        new, old = gather(request(wanted))
    except SystemExit:
        # The lists can be missing, or older than what the repositories have.
        must(*APT, "update")
        new, old = gather(request(wanted))
    if not JOURNAL.exists():
        # What worked before stays known until a swap succeeds.
        known = {"units": units([*wanted["rivals"], wanted["unit"]]), "packages": installed(), "files": saved()}
        write(JOURNAL, json.dumps(known), 0o600)
    print("\n".join(lines(wanted, new, old)))
    install_early([name for name in new if name not in wanted["packages"]])


def install_early(names: list[str]) -> None:
    """Install what the new daemon needs while the other one still works, if nothing goes for it."""
    if names and not simulate(names)[1]:
        must(*APT, "--no-download", "--no-upgrade", "--mark-auto", "install", *names)


if __name__ == "__main__":
    {"plan": plan, "stage": stage}[sys.argv[1]](json.loads(sys.argv[2]))
