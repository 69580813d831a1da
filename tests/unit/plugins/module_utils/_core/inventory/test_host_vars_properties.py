# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever options a connection has: what adoption writes is read without a problem, and asks for no change."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.host import read_host
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.host_vars import host_vars
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    ConnectionWanted,
    CustomerGateway,
    Tunnel,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields, rules
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Field, Kind
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.adoption import ClaimedConnection
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.shown import tunnel_values
from hypothesis import assume, given, settings
from hypothesis import strategies as some

TGW = "tgw-0123456789abcdef0"
NETWORKS = {"site_vpn_local_cidrs": ["10.20.0.0/16"], "site_vpn_remote_cidrs": ["10.0.0.0/16"]}
# Those whose values are not free, or depend on what the connection ends on.
LEFT_OUT = {"inside_cidr", "inside_ipv6_cidr", "pre_shared_key"}
CONNECTION = ("enable_acceleration", "tunnel_bandwidth", "local_ipv4_network_cidr", "remote_ipv4_network_cidr")
ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn"


def values(row: Field) -> some.SearchStrategy[Any]:
    """What AWS may answer for one option; None for nothing."""
    if row.kind is Kind.VALUES:
        answered = some.lists(some.sampled_from(row.choices or ()), unique=True)
    elif row.kind is Kind.KEY_EXCHANGES:
        methods = some.lists(some.sampled_from([19, 20, 36, 37]), min_size=1, max_size=2, unique=True)
        entry = some.fixed_dictionaries(
            {
                "round": some.integers(1, 7),
                "methods": methods,
                "requirement": some.sampled_from(["required", "optional"]),
            }
        )
        answered = some.lists(entry, max_size=2, unique_by=lambda one: one["round"])
    elif row.choices:
        answered = some.sampled_from(row.choices)
    elif row.type == "bool":
        answered = some.booleans()
    elif row.type == "int":
        answered = some.integers(row.minimum or 0, row.maximum or 600)
    elif "arn" in row.name:
        answered = some.sampled_from([ARN, f"{ARN}:*", ""])
    else:
        answered = some.sampled_from(["10.20.0.0/16", "0.0.0.0/0"])
    return some.none() | answered


def options(table: tuple[Field, ...], *names: str) -> some.SearchStrategy[dict[str, Any]]:
    rows = [row for row in fields.settable(table) if (row.name in names if names else row.name not in LEFT_OUT)]
    return some.fixed_dictionaries({row.name: values(row) for row in rows}).map(
        lambda found: {name: value for name, value in found.items() if value is not None}
    )


def is_asked_for(name: str, tunnel: dict[str, Any]) -> bool:
    """Not what AWS answers where there is nothing to ask for."""
    for prefix in ("bgp_log_", "log_"):
        if name in (f"{prefix}group_arn", f"{prefix}output_format") and not tunnel.get(f"{prefix}enabled"):
            return False
    return tunnel[name] not in ([], "")


def is_possible(tunnels: list[dict[str, Any]], whole: dict[str, Any]) -> bool:
    """Whether AWS would have let a connection become so."""
    kept = [{name: value for name, value in tunnel.items() if is_asked_for(name, tunnel)} for tunnel in tunnels]
    want = ConnectionWanted(
        "berlin", transit_gateway_id=TGW, options=whole, tunnels=tuple(TunnelWanted(tunnel) for tunnel in kept)
    )
    return not rules.given_problems(want, rules.Setting(rules.TRANSIT_GATEWAY, "bgp", "198.51.100.10"))


@settings(max_examples=300, deadline=None)
@given(some.lists(options(fields.TUNNEL), min_size=2, max_size=2), options(fields.CONNECTION, *CONNECTION))
def test_what_is_written_is_what_is_there(tunnels: list[dict[str, Any]], whole: dict[str, Any]) -> None:
    assume(is_possible(tunnels, whole))
    actual = Connection(
        "vpn-1",
        "available",
        "cgw-1",
        None,
        TGW,
        "bgp",
        whole,
        tuple(
            Tunnel(number, f"203.0.113.{number}", f"169.254.{number}0.0/30", None, tunnel)
            for number, tunnel in enumerate(tunnels, 1)
        ),
    )
    device = CustomerGateway("cgw-1", "available", "198.51.100.10", 65010)
    variables = host_vars([ClaimedConnection("berlin", actual, device, Access("eu-central-1"))]).variables
    given = {"inventory_hostname": "berlin", **NETWORKS, **variables}
    assert check_sites([given])["problems"] == []
    (entry,) = (each.entry for each in read_host(given).connections)
    assert fields.differences(fields.CONNECTION, entry["options"], actual.options) == ()
    for wanted, there in zip(entry["tunnels"], actual.tunnels, strict=True):
        assert fields.differences(fields.TUNNEL, wanted, tunnel_values(there)) == ()
        assert {name for name in there.options if is_asked_for(name, dict(there.options))} <= set(wanted)
