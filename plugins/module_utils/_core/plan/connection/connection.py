# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan for one VPN connection: made, changed in place, replaced, or refused."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence

from ...model.resources import Connection, ConnectionWanted, Consent
from ..plan import Part
from .alteration import Alteration
from .creation import creation_part
from .ends import Ends, final_ends
from .inheritance import inherited
from .outgoing import keep_part, to_keep, with_outgoing, without_mark
from .replacement import reasons, replacement_part


def connection_part(
    wanted: ConnectionWanted,
    actual: Connection | None,
    ends: Ends,
    consent: Consent,
    *,
    outgoing: Sequence[Connection] = (),
) -> Part:
    """The plan for one connection that is to exist; C(outgoing) are those of its name whose successor is made."""
    kept = to_keep(wanted, outgoing, ends) if actual is None else None
    if kept is not None:
        actual = without_mark(kept)
        part = keep_part(_alteration(wanted, actual, ends, consent), kept)
        outgoing = [each for each in outgoing if each is not kept]
    elif actual is None:
        part, ends = _creation(wanted, ends, outgoing)
    else:
        part = _alteration(wanted, actual, ends, consent)
    return with_outgoing(part, wanted, actual, outgoing=outgoing, ends=ends, consent=consent)


def _creation(wanted: ConnectionWanted, ends: Ends, outgoing: Sequence[Connection]) -> tuple[Part, Ends]:
    """A new connection; where a run stopped before it made the successor of another, that successor."""
    if len(outgoing) != 1:
        return creation_part(wanted, ends), ends
    (old,) = outgoing
    ends = final_ends(old, ends)
    return creation_part(inherited(wanted, old, ends), ends, replaces=old.id), ends


def _alteration(wanted: ConnectionWanted, actual: Connection, ends: Ends, consent: Consent) -> Part:
    why = reasons(wanted, actual, ends)
    if why:
        return replacement_part(wanted, actual, ends, consent, why=why)
    return Alteration(wanted, actual, ends, consent).part
