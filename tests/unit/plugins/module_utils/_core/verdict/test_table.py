# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on all tunnels: rows for programs, lines for people."""

from __future__ import annotations

from typing import Any

from .builders import judged, pings, pings_back, seen, telemetry, tunnel

DOWN: dict[str, Any] = {"ike": "CONNECTING", "esp": "DOWN", "bgp": {"state": "Active"}}


def test_lines() -> None:
    sites = {
        "berlin": {"tunnels": [tunnel(1), tunnel(2)]},
        "x": {"tunnels": [{**tunnel(3, "static"), "outside_address": "203.0.113.100"}]},
    }
    result = judged(
        sites,
        {"berlin": {"tunnels": [seen(1), seen(2, **DOWN, evidence=["AUTHENTICATION_FAILED"])]}},
        [telemetry(1), telemetry(2, status="DOWN")],
        {"berlin": pings(4, 0)},
        {"berlin": pings_back()},
    )
    assert result["lines"][:-2] == [
        "site    tunnel  outside address  IKE          ESP        BGP          AWS   ping",
        "berlin  1       203.0.113.2      ESTABLISHED  INSTALLED  Established  UP    4/5",
        "berlin  2       203.0.113.6      CONNECTING   DOWN       Active       DOWN  0/5",
        "x       3       203.0.113.100    ?            ?          -            ?     -",
        "berlin tunnel 1: 4/5 pings answered, some were lost",
        "berlin: pings back from 10.0.0.100 to 10.20.0.10: 5/5",
        "x: no pings into AWS (they need site_vpn_vpc_probe_address)",
        "x: no pings back (they need site_vpn_vpc_probe_host)",
        "not applicable: bgp, prefixes (static routing): x",
        "1 of 3 tunnels up from both ends",
    ]
    assert result["lines"][-2:] == result["causes"]
    assert result["causes"][0].startswith("berlin tunnel 2 (203.0.113.6): authentication failed. Check: ")
    assert result["causes"][1].startswith("x tunnel 3 (203.0.113.100): no status from the gateway. Check: ")


def test_a_gateway_left_out_does_not_count() -> None:
    """It is named, but the others decide whether all is well."""
    sites = {"berlin": {"tunnels": [tunnel(1)]}, "x": {"tunnels": [{**tunnel(2), "outside_address": "203.0.113.100"}]}}
    status = {"berlin": {"tunnels": [seen(1)]}, "x": {"left_out": "no route to host\n"}}
    result = judged(sites, status, [telemetry(1)])
    assert result["up"]
    assert [row["up"] for row in result["rows"]] == [True, False]
    assert "x: no pings into AWS (the gateway cannot be reached)" in result["lines"]
    cause = "x tunnel 2 (203.0.113.100): the gateway cannot be reached: no route to host. Check: does Ansible reach x."
    assert result["causes"] == [cause]


def test_one_tunnel_without_probe_is_said() -> None:
    sites = {"berlin": {"tunnels": [tunnel(1), tunnel(2)]}}
    status = {"berlin": {"tunnels": [seen(1), seen(2)]}}
    result = judged(sites, status, [telemetry(1), telemetry(2)], {"berlin": pings(5)})
    assert result["up"]
    assert "berlin: no pings through tunnel 2" in result["lines"]


def test_a_site_without_tunnels_is_not_up() -> None:
    result = judged({"berlin": {"tunnels": []}})
    assert result["up"] is False
    assert result["lines"][1].split() == ["berlin", "-", "-", "?", "?", "-", "?", "-"]
    assert result["causes"] == [
        "berlin: AWS shows no tunnel of this connection. Check: the state of the VPN connection in AWS."
    ]


def test_nothing_to_look_at_is_not_up() -> None:
    result = judged({})
    assert (result["up"], result["causes"]) == (False, ["No tunnel to look at"])


def test_columns_that_say_something_new() -> None:
    """Two gateways at a site, one of them with two connections, each of which pings another host."""
    sites = {
        "oslo-1": {"site": "oslo", "tunnels": [tunnel(1)]},
        "oslo-2": {"site": "oslo", "tunnels": [tunnel(2)]},
        "oslo-2/dublin": {"site": "oslo", "tunnels": [tunnel(3)]},
    }
    status = {"oslo-1": {"tunnels": [seen(1)]}, "oslo-2": {"tunnels": [seen(2), seen(3)]}}
    forward = {"oslo-2": {"results": [{**pings(0, 4), "item": {"connection": "oslo-2"}}]}}
    forward["oslo-2"]["results"].append({**pings(0, 0, 5), "item": {"connection": "oslo-2/dublin"}})
    result = judged(sites, status, [telemetry(1), telemetry(2), telemetry(3)], forward)
    assert [line.rstrip() for line in result["lines"][:4]] == [
        "site  gateway  connection  tunnel  outside address  IKE          ESP        BGP          AWS  ping",
        "oslo  oslo-1   main        1       203.0.113.2      ESTABLISHED  INSTALLED  Established  UP   -",
        "oslo  oslo-2   main        2       203.0.113.6      ESTABLISHED  INSTALLED  Established  UP   4/5",
        "oslo  oslo-2   dublin      3       203.0.113.10     ESTABLISHED  INSTALLED  Established  UP   5/5",
    ]
    assert "oslo-2/dublin: no pings back (they need site_vpn_vpc_probe_host)" in result["lines"]


def test_a_cause_names_the_connection() -> None:
    result = judged({"hub/dublin": {"tunnels": [tunnel(1)]}}, {"hub": {"tunnels": [seen(1, **DOWN)]}}, [telemetry(1)])
    assert result["causes"][0].startswith("hub/dublin tunnel 1 (203.0.113.2): IKE is not up")
