# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of each site after a removal, and before it what is to go."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Connection,
    CustomerGateway,
    Observed,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.removal import Removal
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.removal_results import names, results

ACCESS = Access("eu-central-1")
OURS = tags.connection_tags("berlin", {})
OUTGOING = {**OURS, OUTGOING_TAG: "true"}


def connection(number: int, own: dict[str, str] | None = None, state: str = "available") -> Connection:
    return Connection(
        id=f"vpn-{number}",
        state=state,
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="bgp",
        tags=OURS if own is None else own,
    )


DEVICE = CustomerGateway("cgw-1", "available", "198.51.100.10", 65010, tags=tags.gateway_tags("berlin", {}))


@pytest.mark.parametrize(
    ("connections", "shown"),
    [
        ((), None),
        ((connection(1),), "vpn-1"),
        # All of a name go, however many there are, and the one in use is shown.
        ((connection(1, OUTGOING), connection(2)), "vpn-2"),
        ((connection(2), connection(1)), "vpn-1"),
        ((connection(1, OUTGOING),), None),
        ((connection(1, state="deleting"),), None),
        ((connection(1, {"hybridnet:gateway": "berlin", "hybridnet:connection": "main"}),), None),
    ],
)
def test_one_connection_of_each_site(connections: tuple[Connection, ...], shown: str | None) -> None:
    found = results(["berlin"], Observed(connections=connections), ACCESS)
    assert found["berlin"]["vpn_connection_id"] == shown


def test_each_site_that_was_named_has_a_result() -> None:
    found: dict[str, Any] = results(["berlin", "oslo"], Observed(customer_gateways=(DEVICE,)), ACCESS)
    assert [(found[name]["region"], found[name]["account"]) for name in ("berlin", "oslo")] == [
        (ACCESS.region, None)
    ] * 2
    assert [found[name]["customer_gateway_id"] for name in ("berlin", "oslo")] == ["cgw-1", None]
    assert [found[name]["public_ip"] for name in ("berlin", "oslo")] == ["198.51.100.10", None]
    assert [found[name]["tunnels"] for name in ("berlin", "oslo")] == [[], []]


def named(name: str, number: int) -> Connection:
    return connection(number, tags.connection_tags(name, {}))


@pytest.mark.parametrize(
    ("removal", "about"),
    [
        # Of a whole gateway all that it has; without any, it counts with its main one.
        (Removal(("hub",)), ["hub/a", "hub/b"]),
        (Removal(("hub", "nowhere")), ["hub/a", "hub/b", "nowhere"]),
        (Removal(names=("hub/b", "hub/none")), ["hub/b", "hub/none"]),
        (Removal(("berlin",), ("hub/a",)), ["berlin", "hub/a"]),
        (Removal(everything=True), ["berlin", "hub/a", "hub/b", "ulm"]),
        (Removal(), []),
    ],
)
def test_what_a_removal_is_about(removal: Removal, about: list[str]) -> None:
    lone = CustomerGateway("cgw-9", "available", "198.51.100.19", 65010, tags=tags.gateway_tags("ulm", {}))
    there = Observed(connections=(named("hub/a", 1), named("hub/b", 2), named("berlin", 3)), customer_gateways=(lone,))
    assert names(removal, there) == about


def test_connections_of_a_gateway_have_a_result_each() -> None:
    found = results(["hub/a", "hub/b"], Observed(connections=(named("hub/a", 1),)), ACCESS)
    assert {name: (each["gateway"], each["connection"], each["vpn_connection_id"]) for name, each in found.items()} == {
        "hub/a": ("hub", "a", "vpn-1"),
        "hub/b": ("hub", "b", None),
    }
