# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Says what to wait for on transit gateway attachments, which AWS makes together with the connections."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable

from ..._core.model.resources import TransitAttachment
from ..._core.nouns import ASSOCIATED, ASSOCIATING, AVAILABLE, DISASSOCIATED, DISASSOCIATING, TRANSIT_ATTACHMENT
from ..._core.plan import steps
from ..._core.plan.plan import Action
from ..wait.waiters import Condition
from .run import Run

# How long an association that AWS makes by itself may take to begin after the attachment is available.
PATIENCE = 10.0

# What ends something that AWS has begun by itself on a new attachment.
_ENDINGS = (steps.DisassociateTransit, steps.DisableTransitPropagation)


def before(run: Run, action: Action) -> list[Condition]:
    """The attachment of a connection has to be there, and AWS must not be changing it."""
    step = action.step
    if not isinstance(step, steps.AttachmentStep) or isinstance(step, steps.DeleteTransitRoute):
        return []
    # Only an attachment the plan did not know yet is new.
    return [_settled(run, run.id_of(step.connection), is_new=action.id is None and isinstance(step, _ENDINGS))]


def associated(run: Run, connection_id: str, table_id: str) -> Condition:
    """An attachment sends its traffic through a route table."""

    def is_met(attachment: TransitAttachment, _elapsed: float) -> bool:
        return attachment.association_table == table_id and attachment.association_state == ASSOCIATED

    return _condition(run, connection_id, f"its attachment to be associated with {table_id}", is_met)


def disassociated(run: Run, connection_id: str) -> Condition:
    """An attachment sends its traffic through no route table."""

    def is_met(attachment: TransitAttachment, _elapsed: float) -> bool:
        return attachment.association_table is None or attachment.association_state == DISASSOCIATED

    return _condition(run, connection_id, "its attachment to be disassociated", is_met)


def _settled(run: Run, connection_id: str, is_new: bool) -> Condition:
    def is_met(attachment: TransitAttachment, elapsed: float) -> bool:
        run.attachments[connection_id] = attachment
        if attachment.state != AVAILABLE or attachment.association_state in (ASSOCIATING, DISASSOCIATING):
            return False
        return not is_new or attachment.association_table is not None or elapsed >= PATIENCE

    return _condition(run, connection_id, "its attachment to be available", is_met)


def _condition(
    run: Run, connection_id: str, text: str, is_met: Callable[[TransitAttachment, float], bool]
) -> Condition:
    return Condition(TRANSIT_ATTACHMENT, connection_id, text, is_met, began=run.ec2.clock.now())
