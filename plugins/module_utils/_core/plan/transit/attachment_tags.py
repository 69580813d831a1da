# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for the tags of attachments to transit gateways: those of the connections with which AWS makes them.

An attachment gets tags only when its connection has some beside those of the collection: it costs a call of its own.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...model.resources import TransitAttachment
from ...nouns import TRANSIT_ATTACHMENT
from .. import identity, tags
from ..plan import Action, Part
from ..stages import Stage
from ..steps import RemoveTags, TagAttachment
from .route_tables import TransitConnection


def part(on: TransitConnection) -> Part | None:
    """The plan for the tags of one attachment; None while nobody gave it any."""
    want, known = on.want, on.attachment or on.former
    if not tags.has_own(want.name, want.tags) and not (known and identity.is_ours(known)):
        return None
    if on.attachment is None:
        return _first(on)
    found = tags.retagging(
        on.name,
        TRANSIT_ATTACHMENT,
        on.attachment,
        before=attachment_model(on.attachment),
        wanted=want.tags,
        purge=want.purge_tags,
    )
    return replace(found, actions=tuple(map(_in_order, found.actions)))


def attachment_model(actual: TransitAttachment) -> dict[str, Any]:
    """What of an attachment a plan compares and shows, beside its routing."""
    return {"tags": dict(actual.tags)}


def _first(on: TransitConnection) -> Part:
    """What the former attachment has is taken over; tags of AWS itself cannot be copied."""
    former = on.former.tags if on.former else {}
    kept = {key: value for key, value in former.items() if not key.startswith("aws:")}
    wanted = tags.merged(on.want.tags, kept, on.want.purge_tags)
    step = TagAttachment(on.connection, wanted)
    action = Action.of(step, on.name, f"set tags {', '.join(sorted(wanted))}")
    return Part(on.name, TRANSIT_ATTACHMENT, (action,), after={"tags": wanted})


def _in_order(action: Action) -> Action:
    """Permissions to remove tags come with the tag of the collection, so that tag is set before."""
    return replace(action, stage=Stage.TRANSIT_LEAVE) if isinstance(action.step, RemoveTags) else action
