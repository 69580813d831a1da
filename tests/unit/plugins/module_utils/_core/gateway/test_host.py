# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a host cannot be a gateway, and what one that can needs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.host import Asked, needs, obstacles
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.platforms import OWN_UNITS, platform

RUNS = {"active": True, "enabled": True}
AT_BOOT = {"active": False, "enabled": True}
NOT_INSTALLED = {"name": "libreswan", "version": None}
LEFT_OVER = {"active": False, "enabled": False}


def status(name: str = "debian", version: str = "13", units: Any = None, **more: Any) -> dict[str, Any]:
    """What gateway_status returns, as far as it is read."""
    host = {"id": name, "version": version, "addresses": ["198.51.100.10"]}
    host.update(packages_missing=[], packages_unavailable=[])
    known = {"ipsec_capable": True, "missing": [], "host": host, "units": units or {}, "daemon": NOT_INSTALLED}
    return {**known, **more}


@pytest.mark.parametrize("daemon", ["strongswan", "libreswan"])
@pytest.mark.parametrize(
    ("name", "version"),
    [
        *(("debian", version) for version in ("12", "13", "14", "")),
        ("ubuntu", "24.04"),
        *((name, version) for name in ("rhel", "rocky", "almalinux", "ol") for version in ("8.10", "9.6", "10.0")),
        *(("centos", version) for version in ("8", "9", "10")),
        *(("fedora", version) for version in ("42", "44")),
        ("amzn", "2023"),
    ],
)
def test_a_host_that_can(daemon: str, name: str, version: str) -> None:
    assert obstacles(status(name, version), Asked(daemon, lan_address="198.51.100.10")) == []


@pytest.mark.parametrize(
    ("name", "version", "daemon", "text"),
    [
        ("debian", "11", "strongswan", "debian 11 is too old (supported: 12 and later)"),
        ("ubuntu", "20.04", "strongswan", "ubuntu 20.04 is too old (supported: 22.04 and later)"),
        (
            "ubuntu",
            "22.04",
            "libreswan",
            "libreswan 3.32 of ubuntu 22.04 is too old (supported: 4.10 and later)",
        ),
        ("centos", "7", "libreswan", "centos 7 is too old (supported: 8 and later)"),
        ("ol", "7.9", "libreswan", "ol 7.9 is too old (supported: 8 and later)"),
        ("fedora", "39", "libreswan", "fedora 39 is too old (supported: 42 and later)"),
        ("amzn", "2", "libreswan", "amzn 2 is too old (supported: 2023 and later)"),
        ("slackware", "15.0", "strongswan", "the distribution slackware is not supported (supported: debian, ubuntu"),
    ],
)
def test_an_old_or_unknown_release(name: str, version: str, daemon: str, text: str) -> None:
    (found,) = obstacles(status(name, version), Asked(daemon))
    assert found.startswith(text)


@pytest.mark.parametrize(
    ("name", "version", "installed", "text"),
    [
        ("debian", "12", "4.10-2+deb12u1", ""),
        ("ubuntu", "22.04", "4.15-1", ""),
        # A minor release for which updates are still made.
        ("rhel", "8.6", "4.5", "libreswan 4.5 of rhel 8.6 is too old (supported: 4.10 and later)"),
        ("rhel", "9.6", "2:4.15", ""),
    ],
)
def test_the_version_that_is_installed_counts(name: str, version: str, installed: str, text: str) -> None:
    seen = status(name, version, daemon={"name": "libreswan", "version": installed})
    assert obstacles(seen, Asked("libreswan")) == ([text] if text else [])
    assert needs(seen, Asked("libreswan"))["daemon"]["version"] == installed.split(":")[-1].split("-")[0]
    other = needs(seen, Asked("strongswan"))["daemon"]["version"]
    assert other == platform(name, version).daemons["strongswan"].version


@pytest.mark.parametrize(
    ("name", "version", "package", "text"),
    [
        (
            "rhel",
            "9.6",
            "strongswan",
            "strongswan is not in rhel, and no repository of the host has it. Enable EPEL, or use",
        ),
        ("rocky", "8.10", "strongswan", "Enable EPEL, or use libreswan"),
        (
            "amzn",
            "2023",
            "strongswan",
            "no repository of the host has it. Enable a repository with it, or use libreswan",
        ),
        ("amzn", "2023", "frr", "frr is not in amzn, and no repository of the host has it. Enable SPAL, or use static"),
    ],
)
def test_a_package_that_no_repository_has(name: str, version: str, package: str, text: str) -> None:
    seen = status(name, version)
    seen["host"]["packages_unavailable"] = [package]
    (found,) = obstacles(seen, Asked("strongswan"))
    assert text in found


def test_a_kernel_without_ipsec() -> None:
    without = status(ipsec_capable=False, missing=["XFRM interfaces", "ESP"])
    assert obstacles(without, Asked("strongswan")) == [
        "the kernel does not support IPsec (missing: XFRM interfaces, ESP)"
    ]
    assert obstacles(without, Asked("strongswan", apply="staged")) == []


def test_an_address_of_somebody_else() -> None:
    (found,) = obstacles(status(), Asked("strongswan", lan_address="10.20.0.1"))
    assert found == "gateway_lan_address 10.20.0.1 is not an address of the host (198.51.100.10)"


