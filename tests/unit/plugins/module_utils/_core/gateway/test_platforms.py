# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the distributions: all that the role uses is there."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import platforms
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.platforms import PLATFORMS, Platform
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.values import release

# By the commands that the programs of the role and its tests of a tunnel run.
COMMANDS = {"ip": "iproute", "nft": "nftables", "ping": "iputils"}
ROWS = pytest.mark.parametrize("row", PLATFORMS.values(), ids=PLATFORMS)


@ROWS
def test_the_packages_of_all_commands_are_named(row: Platform) -> None:
    lacking = [word for word, start in COMMANDS.items() if not any(name.startswith(start) for name in row.packages)]
    assert lacking == []


RELEASES = [(row.id, version) for row in PLATFORMS.values() for version in (row.oldest, *row.releases, "")]


@pytest.mark.parametrize(("name", "version"), RELEASES)
def test_a_row_has_each_daemon_in_each_release(name: str, version: str) -> None:
    row = platforms.platform(name, version)
    assert {key: daemon.name for key, daemon in row.daemons.items()} == {key: key for key in platforms.IKE_UNITS}
    assert all(release(daemon.version) > (3,) for daemon in row.daemons.values())
    assert all(daemon.unit in platforms.RIVAL_UNITS for daemon in row.daemons.values())
    assert row.ike_daemon in row.daemons
    assert set(row.elsewhere) <= set(row.all_packages)


@pytest.mark.parametrize(("name", "version"), RELEASES)
def test_the_default_daemon_is_new_enough_and_in_the_distribution(name: str, version: str) -> None:
    row = platforms.platform(name, version)
    daemon = row.daemons[row.ike_daemon]
    assert release(daemon.version) >= release(platforms.OLDEST_DAEMON.get(daemon.name, ""))
    assert not set(row.elsewhere).intersection(daemon.packages)


@pytest.mark.parametrize(
    ("name", "version", "strongswan", "libreswan"),
    [
        ("debian", "12", "5.9.8", "4.10"),
        ("debian", "13", "6.0", "5.2"),
        ("debian", "", "6.0", "5.2"),
        ("ubuntu", "22.04", "5.9.5", "3.32"),
        ("ubuntu", "24.04", "5.9.13", "4.14"),
        ("ubuntu", "26.04", "6.0", "5.2"),
        ("rhel", "8.10", "5.9.8", "4.12"),
        ("ol", "8.10", "5.9.8", "4.12"),
        ("rocky", "9.6", "5.9.14", "4.15"),
        ("centos", "9", "5.9.14", "4.15"),
        ("almalinux", "10.0", "6.0", "5.2"),
        ("centos", "10", "6.0", "5.2"),
        ("fedora", "43", "6.0", "5.2"),
        ("amzn", "2023", "5.9.14", "4.12"),
    ],
)
def test_the_daemons_of_a_release(name: str, version: str, strongswan: str, libreswan: str) -> None:
    daemons = platforms.platform(name, version).daemons
    assert [daemons[each].version for each in ("strongswan", "libreswan")] == [strongswan, libreswan]
    has_curves = "libstrongswan-standard-plugins" in daemons["strongswan"].packages
    assert has_curves == (name in ("debian", "ubuntu") and strongswan.startswith("5"))


@pytest.mark.parametrize(
    ("name", "version", "manager", "python", "rules_file", "ike_daemon"),
    [
        ("debian", "13", "apt", "/usr/bin/python3", "/etc/nftables.conf", "strongswan"),
        ("ubuntu", "22.04", "apt", "/usr/bin/python3", "/etc/nftables.conf", "strongswan"),
        ("rocky", "8.9", "dnf", "/usr/bin/python3.12", "/etc/sysconfig/nftables.conf", "libreswan"),
        ("rhel", "9.6", "dnf", "/usr/bin/python3", "/etc/sysconfig/nftables.conf", "libreswan"),
        ("fedora", "44", "dnf", "/usr/bin/python3", "/etc/sysconfig/nftables.conf", "libreswan"),
        ("amzn", "2023", "dnf", "/usr/bin/python3", "/etc/sysconfig/nftables.conf", "libreswan"),
        # Whatever else is there, it is refused later.
        ("slackware", "15.0", "apt", "/usr/bin/python3", "/etc/nftables.conf", "strongswan"),
    ],
)
def test_what_else_differs(
    name: str, version: str, manager: str, python: str, rules_file: str, ike_daemon: str
) -> None:
    row = platforms.platform(name, version)
    assert (row.manager, row.python, row.rules_file, row.ike_daemon) == (manager, python, rules_file, ike_daemon)
    # The package of a Python beside the one of the distribution.
    assert (python.rpartition("/")[2] in row.packages) == (python != "/usr/bin/python3")


def test_all_packages_are_asked_for_once() -> None:
    packages = platforms.platform("debian", "12").all_packages
    assert len(set(packages)) == len(packages)
    assert {"charon-systemd", "libstrongswan-standard-plugins", "libreswan", "frr", "nftables"} <= set(packages)
    assert "frr-pythontools" not in platforms.platform("rhel", "9").all_packages
