# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for a new connection in place of one that cannot be changed as asked: made beside the old one, or after it.

The old connection is marked, the new one is made beside it, and a later run removes the old one once a tunnel of the
new one carries traffic. A run that stops anywhere on that way leaves what the next plan needs to go on.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ...model.resources import OUTGOING_TAG, Connection, ConnectionWanted, Consent
from ...nouns import VPN_CONNECTION
from ...options import fields
from ...options.field import Change
from ..plan import Action, Part
from ..stages import REPLACE, Interruption, Stage
from ..steps import SetTags
from .creation import creation_part
from .deletion import deletion
from .ends import Ends, final_ends, is_movable, is_retargeted
from .inheritance import inherited
from .shown import OPTIONS, connection_model


def reasons(wanted: ConnectionWanted, actual: Connection, ends: Ends) -> tuple[str, ...]:
    """What of the options AWS sets only at creation, so that it needs a new connection; usually nothing."""
    found = []
    if wanted.routing != actual.routing:
        found.append(f"routing: {wanted.routing}")
    found += [
        f"{row.name}: {row.shown(wanted.options[row.name])}"
        for row in fields.differences(OPTIONS, wanted.options, actual.options)
        if row.change is Change.REPLACE
    ]
    if is_retargeted(actual, ends) and not is_movable(actual, ends):
        found.append(f"target: {ends.target_text}")
    return tuple(found)


def replacement_part(
    wanted: ConnectionWanted, actual: Connection, ends: Ends, consent: Consent, *, why: Sequence[str]
) -> Part:
    """The plan for a new connection in place of C(actual)."""
    ends = final_ends(actual, ends)
    creation = creation_part(inherited(wanted, actual, ends), ends, replaces=actual.id)
    if creation.refusals:
        return creation
    create, *routes = creation.actions
    cost = Interruption.REPLACE
    detail = f"by a new one, {create.detail} ({', '.join(why)})"
    replace = dataclasses.replace(create, verb=REPLACE, detail=detail, id=actual.id, interruption=cost)
    first = deletion_first(wanted.name, actual) if consent.delete_first else _mark(wanted.name, actual)
    before = connection_model(actual)
    after = {**(creation.after or {}), "outgoing": [] if consent.delete_first else [actual.id]}
    refusals = (
        *([] if consent.allow_replacement else [consent_refusal(wanted.name, actual, why)]),
        *([] if consent.delete_first else inside_conflicts(wanted, ends, actual)),
    )
    return Part(
        owner=wanted.name,
        resource=VPN_CONNECTION,
        actions=(first, replace, *routes),
        before=before,
        after=after,
        refusals=refusals,
    )


def deletion_first(name: str, actual: Connection) -> Action:
    """The deletion of the old connection before the new one is made."""
    return dataclasses.replace(deletion(name, actual, "to make room for its successor"), stage=Stage.REMOVE_OLD)


def consent_refusal(name: str, actual: Connection, why: Sequence[str] = ()) -> str:
    """Why nothing is replaced as long as the user has not agreed."""
    cause = f"AWS sets {', '.join(why)} only at creation, so " if why else ""
    return (
        f"{name}: {cause}{actual.id} would be replaced by a new connection with new outside addresses:"
        " set allow_replacement to consent"
    )


def inside_conflicts(wanted: ConnectionWanted, ends: Ends, actual: Connection) -> tuple[str, ...]:
    """Inside networks which the old and the new connection cannot both have while they exist side by side."""
    if ends.target != Ends.of(actual).target:
        return ()
    # On a transit gateway connections may share their IPv4 inside networks, on a virtual private gateway not.
    name = "inside_cidr" if ends.is_on_vpn_gateway else "inside_ipv6_cidr"
    taken = {tunnel.inside_cidr if ends.is_on_vpn_gateway else tunnel.options.get(name) for tunnel in actual.tunnels}
    pinned = [tunnel.options[name] for tunnel in wanted.tunnels if tunnel.options.get(name)]
    return tuple(
        f"{wanted.name}: tunnels: {name}={cidr} is in use by {actual.id}, so a new connection with it cannot be made"
        " beside that one: set replacement_order=delete_first, or choose another inside network"
        for cidr in pinned
        if cidr in taken
    )


def _mark(name: str, actual: Connection) -> Action:
    detail = "mark as outgoing, to be removed once the new connection is up"
    action = Action.of(SetTags(actual.id, {OUTGOING_TAG: "true"}), name, detail, actual.id)
    return dataclasses.replace(action, resource=VPN_CONNECTION, stage=Stage.MARK)
