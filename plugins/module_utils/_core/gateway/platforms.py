# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The distributions a gateway can have: names, paths and versions, one row for each."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

STRONGSWAN, LIBRESWAN = "strongswan", "libreswan"
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
    packages: tuple[str, ...]
    # Directories of its settings, if the role writes any, and of its connections and keys.
    settings: str
    connections: str
    key_suffix: str
    # The command that checks a file of a connection.
    validate: str

    @property
    def unit(self) -> str:
        return IKE_UNITS[self.name]


@dataclass(frozen=True)
class Platform:
    """A distribution, in one of its releases."""

    id: str
    oldest: str
    packages: tuple[str, ...]
    packages_bgp: tuple[str, ...]
    bgp_unit: str
    nft: str
    daemons: Mapping[str, Daemon]
    # By release, what is different there. A release that is not in it is treated as the newest.
    releases: Mapping[str, Mapping[str, Daemon]] = field(default_factory=dict)

    def at(self, version: str) -> Platform:
        """The same in this release."""
        return replace(self, daemons={**self.daemons, **self.releases.get(version, {})}, releases={})

    @property
    def all_packages(self) -> list[str]:
        """What any gateway on it needs, with either daemon and in any release."""
        daemons = [*self.daemons.values(), *(each for row in self.releases.values() for each in row.values())]
        of_daemons = [name for daemon in daemons for name in daemon.packages]
        return list(dict.fromkeys([*self.packages, *self.packages_bgp, *of_daemons]))


_STRONGSWAN = Daemon(
    name=STRONGSWAN,
    version="6.0",
    packages=("charon-systemd", "strongswan-swanctl"),
    settings="/etc/strongswan.d",
    connections="/etc/swanctl/conf.d",
    key_suffix=".conf",
    validate="",
)
# Before release 6 of strongSwan, elliptic curves are in a package of their own.
_STRONGSWAN_5 = replace(_STRONGSWAN, packages=(*_STRONGSWAN.packages, "libstrongswan-standard-plugins"))
_LIBRESWAN = Daemon(
    name=LIBRESWAN,
    version="5.2",
    packages=("libreswan",),
    settings="",
    connections="/etc/ipsec.d",
    key_suffix=".secrets",
    validate="ipsec addconn --config %s --checkconfig",
)


def _versions(strongswan: str, libreswan: str) -> dict[str, Daemon]:
    """The daemons of a release with strongSwan 5."""
    return {
        STRONGSWAN: replace(_STRONGSWAN_5, version=strongswan),
        LIBRESWAN: replace(_LIBRESWAN, version=libreswan),
    }


_DEBIAN = Platform(
    id="debian",
    oldest="12",
    packages=("iproute2", "iputils-ping", "nftables"),
    packages_bgp=("frr", "frr-pythontools"),
    bgp_unit="frr.service",
    nft="/usr/sbin/nft",
    daemons={STRONGSWAN: _STRONGSWAN, LIBRESWAN: _LIBRESWAN},
    releases={"12": _versions("5.9.8", "4.10")},
)
_UBUNTU = replace(
    _DEBIAN,
    id="ubuntu",
    oldest="22.04",
    releases={"22.04": _versions("5.9.5", "3.32"), "24.04": _versions("5.9.13", "4.14")},
)
PLATFORMS = {row.id: row for row in (_DEBIAN, _UBUNTU)}


def known_packages() -> list[str]:
    """Packages of all platforms: they are asked for once, before the distribution is known."""
    return list(dict.fromkeys(name for row in PLATFORMS.values() for name in row.all_packages))


def known_units() -> list[str]:
    """Units of the role, and those of all IKE daemons."""
    return [*OWN_UNITS, *RIVAL_UNITS]
