# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a host cannot be a gateway, and what one that can needs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.host import Asked, needs, obstacles
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.platforms import OWN_UNITS

RUNS = {"active": True, "enabled": True}
AT_BOOT = {"active": False, "enabled": True}
LEFT_OVER = {"active": False, "enabled": False}


def status(name: str = "debian", version: str = "13", units: Any = None, **more: Any) -> dict[str, Any]:
    """What gateway_status returns, as far as it is read."""
    host = {"id": name, "version": version, "addresses": ["198.51.100.10"], "packages_missing": []}
    known = {"ipsec_capable": True, "missing": [], "host": host, "units": units or {}}
    return {**known, **more}


@pytest.mark.parametrize("daemon", ["strongswan", "libreswan"])
@pytest.mark.parametrize("version", ["12", "13", "14", ""])
def test_a_host_that_can(daemon: str, version: str) -> None:
    assert obstacles(status(version=version), Asked(daemon, lan_address="198.51.100.10")) == []


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
        ("slackware", "15.0", "strongswan", "the distribution slackware is not supported (supported: debian, ubuntu"),
    ],
)
def test_an_old_or_unknown_release(name: str, version: str, daemon: str, text: str) -> None:
    (found,) = obstacles(status(name, version), Asked(daemon))
    assert found.startswith(text)


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
    ("daemon", "unit", "connections", "key_suffix"),
    [
        ("strongswan", "strongswan.service", "/etc/swanctl/conf.d", ".conf"),
        ("libreswan", "ipsec.service", "/etc/ipsec.d", ".secrets"),
    ],
)
def test_names_and_paths_for_the_templates(daemon: str, unit: str, connections: str, key_suffix: str) -> None:
    found = needs(status(), Asked(daemon))
    assert found["platform"] == {"bgp_unit": "frr.service", "nft": "/usr/sbin/nft"}
    chosen = found["daemon"]
    assert (chosen["name"], chosen["unit"]) == (daemon, unit)
    assert (chosen["connections"], chosen["key_suffix"]) == (connections, key_suffix)