@pytest.mark.parametrize(
    ("daemon", "units", "rivals"),
    [
        ("libreswan", {"strongswan.service": RUNS}, "strongswan.service"),
        ("strongswan", {"ipsec.service": AT_BOOT}, "ipsec.service"),
        ("strongswan", {"strongswan-starter.service": RUNS}, "strongswan-starter.service"),
        ("libreswan", {"strongswan.service": LEFT_OVER, "ipsec.service": RUNS}, ""),
        ("strongswan", {"frr.service": RUNS, "strongswan.service": RUNS}, ""),
    ],
)
def test_another_daemon(daemon: str, units: dict[str, Any], rivals: str) -> None:
    found = obstacles(status(units=units), Asked(daemon))
    assert len(found) == bool(rivals)
    assert all(f"starts at boot: {rivals}. To use {daemon}," in line for line in found)


CONNECTIONS = {
    "ipsec.service": ["/etc/ipsec.d/branch.conf (branch)"],
    "strongswan.service": [],
    "strongswan-starter.service": ["/etc/ipsec.d/branch.conf (branch)"],
}


@pytest.mark.parametrize(
    ("units", "apply", "found"),
    [
        ({"strongswan.service": RUNS}, "now", []),
        (
            {"strongswan.service": RUNS},
            "staged",
            ["a swap of the IKE daemon cannot be staged. Set gateway_apply to now"],
        ),
        # Connections count only of a daemon that would end.
        ({"ipsec.service": RUNS, "strongswan-starter.service": LEFT_OVER}, "now", []),
        (
            {"strongswan-starter.service": AT_BOOT},
            "now",
            [
                "to use libreswan would end connections that are not of this role: /etc/ipsec.d/branch.conf (branch)",
            ],
        ),
    ],
)
def test_another_daemon_with_consent(units: dict[str, Any], apply: str, found: list[str]) -> None:
    seen = status(units=units, owner={"connections": CONNECTIONS})
    assert obstacles(seen, Asked("libreswan", apply=apply, allow_daemon_swap=True)) == found


@pytest.mark.parametrize("is_allowed", [False, True])
@pytest.mark.parametrize(("name", "version"), [("rhel", "9.6"), ("fedora", "44"), ("amzn", "2023")])
def test_another_daemon_without_apt(name: str, version: str, is_allowed: bool) -> None:
    """The programs for the swap know only apt."""
    seen = status(name, version, units={"ipsec.service": RUNS}, owner={"connections": CONNECTIONS})
    assert obstacles(seen, Asked("strongswan", allow_daemon_swap=is_allowed)) == [
        "another IKE daemon runs, or starts at boot: ipsec.service. To use strongswan, stop and disable it first. "
        "The role changes the daemon only on distributions with apt"
    ]


def test_what_a_swap_takes() -> None:
    host = {**status()["host"], "packages_missing": ["libreswan", "frr"]}
    seen = status(units={"strongswan.service": AT_BOOT}, host=host)
    wanted = {
        "packages": ["libreswan", "frr"],
        "remove": ["charon-systemd"],
        "unit": "ipsec.service",
        "rivals": ["strongswan.service", "strongswan-starter.service"],
    }
    assert needs(seen, Asked("libreswan", routing="bgp"))["swap"] == wanted
    assert needs(seen, Asked("strongswan"))["swap"] == {}
    # Completed with either daemon.
    assert needs(status(is_swapping=True), Asked("strongswan"))["swap"]["remove"] == ["libreswan"]


@pytest.mark.parametrize("routing", ["static", "bgp", ""])
def test_packages_and_units(routing: str) -> None:
    host = {**status()["host"], "packages_missing": ["frr", "iproute2", "libreswan", "other"]}
    found = needs(status(host=host), Asked("strongswan", routing=routing))
    with_bgp = routing == "bgp"
    assert found["packages_missing"] == ["iproute2", *(["frr"] if with_bgp else [])]
    assert ("frr-pythontools" in found["packages"]) == with_bgp
    assert found["units_stopped"] == [*OWN_UNITS, "strongswan.service", *(["frr.service"] if with_bgp else [])]


def test_a_unit_that_runs_or_starts_at_boot_only_is_stopped() -> None:
    units = {**dict.fromkeys(OWN_UNITS, RUNS), "ipsec.service": AT_BOOT}
    found = needs(status(units=units), Asked("libreswan"))
    assert found["units_stopped"] == ["ipsec.service"]
    assert found["packages_missing"] == []


@pytest.mark.parametrize(
    ("name", "daemon", "unit", "connections", "settings", "key_suffix"),
    [
        ("debian", "strongswan", "strongswan.service", "/etc/swanctl/conf.d", "/etc/strongswan.d", ".conf"),
        ("debian", "libreswan", "ipsec.service", "/etc/ipsec.d", "", ".secrets"),
        (
            "rhel",
            "strongswan",
            "strongswan.service",
            "/etc/strongswan/swanctl/conf.d",
            "/etc/strongswan/strongswan.d",
            ".conf",
        ),
        ("rhel", "libreswan", "ipsec.service", "/etc/ipsec.d", "", ".secrets"),
    ],
)
def test_names_and_paths_for_the_templates(
    name: str, daemon: str, unit: str, connections: str, settings: str, key_suffix: str
) -> None:
    chosen = needs(status(name, ""), Asked(daemon))["daemon"]
    assert (chosen["name"], chosen["unit"]) == (daemon, unit)
    assert (chosen["connections"], chosen["settings"]) == (connections, settings)
    assert chosen["key_suffix"] == key_suffix


def test_the_platform_for_the_templates() -> None:
    assert needs(status("rocky", "8.10"), Asked("libreswan"))["platform"] == {
        "manager": "dnf",
        "python": "/usr/bin/python3.12",
        "nft": "/usr/sbin/nft",
        "rules_file": "/etc/sysconfig/nftables.conf",
        "bgp_unit": "frr.service",
    }
