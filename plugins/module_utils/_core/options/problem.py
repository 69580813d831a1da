# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One broken rule: the option, its value and the rule, in words; whoever asked puts a name in front of it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..text import shortened, shown

_NAMES_LENGTH = 150
_LINE_LENGTH = 399


@dataclass(frozen=True)
class Problem:
    """A rule that the value of an option breaks. A value that is, or may be, a secret is never part of it."""

    option: str
    rule: str
    shown: str = ""

    @classmethod
    def of(cls, option: str, value: object, rule: str) -> Problem:
        """A problem which shows the value."""
        return cls(option, rule, f"={shown(value)}")

    def below(self, place: str) -> Problem:
        """The same problem where the option is part of another, such as C(options.)."""
        return replace(self, option=f"{place}{self.option}")

    def concerns(self, option: str) -> bool:
        """Whether it is about this option or a part of it."""
        return self.option == option or self.option.startswith((f"{option}.", f"{option}["))

    def is_about_the_same_as(self, other: Problem) -> bool:
        """Whether both are about one value of one option, whatever the rules."""
        return (self.option, self.shown) == (other.option, other.shown)

    def __str__(self) -> str:
        return f"{self.option}{self.shown}: {self.rule}"


def broken(option: str, value: object, rule: str | None) -> list[Problem]:
    """The problem of a value that breaks a rule; none when C(rule) is None."""
    return [Problem.of(option, value, rule)] if rule else []


def line(names: Sequence[str], problem: object) -> str:
    """A problem with the names it is about: one line that can be printed, whatever the names and the values are."""
    text = f"{shortened(', '.join(names), _NAMES_LENGTH)}: {problem}"
    printable = (each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
    return shortened("".join(printable), _LINE_LENGTH)
