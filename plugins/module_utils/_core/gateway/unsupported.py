# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options of a connection and of its tunnels that AWS supports and the gateways of this version do not."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ANY_IPV6 = "::/0"


def of_connection(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The option, and what the gateways do not do."""
    found = []
    if options.get("tunnel_inside_ip_version") == "ipv6":
        found.append(("tunnel_inside_ip_version", "support only IPv4 inside"))
    for option in ("local_ipv6_network_cidr", "remote_ipv6_network_cidr"):
        if options.get(option) not in (None, _ANY_IPV6):
            found.append((option, "support only IPv4 inside"))
    if options.get("outside_ip_address_type") == "Ipv6":
        found.append(("outside_ip_address_type", "support only IPv4 outside"))
    return found


def of_tunnel(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same for one tunnel."""
    found = []
    if options.get("inside_ipv6_cidr") is not None:
        found.append(("inside_ipv6_cidr", "support only IPv4 inside"))
    versions = options.get("ike_versions")
    if versions and "ikev2" not in versions:
        found.append(("ike_versions", "support only IKEv2"))
    for phase in (1, 2):
        option = f"phase{phase}_additional_key_exchanges"
        # An optional round is left out.
        if any((entry.get("requirement") or "required") == "required" for entry in options.get(option) or ()):
            found.append((option, "do not support additional key exchanges"))
    return found
