# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for tags: those that identify a resource, those of the user, and those that are left alone."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..model.names import GATEWAY_TAG, identity_tags, tagged_name
from ..model.resources import COLLECTION, COLLECTION_TAG, IDENTITY_PREFIX, TRANSIT_TAG, VPC_TAG
from .identity import Tagged
from .plan import Action, Part
from .steps import RemoveTags, SetTags


def gateway_tags(gateway: str, user: Mapping[str, str]) -> dict[str, str]:
    """Tags of the customer gateway of a gateway; written in the creation call itself."""
    return {"Name": gateway, **user, COLLECTION_TAG: COLLECTION, GATEWAY_TAG: gateway}


def connection_tags(name: str, user: Mapping[str, str]) -> dict[str, str]:
    """Tags of a connection; written in the creation call itself."""
    return {"Name": name, **user, COLLECTION_TAG: COLLECTION, **identity_tags(name)}


def vpc_tags(vpc_id: str, user: Mapping[str, str]) -> dict[str, str]:
    """Tags of the gateway of a VPC, which several connections may share."""
    return {"Name": vpc_id, **user, COLLECTION_TAG: COLLECTION, VPC_TAG: vpc_id}


def transit_tags(transit_gateway_id: str, user: Mapping[str, str]) -> dict[str, str]:
    """Tags of the VPN concentrator of a transit gateway, which several connections may share."""
    return {"Name": transit_gateway_id, **user, COLLECTION_TAG: COLLECTION, TRANSIT_TAG: transit_gateway_id}


def has_own(name: str, wanted: Mapping[str, str]) -> bool:
    """Whether these tags of a connection have more than those that every connection has."""
    return not wanted.items() <= connection_tags(name, {}).items()


def shared(of_connections: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The tags on which all connections agree that share a resource; a Name is that of a connection."""
    return {key: value for key, value in common(of_connections).items() if key != "Name"}


def common(of_connections: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The tags that all connections have."""
    first, *others = of_connections
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}


def merged(wanted: Mapping[str, str], actual: Mapping[str, str], purge: bool) -> dict[str, str]:
    """The tags after the change."""
    wanted = _named(wanted, actual)
    kept = {key: value for key, value in actual.items() if not (purge and _is_purged(key, wanted))}
    return {**kept, **wanted}


def actions(
    owner: str, resource: str, actual: Tagged, *, wanted: Mapping[str, str], purge: bool = False
) -> tuple[Action, ...]:
    """The steps from the tags of a resource to the wanted ones."""
    wanted = _named(wanted, actual.tags)
    steps: list[SetTags | RemoveTags] = []
    missing = {key: value for key, value in wanted.items() if actual.tags.get(key) != value}
    if missing:
        steps.append(SetTags(actual.id, missing))
    surplus = tuple(sorted(key for key in actual.tags if purge and _is_purged(key, wanted)))
    if surplus:
        steps.append(RemoveTags(actual.id, surplus))
    return tuple(_action(owner, resource, step) for step in steps)


def retagging(
    owner: str, resource: str, actual: Tagged, *, before: Mapping[str, Any], wanted: Mapping[str, str], purge: bool
) -> Part:
    """The plan for a resource of which only the tags can change; C(before) is its model."""
    retag = actions(owner, resource, actual, wanted=wanted, purge=purge)
    after = {**before, "tags": merged(wanted, actual.tags, purge)}
    return Part(owner, resource, retag, unchanged=not retag, before=before, after=after)


def _named(wanted: Mapping[str, str], actual: Mapping[str, str]) -> dict[str, str]:
    """A Name that is there, such as the one of an adopted resource, gives way to a chosen one only, not to ours."""
    ours = [tagged_name(wanted), *(wanted[key] for key in (VPC_TAG, TRANSIT_TAG) if key in wanted)]
    is_default = wanted.get("Name") in ours
    return {**wanted, "Name": actual["Name"]} if is_default and "Name" in actual else dict(wanted)


def _is_purged(key: str, wanted: Mapping[str, str]) -> bool:
    return key not in wanted and not key.startswith((IDENTITY_PREFIX, "aws:"))


def _action(owner: str, resource: str, step: SetTags | RemoveTags) -> Action:
    word, keys = ("set", sorted(step.tags)) if isinstance(step, SetTags) else ("remove", step.keys)
    action = Action.of(step, owner, f"{word} tags {', '.join(keys)}", step.resource_id)
    return replace(action, resource=resource)
