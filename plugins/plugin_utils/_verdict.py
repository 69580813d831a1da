# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From registered results to what the core judges."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.table import judge
from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._sites import plain

_KEYS = ("sites", "gateway_status", "connections", "telemetry", "probes", "forward", "back")


def tunnel_verdict(observed: Any) -> dict[str, Any]:
    """Rows, lines and causes for every tunnel of the sites."""
    if not isinstance(observed, Mapping) or "sites" not in observed:
        raise AnsibleFilterError("tunnel_verdict takes a dictionary with sites, gateway_status, connections and probes")
    unknown = [str(key) for key in observed if key not in _KEYS]
    if unknown:
        raise AnsibleFilterError(f"tunnel_verdict does not know {', '.join(unknown)}, only {', '.join(_KEYS)}")
    observed = plain(observed)
    sites = _sites(observed["sites"])
    probes = list(observed.get("probes") or [])
    for site in sites:
        addresses = [tunnel.get("outside_address") for tunnel in site.get("tunnels") or []]
        probes += _probes(site["name"], (observed.get("forward") or {}).get(site["name"]), addresses)
        probes += _probes(site["name"], (observed.get("back") or {}).get(site["name"]), [None])
    connections = observed.get("connections") or observed.get("telemetry") or []
    return judge(sites, observed.get("gateway_status") or {}, connections, probes)


def _sites(sites: Any) -> list[Mapping[str, Any]]:
    """A list of sites; vpn_sites returns a dictionary by name."""
    if isinstance(sites, Mapping):
        return [{**site, "name": site.get("name") or name} for name, site in sites.items()]
    return list(sites)


def _probes(site: str, result: Any, addresses: list[Any]) -> list[dict[str, Any]]:
    """What ping_probe registered for a site: nothing when it was skipped, nothing answered when it failed."""
    if not isinstance(result, Mapping):
        return []
    ends = {"from": result.get("source"), "to": _target(result)}
    if result.get("failed") or result.get("unreachable"):
        return [
            {"site": site, "outside_address": address, "sent": 0, "received": 0, "error": result.get("msg"), **ends}
            for address in addresses
        ]
    return [{"site": site, **probe, **ends} for probe in result.get("probes") or []]


def _target(result: Mapping[str, Any]) -> Any:
    """The address that was pinged, an argument of the module."""
    arguments = (result.get("invocation") or {}).get("module_args") or {}
    return result.get("address") or arguments.get("address")
