# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for outgoing connections, which a new one replaces: deleted when the new one carries traffic, or kept.

Kept is one whose replacement was never made, because a run stopped and what is asked for has changed since.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ...model.resources import OUTGOING_TAG, Connection, ConnectionWanted, Consent
from ...nouns import VPN_CONNECTION
from .. import ready
from ..plan import Action, Part
from ..stages import Interruption, Stage
from ..steps import RemoveTags
from .deletion import deletion
from .ends import Ends
from .replacement import consent_refusal, deletion_first, inside_conflicts, reasons


def to_keep(wanted: ConnectionWanted, outgoing: Sequence[Connection], ends: Ends) -> Connection | None:
    """The outgoing connection that is kept: nothing was made in its place, and it is as wanted."""
    fitting = [each for each in outgoing if not reasons(wanted, each, ends)]
    return fitting[0] if len(fitting) == 1 else None


def without_mark(actual: Connection) -> Connection:
    """The connection as if it had never been marked."""
    return dataclasses.replace(actual, tags={key: actual.tags[key] for key in actual.tags if key != OUTGOING_TAG})


def keep_part(part: Part, actual: Connection) -> Part:
    """The plan for an outgoing connection that is kept; C(part) is what else of it changes."""
    unmark = Action.of(RemoveTags(actual.id, (OUTGOING_TAG,)), part.owner, "keep it after all", actual.id)
    unmark = dataclasses.replace(unmark, resource=VPN_CONNECTION, stage=Stage.MARK)
    before = {**(part.before or {}), "tags": dict(actual.tags)}
    return dataclasses.replace(part, actions=(unmark, *part.actions), before=before)


def with_outgoing(
    part: Part,
    wanted: ConnectionWanted,
    actual: Connection | None,
    *,
    outgoing: Sequence[Connection],
    ends: Ends,
    consent: Consent,
) -> Part:
    """The plan for a connection, and what happens to the outgoing ones of its name."""
    if not outgoing:
        return part
    if actual is None and consent.delete_first:
        part = _with_deletion_first(part, wanted, outgoing, consent)
        stay: Sequence[Connection] = ()
    elif actual is not None and any(ready.is_tunnel_up(tunnel) for tunnel in actual.tunnels):
        deletions = tuple(_deletion_after(wanted.name, each, actual) for each in outgoing)
        part, stay = dataclasses.replace(part, actions=(*part.actions, *deletions)), ()
    else:
        part, stay = _with_wait(part, actual, outgoing), outgoing
        if actual is None:
            conflicts = tuple(text for each in outgoing for text in inside_conflicts(wanted, ends, each))
            part = dataclasses.replace(part, refusals=(*part.refusals, *conflicts))
    before_ids, after_ids = _ids(outgoing), [*_ids(stay), *(part.after or {}).get("outgoing", ())]
    return dataclasses.replace(
        part,
        before=None if part.before is None else {**part.before, "outgoing": before_ids},
        after=None if part.after is None else {**part.after, "outgoing": sorted(after_ids)},
    )


def _with_deletion_first(
    part: Part, wanted: ConnectionWanted, outgoing: Sequence[Connection], consent: Consent
) -> Part:
    refusals = () if consent.allow_replacement else (consent_refusal(wanted.name, outgoing[0]),)
    actions = tuple(deletion_first(wanted.name, each) for each in outgoing)
    return dataclasses.replace(part, actions=(*actions, *part.actions), refusals=(*part.refusals, *refusals))


def _with_wait(part: Part, actual: Connection | None, outgoing: Sequence[Connection]) -> Part:
    successor = actual.id if actual else "the new connection"
    warnings = tuple(
        f"{part.owner}: {each.id} is outgoing and stays until a tunnel of {successor} is up: configure the gateway for"
        " the new outside addresses, then run again"
        for each in outgoing
    )
    return dataclasses.replace(part, warnings=(*part.warnings, *warnings))


def _deletion_after(name: str, outgoing: Connection, successor: Connection) -> Action:
    """Interrupts nothing: the successor carries the traffic."""
    detail = f"outgoing, {successor.id} is up in its place"
    return dataclasses.replace(deletion(name, outgoing, detail), interruption=Interruption.NONE)


def _ids(connections: Sequence[Connection]) -> list[str]:
    return sorted(each.id for each in connections)
