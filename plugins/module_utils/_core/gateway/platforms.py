# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The distributions a gateway can have: names, paths and versions, one row for each."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

STRONGSWAN, LIBRESWAN = "strongswan", "libreswan"
APT, DNF = "apt", "dnf"
# Services of the daemons, and the older one of strongSwan. They use the same ports.
IKE_UNITS = {STRONGSWAN: "strongswan.service", LIBRESWAN: "ipsec.service"}
RIVAL_UNITS = (*IKE_UNITS.values(), "strongswan-starter.service")
OWN_UNITS = (
    "aws-vpn-guard.service",
    "aws-vpn-firewall.service",
    "aws-vpn.service",
    "aws-vpn-network.service",
    "aws-vpn-monitor.service",
)
# Older releases do not use an interface that is already there.
OLDEST_DAEMON = {LIBRESWAN: "4.10"}


@dataclass(frozen=True)
class Daemon:
    """An IKE daemon as a distribution has it."""

    name: str
    version: str
    # The first one is the daemon, with its version and its unit.
    packages: tuple[str, ...]
    # Directories of its settings, if the role writes any, and of its connections and keys.
    settings: str
    connections: str
    key_suffix: str
    # The command that checks a file of a connection, if there is one.
    validate: str
    # Where the daemon listens, if a program of the role speaks to it itself.
    socket: str

    @property
    def unit(self) -> str:
        return IKE_UNITS[self.name]


@dataclass(frozen=True)
class Platform:
    """A distribution, in one of its releases."""

    id: str
    oldest: str
    manager: str
    packages: tuple[str, ...]
    packages_bgp: tuple[str, ...]
    # What nftables.service loads.
    rules_file: str
    daemons: Mapping[str, Daemon]
    # The IKE daemon without a word about it.
    ike_daemon: str
    python: str = "/usr/bin/python3"
    nft: str = "/usr/sbin/nft"
    bgp_unit: str = "frr.service"
    # Packages that the distribution does not have itself, and where they are.
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    # What is different in a release. One that is not in it is treated as the newest.
    releases: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def at(self, version: str) -> Platform:
        """The same in this release, also in a minor release of it."""
        changes = self.releases.get(version) or self.releases.get(version.split(".", maxsplit=1)[0]) or {}
        return replace(self, **changes)

    @property
    def all_packages(self) -> list[str]:
        """What a gateway can need, with any daemon."""
        of_daemons = (name for daemon in self.daemons.values() for name in daemon.packages)
        return list(dict.fromkeys([*self.packages, *self.packages_bgp, *of_daemons]))


def _daemons(strongswan: Daemon, libreswan: Daemon, *versions: str) -> dict[str, Daemon]:
    """Both, in these versions."""
    pairs = zip((strongswan, libreswan), versions)
    return {daemon.name: replace(daemon, version=version) for daemon, version in pairs}


_STRONGSWAN = Daemon(
    name=STRONGSWAN,
    version="",
    packages=("charon-systemd", "strongswan-swanctl"),
    settings="/etc/strongswan.d",
    connections="/etc/swanctl/conf.d",
    key_suffix=".conf",
    validate="",
    socket="/run/charon.vici",
)
# Before release 6 of strongSwan, elliptic curves are in a package of their own.
_STRONGSWAN_5 = replace(_STRONGSWAN, packages=(*_STRONGSWAN.packages, "libstrongswan-standard-plugins"))
# Its package moves everything below directories of its own.
_STRONGSWAN_RPM = replace(
    _STRONGSWAN,
    packages=("strongswan",),
    settings="/etc/strongswan/strongswan.d",
    connections="/etc/strongswan/swanctl/conf.d",
    socket="/run/strongswan/charon.vici",
)
_LIBRESWAN = Daemon(
    name=LIBRESWAN,
    version="",
    packages=("libreswan",),
    settings="",
    connections="/etc/ipsec.d",
    key_suffix=".secrets",
    validate="ipsec addconn --config %s --checkconfig",
    socket="",
)

_DEBIAN = Platform(
    id="debian",
    oldest="12",
    manager=APT,
    packages=("iproute2", "iputils-ping", "nftables"),
    packages_bgp=("frr", "frr-pythontools"),
    rules_file="/etc/nftables.conf",
    ike_daemon=STRONGSWAN,
    daemons=_daemons(_STRONGSWAN, _LIBRESWAN, "6.0", "5.2"),
    releases={"12": {"daemons": _daemons(_STRONGSWAN_5, _LIBRESWAN, "5.9.8", "4.10")}},
)
_UBUNTU = replace(
    _DEBIAN,
    id="ubuntu",
    oldest="22.04",
    releases={
        "22.04": {"daemons": _daemons(_STRONGSWAN_5, _LIBRESWAN, "5.9.5", "3.32")},
        "24.04": {"daemons": _daemons(_STRONGSWAN_5, _LIBRESWAN, "5.9.13", "4.14")},
    },
)
_FEDORA = Platform(
    id="fedora",
    oldest="42",
    manager=DNF,
    packages=("iproute", "iputils", "nftables"),
    # It has frr-reload.py, and brings its SELinux policy.
    packages_bgp=("frr",),
    rules_file="/etc/sysconfig/nftables.conf",
    ike_daemon=LIBRESWAN,
    daemons=_daemons(_STRONGSWAN_RPM, _LIBRESWAN, "6.0", "5.2"),
)
_RHEL = replace(
    _FEDORA,
    id="rhel",
    oldest="8",
    elsewhere={"strongswan": "EPEL"},
    releases={
        # Its own Python is 3.6, too old for Ansible and for the programs of the role.
        "8": {
            "daemons": _daemons(_STRONGSWAN_RPM, _LIBRESWAN, "5.9.8", "4.12"),
            "packages": (*_FEDORA.packages, "python3.12"),
            "python": "/usr/bin/python3.12",
        },
        "9": {"daemons": _daemons(_STRONGSWAN_RPM, _LIBRESWAN, "5.9.14", "4.15")},
    },
)
_AMAZON = replace(
    _FEDORA,
    id="amzn",
    oldest="2023",
    elsewhere={"strongswan": "a repository with it", "frr": "SPAL"},
    daemons=_daemons(_STRONGSWAN_RPM, _LIBRESWAN, "5.9.14", "4.12"),
)
# Builds of the same sources, with the same releases.
_REBUILDS = [replace(_RHEL, id=name) for name in ("centos", "rocky", "almalinux", "ol")]
PLATFORMS = {row.id: row for row in (_DEBIAN, _UBUNTU, _RHEL, *_REBUILDS, _FEDORA, _AMAZON)}


def platform(name: str, version: str) -> Platform:
    """The row of a distribution; one that is not supported is read as Debian is."""
    return PLATFORMS.get(name, _DEBIAN).at(version)
