# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the distributions: all that the role uses is there."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import platforms
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.platforms import PLATFORMS, Platform

# By the commands that the programs of the role and its tests of a tunnel run.
COMMANDS = {"ip": "iproute", "nft": "nftables", "ping": "iputils"}
ROWS = pytest.mark.parametrize("row", PLATFORMS.values(), ids=PLATFORMS)


@ROWS
def test_the_packages_of_all_commands_are_named(row: Platform) -> None:
    lacking = [word for word, start in COMMANDS.items() if not any(name.startswith(start) for name in row.packages)]
    assert lacking == []


@ROWS
def test_a_row_has_each_daemon_in_each_release(row: Platform) -> None:
    for release in ("", *row.releases):
        daemons = row.at(release).daemons
        assert {name: daemon.name for name, daemon in daemons.items()} == {name: name for name in platforms.IKE_UNITS}
        assert all(daemon.unit in platforms.RIVAL_UNITS for daemon in daemons.values())


@pytest.mark.parametrize(
    ("name", "version", "strongswan", "libreswan"),
    [
        ("debian", "12", "5.9.8", "4.10"),
        ("debian", "13", "6.0", "5.2"),
        ("debian", "", "6.0", "5.2"),
        ("ubuntu", "22.04", "5.9.5", "3.32"),
        ("ubuntu", "24.04", "5.9.13", "4.14"),
        ("ubuntu", "26.04", "6.0", "5.2"),
    ],
)
def test_the_daemons_of_a_release(name: str, version: str, strongswan: str, libreswan: str) -> None:
    daemons = PLATFORMS[name].at(version).daemons
    assert [daemons[each].version for each in ("strongswan", "libreswan")] == [strongswan, libreswan]
    has_curves = "libstrongswan-standard-plugins" in daemons["strongswan"].packages
    assert has_curves == strongswan.startswith("5")


def test_packages_and_units_are_asked_for_once() -> None:
    packages, units = platforms.known_packages(), platforms.known_units()
    assert len(set(packages)) == len(packages)
    assert {"charon-systemd", "libstrongswan-standard-plugins", "libreswan", "frr", "nftables"} <= set(packages)
    assert {"aws-vpn.service", "strongswan.service", "strongswan-starter.service", "ipsec.service"} <= set(units)
