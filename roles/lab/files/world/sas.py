# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""charon's security associations in AWS's words."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

_GROUPS = {
    "MODP_1024": 2,
    "MODP_1536": 5,
    "MODP_2048": 14,
    "MODP_3072": 15,
    "MODP_4096": 16,
    "MODP_6144": 17,
    "MODP_8192": 18,
    "ECP_256": 19,
    "ECP_384": 20,
    "ECP_521": 21,
    "MODP_1024_160": 22,
    "MODP_2048_224": 23,
    "MODP_2048_256": 24,
}
_HASHES = {"SHA1": "SHA1", "SHA2_256": "SHA2-256", "SHA2_384": "SHA2-384", "SHA2_512": "SHA2-512"}


def _cipher(association: dict[str, Any]) -> str | None:
    name = association.get("encr-alg", "")
    if not name.startswith("AES"):
        return None
    return f"AES{association.get('encr-keysize', '')}" + ("-GCM-16" if "GCM" in name else "")


def _hash(association: dict[str, Any]) -> str | None:
    name = association.get("integ-alg") or association.get("prf-alg") or ""
    return next((ours for theirs, ours in _HASHES.items() if theirs in name), None)


def active(ike: dict[str, Any], child: dict[str, Any] | None) -> dict[str, Any]:
    """The fields of ActiveVpnTunnelStatus that were negotiated."""
    found: dict[str, Any] = {"IkeVersion": f"ikev{ike.get('version', '2')}"}
    for phase, association in ((1, ike), (2, child or {})):
        found[f"Phase{phase}EncryptionAlgorithm"] = _cipher(association)
        found[f"Phase{phase}IntegrityAlgorithm"] = _hash(association)
        found[f"Phase{phase}DHGroup"] = _GROUPS.get(association.get("dh-group", ""))
    return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class Needs:
    """What AWS asks of an IPsec SA, and charon does not: charon also takes a part of its networks, and bare ESP."""

    local: str
    remote: str
    in_udp: bool

    @classmethod
    def of(cls, tunnel: dict[str, Any]) -> Needs:
        """The needs of a tunnel, whose description says local for the customer's side."""
        return cls(tunnel["remote_cidr"], tunnel["local_cidr"], tunnel["is_accelerated"])

    def allow(self, child: dict[str, Any]) -> bool:
        carried = zip((self.local, self.remote), (child.get("local-ts", []), child.get("remote-ts", [])))
        is_whole = all(any(_is_within(cidr, each) for each in listed) for cidr, listed in carried)
        return is_whole and (not self.in_udp or child.get("encap") == "yes")


def _is_within(cidr: str, carried: str) -> bool:
    try:
        return ipaddress.ip_network(cidr).subnet_of(ipaddress.ip_network(carried))  # type: ignore[arg-type]  # two families raise
    except (TypeError, ValueError):
        # A range or a port, so less than a network.
        return False


def _installed(association: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for c in association.get("child-sas", {}).values() if c.get("state") in ("INSTALLED", "REKEYING")]


def refused(association: dict[str, Any], needs: Needs) -> list[str]:
    """The unique ids of the IPsec SAs that AWS would not have made."""
    return [child["uniqueid"] for child in _installed(association) if not needs.allow(child)]


def take_in(seen: dict[str, Any], association: dict[str, Any], needs: Needs) -> None:
    """Add one IKE SA to what an endpoint sees; an established one counts more than one that is being made."""
    state = association.get("state")
    children = [child for child in _installed(association) if needs.allow(child)]
    if children:
        seen["esp"] = "INSTALLED"
    if state == "ESTABLISHED":
        seen["ike"] = state
        seen["active"] = active(association, children[-1] if children else None)
    elif state == "CONNECTING" and seen["ike"] == "DOWN":
        seen["ike"] = state
