# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection of a gateway: what it is called, and where its gateway stands."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry


def entry(**given: Any) -> ConnectionEntry:
    return ConnectionEntry(**{"gateway": "hub", "public_ip": "198.51.100.10", "bgp_asn": 65010, **given})


@pytest.mark.parametrize(
    ("given", "name"),
    [({}, "hub"), ({"connection": "main"}, "hub"), ({"connection": "dublin"}, "hub/dublin")],
)
def test_its_name(given: dict[str, str], name: str) -> None:
    assert entry(**given).name == name


@pytest.mark.parametrize(("place", "site"), [(None, "hub"), ("", "hub"), ("oslo", "oslo"), ("hub", "hub")])
def test_the_site_is_the_gateway_unless_it_is_named(place: str | None, site: str) -> None:
    assert entry(place=place, connection="dublin").site == site
