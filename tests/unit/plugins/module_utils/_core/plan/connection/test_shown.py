# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection as plans show and compare it: AWS's defaults spelled out, keys never."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    ConnectionWanted,
    StaticRoute,
    Tunnel,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.shown import (
    both,
    connection_model,
    creation_options,
    new_connection_model,
    tunnel_model,
)

MARKER = "MARKER_psk.1"
ENDS = Ends("cgw-1", transit_gateway_id="tgw-1")


def existing(**changes: Any) -> Connection:
    base: dict[str, Any] = {
        "vpn_gateway_id": None,
        "transit_gateway_id": "tgw-1",
        "tunnels": (Tunnel(1, "203.0.113.1", "169.254.20.0/30", Secret(MARKER)),),
        **changes,
    }
    return Connection(id="vpn-1", state="available", customer_gateway_id="cgw-1", routing="bgp", **base)


def test_a_connection_that_exists() -> None:
    routes = (StaticRoute("10.2.0.0/16", "pending"), StaticRoute("10.1.0.0/16", "available"))
    gone = StaticRoute("10.3.0.0/16", "deleting")
    model = connection_model(existing(routes=(*routes, gone), tags={"a": "b"}), [existing(), existing()])
    assert (model["target"], model["static_routes"]) == (
        {"transit_gateway_id": "tgw-1"},
        ["10.1.0.0/16", "10.2.0.0/16"],
    )
    assert (model["tags"], model["outgoing"]) == ({"a": "b"}, ["vpn-1", "vpn-1"])
    assert model["tunnels"][0]["pre_shared_key"] == "(set)"
    assert MARKER not in str(model)


def test_what_aws_does_not_say_of_an_option_is_at_its_default() -> None:
    said = {"enable_acceleration": False, "tunnel_inside_ip_version": "ipv4"}
    assert connection_model(existing(options=said)) == connection_model(existing())
    other = connection_model(existing(options={"enable_acceleration": True}))["options"]
    assert other["enable_acceleration"] is True
    assert other["tunnel_inside_ip_version"] == "ipv4"


@pytest.mark.parametrize(
    ("options", "key", "expected"),
    [
        ({}, None, {"pre_shared_key": None, "log_enabled": False}),
        ({}, Secret(MARKER), {"pre_shared_key": "(set)", "log_enabled": False}),
        ({"log_enabled": True}, None, {"pre_shared_key": None, "log_enabled": True}),
        # No rounds of key exchange are the same as none ever set.
        ({"phase1_additional_key_exchanges": []}, None, {"pre_shared_key": None, "log_enabled": False}),
        (
            {"ike_versions": ["ikev2", "ikev1"], "unknown": 1},
            None,
            {"pre_shared_key": None, "log_enabled": False, "ike_versions": ["ikev1", "ikev2"]},
        ),
    ],
)
def test_a_tunnel_as_far_as_aws_says_it(options: dict[str, Any], key: Secret | None, expected: dict[str, Any]) -> None:
    assert tunnel_model(Tunnel(1, "203.0.113.1", None, key, options)) == expected


@pytest.mark.parametrize(
    ("changes", "ends", "storage", "key"),
    [
        ({}, ENDS, "Standard", "(set)"),
        ({"pre_shared_key_storage": "SecretsManager"}, ENDS, "SecretsManager", None),
        ({}, Ends("cgw-1", transit_gateway_id="tgw-1", has_certificate=True), "Standard", None),
    ],
)
def test_where_the_keys_of_a_new_connection_lie(changes: dict[str, Any], ends: Ends, storage: str, key: Any) -> None:
    model = new_connection_model(ConnectionWanted("berlin", **changes), ends)
    assert model["pre_shared_key_storage"] == storage
    assert [tunnel["pre_shared_key"] for tunnel in model["tunnels"]] == [key, key]


@pytest.mark.parametrize(
    ("options", "inside"),
    [({}, "inside_cidr"), ({"tunnel_inside_ip_version": "ipv6"}, "inside_ipv6_cidr")],
)
def test_aws_chooses_the_inside_networks_that_nobody_names(options: dict[str, Any], inside: str) -> None:
    named = TunnelWanted({inside: "169.254.20.0/30", "pre_shared_key": Secret(MARKER)})
    model = new_connection_model(ConnectionWanted("berlin", tunnels=(named,), options=options), ENDS)
    assert [tunnel[inside] for tunnel in model["tunnels"]] == ["169.254.20.0/30", "(chosen by AWS)"]
    assert MARKER not in str(model)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_connection_has_two_tunnels(count: int) -> None:
    wanted = tuple(TunnelWanted({"startup_action": "start"}) for _each in range(count))
    assert both(wanted) == (*wanted, TunnelWanted(), TunnelWanted())[:2]


@pytest.mark.parametrize(
    ("routing", "options", "sent"),
    [
        ("bgp", {}, {"static_routes_only": False}),
        ("static", {}, {"static_routes_only": True}),
        # Some Regions refuse to be told even the defaults of newer options.
        ("bgp", {"tunnel_bandwidth": "standard", "enable_acceleration": False}, {"static_routes_only": False}),
        ("bgp", {"enable_acceleration": True}, {"static_routes_only": False, "enable_acceleration": True}),
    ],
)
def test_what_a_creation_sends(routing: str, options: dict[str, Any], sent: dict[str, Any]) -> None:
    assert creation_options(ConnectionWanted("berlin", routing=routing, options=options)) == sent
