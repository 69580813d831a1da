# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One option of the API: what it is called on each side, what it may hold, how it compares, what changing it costs."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from ..model.secret import Secret
from ..text import shown


class Change(enum.Enum):
    """What a change of an option on an existing resource comes to."""

    NEVER = "read only"
    IN_PLACE = "in place, interrupts nothing"
    ONE_TUNNEL = "in place, interrupts one tunnel"
    BOTH_TUNNELS = "in place, interrupts both tunnels"
    REPLACE = "needs a new resource"


class Kind(enum.Enum):
    """How a value looks on the wire."""

    PLAIN = "as it is"
    HIDDEN = "text that is not shown"
    VALUES = "unordered list of {Value}"
    KEY_EXCHANGES = "list of rounds"
    NESTED = "structure flattened into several options"


_TYPES: dict[str, tuple[type, str]] = {
    "int": (int, "a whole number is expected"),
    "bool": (bool, "true or false is expected"),
    "str": (str, "a string is expected"),
    "list": (list, "a list is expected"),
}


@dataclass(frozen=True)
class Field:
    """One option: the whole truth about it."""

    name: str
    request: str
    response: str
    change: Change
    kind: Kind = Kind.PLAIN
    type: str = "str"
    elements: str | None = None
    # What AWS has when it answers nothing; None when no source says so beyond doubt.
    default: Any = None
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    choices: tuple[Any, ...] | None = None
    rule: Callable[[object], str | None] | None = None
    # Two spellings of one value, such as those of an IPv6 network, become the same.
    normal: Callable[[Any], Any] | None = None
    # What the gateway does depends on the value.
    peer_follows: bool = False
    # The tunnel stays down until the gateway has the value too.
    must_agree: bool = False
    # False for what is set by another option of ours.
    settable: bool = True
    # Some Regions refuse the option as such, so it is sent only where it says something.
    sent_as_default: bool = True
    # AWS answers no such list while all values of the other row are among these.
    hidden_by: tuple[str, tuple[Any, ...]] | None = None
    aliases: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    suboptions: Mapping[str, Mapping[str, Any]] | None = field(default=None, hash=False)
    doc: tuple[str, ...] = ()
    default_doc: str = ""
    source: str = ""

    @property
    def is_secret(self) -> bool:
        return self.kind is Kind.HIDDEN

    def same(self, wanted: Any, actual: Any) -> bool:
        """Whether AWS already has what is asked for; absent on the AWS side means AWS's default."""
        if actual is None:
            actual = self.default
        if self.kind is Kind.KEY_EXCHANGES:
            return live_rounds(wanted) == live_rounds(actual)
        if wanted is None or actual is None:
            return bool(wanted == actual)
        if self.kind is Kind.VALUES:
            return set(wanted) == set(actual)
        if self.normal:
            return bool(self.normal(wanted) == self.normal(actual))
        return bool(wanted == actual)

    def shown(self, value: Any) -> Any:
        """The value as a person may see it."""
        if isinstance(value, Secret) or (self.is_secret and value is not None):
            return "(set)"
        if self.kind is Kind.VALUES and value is not None:
            return sorted(value)
        if self.kind is Kind.KEY_EXCHANGES and value is not None:
            return [
                {"round": number, "methods": sorted(methods), "requirement": requirement}
                for number, (methods, requirement) in sorted(live_rounds(value).items())
            ]
        return value

    def problem(self, value: Any) -> str | None:
        """The rule of this row alone that a value breaks."""
        plain = value.reveal() if isinstance(value, Secret) else value
        expected, words = _TYPES[self.type]
        if not isinstance(plain, expected) or (self.type == "int" and isinstance(plain, bool)):
            # The rule of a row knows better words, for instance to quote a key.
            return (self.rule(plain) if self.rule else None) or words
        if self.kind is Kind.VALUES:
            return self._list_problem(list(value))
        if self.choices and plain not in self.choices:
            return f"one of {_listed(self.choices)} is expected"
        return self._range_problem(plain) or (self.rule(plain) if self.rule else None)

    def _list_problem(self, value: list[Any]) -> str | None:
        if not value:
            return "an empty list is not possible: leave the option out, or give values"
        strange = ", ".join(shown(entry) for entry in value if entry not in (self.choices or ()))
        return f"has {shown(strange)}, AWS knows {_listed(self.choices or ())}" if strange else None

    def _range_problem(self, value: Any) -> str | None:
        low, high = self.minimum, self.maximum
        if (low is None or value >= low) and (high is None or value <= high):
            return None
        unit = f" {self.unit}" if self.unit else ""
        if high is None:
            return f"at least {low}{unit} is expected"
        return f"{low} to {high}{unit} is expected"


def live_rounds(value: Any) -> dict[int, tuple[frozenset[int], str]]:
    """Additional key exchanges by round; an optional round without methods is switched off, so it is none."""
    found = {}
    for entry in value or ():
        methods = frozenset(entry.get("methods") or ())
        requirement = entry.get("requirement") or "required"
        if methods or requirement == "required":
            found[entry["round"]] = (methods, requirement)
    return found


def _listed(values: Any) -> str:
    return ", ".join(str(value) for value in values)
