# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules for what a connection depends on: its customer gateway, its virtual private gateway, tags, route tables."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..model.resources import IDENTITY_PREFIX, TransitRouting
from ..text import shown
from . import fields, value_rules
from .problem import Problem, broken

PUBLIC_IP_MISSING = "missing: the public address of the gateway as AWS sees it (not needed with certificate_arn)"

_ROWS = tuple(row for row in fields.CUSTOMER_GATEWAY if row.name != "bgp_asn")
_KEY_LENGTH, _VALUE_LENGTH = 128, 256
# AWS counts the tags that a user sets; its own are free.
_MOST_TAGS = 50
# Name, collection, gateway and connection; or what is shared.
_OWN_TAGS = 4


def customer_gateway_problems(given: Mapping[str, Any], region: str | None) -> list[Problem]:
    """A customer gateway by the names of its options; the family of its address is a rule of the connection."""
    found = fields.problems(_ROWS, given)
    if not given.get("public_ip") and given.get("certificate_arn") is None:
        found.append(Problem("public_ip", PUBLIC_IP_MISSING))
    if given.get("bgp_asn") is not None:
        found += broken("bgp_asn", given["bgp_asn"], value_rules.customer_asn_problem(given["bgp_asn"], region))
    return found


def amazon_side_asn_problems(asn: object) -> list[Problem]:
    """The ASN of a virtual private gateway; none leaves it to AWS."""
    return [] if asn is None else broken("amazon_side_asn", asn, value_rules.amazon_side_asn_problem(asn))


def id_problems(option: str, prefix: str, ids: Sequence[object]) -> list[Problem]:
    """Ids of one kind."""
    return [problem for each in ids for problem in broken(option, each, value_rules.resource_id_problem(each, prefix))]


def tag_problems(tags: Mapping[str, str], *, is_marked: bool = False) -> list[Problem]:
    """Tags a user may not choose, or that AWS does not take; a connection that is to go gets a mark (C(is_marked))."""
    found = [Problem(f"tags.{shown(key)}", rule) for key, value in tags.items() for rule in _tag_rules(key, value)]
    own = _OWN_TAGS + is_marked
    if len({"Name", *tags}) - 1 + own > _MOST_TAGS:
        rule = (
            f"AWS takes at most {_MOST_TAGS} tags on a resource, and the collection sets {own} of them (Name is one):"
            f" give at most {_MOST_TAGS - own} without Name"
        )
        found.append(Problem.of("tags", f"{len(tags)} tags", rule))
    return found


def routing_problems(routing: TransitRouting | None, transit_gateway_id: str | None) -> list[Problem]:
    """What route tables of a transit gateway are to know of a connection."""
    if routing is None:
        return []
    given = {
        "associate_with": routing.associate_with,
        "propagate_to": routing.propagate_to,
        "static_routes_to": routing.static_routes_to,
    }
    if not transit_gateway_id:
        return [Problem(option, "only with transit_gateway_id") for option, value in given.items() if value]
    found = []
    for option, value in given.items():
        found += id_problems(option, "tgw-rtb", [value] if isinstance(value, str) else value or ())
    if routing.static_routes_to and not routing.cidrs:
        found.append(Problem("static_routes_to", "there are no networks to route to: give the networks of the site"))
    return found


def _tag_rules(key: str, value: str) -> list[str]:
    found = []
    if not 1 <= len(key) <= _KEY_LENGTH or len(value) > _VALUE_LENGTH:
        found.append(f"a tag has a key of 1 to {_KEY_LENGTH} and a value of up to {_VALUE_LENGTH} characters")
    if key.lower().startswith("aws:"):
        found.append("AWS reserves keys that start with aws:")
    if key.startswith(IDENTITY_PREFIX):
        found.append(
            f"the collection reserves keys that start with {IDENTITY_PREFIX} for itself: it finds its resources by them"
        )
    return found
