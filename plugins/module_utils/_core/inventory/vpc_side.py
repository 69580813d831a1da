# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a connection of the inventory wants of the VPC behind it: route tables, and an instance that answers pings."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..model.values import is_id
from ..vpc.wanted import transit_gateway
from .reader import Host

OPTIONS = ("vpc_route_tables", "probe_instance", "probe_subnet")

_NO_ROLE = (
    "cannot be used together with site_vpn_assume_role_arn: use a profile with this role in the configuration of the"
    " AWS SDK (site_vpn_profile)"
)


def read_vpc_side(host: Host, entry: Mapping[str, Any], probe_address: str | None) -> dict[str, Any]:
    """It as far as it can be read; C(entry) is the rest of the connection."""
    found = {
        "vpc_route_tables": _route_tables(host, entry),
        "probe_instance": host.flag("probe_instance"),
        "probe_subnet": host.text(
            "probe_subnet", lambda value: None if is_id(value, "subnet") else "not the id of a subnet"
        ),
    }
    if found["probe_instance"]:
        for option, value in (("probe_subnet", found["probe_subnet"]), ("vpc_probe_address", probe_address)):
            if value is None and not host.is_refused(option):
                host.refuse("probe_instance", f"needs site_vpn_{option}")
    for option in ("vpc_route_tables", "probe_instance"):
        if found[option] and entry["assume_role_arn"]:
            host.refuse(option, _NO_ROLE)
    return found


def _route_tables(host: Host, entry: Mapping[str, Any]) -> list[str]:
    tables = host.strings("vpc_route_tables", host.value("vpc_route_tables")) or []
    for table in tables:
        if not is_id(table, "rtb"):
            host.refuse("vpc_route_tables", "not the id of a route table", table)
    if tables and entry["target"] and not transit_gateway(entry["target"]):
        rule = "needs a target with transit_gateway_id; for a virtual private gateway use propagate_to of the target"
        host.refuse("vpc_route_tables", rule)
    return tables
