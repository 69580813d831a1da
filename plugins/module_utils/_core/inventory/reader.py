# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One host of the inventory while it is read: its variables taken out one by one, in the types they shall have.

What a value may be is a rule of the model, not of the inventory: here only what could not become part of the model is
refused. A value that is, or may be, a secret is never part of a problem.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..options.problem import Problem, line
from .variables import PREFIX, choices

_WHOLE = re.compile(r"-?[0-9]{1,20}\Z")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}\Z")
_NO_NAME = "a key is not the name of an option (is there a space after the colon?)"
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}

Rule = Callable[[object], "str | None"]


@dataclass(frozen=True)
class Unreadable:
    """Stands for a variable whose template cannot be evaluated."""

    reason: str


@dataclass
class Host:
    """One host of the inventory: what it says, and what is wrong with that."""

    name: str
    given: Mapping[str, object]
    problems: list[Problem] = field(default_factory=list)
    # Options the inventory calls by an alias, by the name the rules know.
    aliases: dict[str, str] = field(default_factory=dict)
    # The options that one connection gives itself, and their place in the list of connections.
    own: frozenset[str] = frozenset()
    place: str = ""
    gateway: str = ""

    def connection(self, name: str, own: Mapping[str, object], position: int) -> Host:
        """The host as one of its connections sees it: what that gives itself comes before what the host says."""
        given = {f"{PREFIX}{option}": value for option, value in own.items()}
        place = f"connections[{position}]."
        return Host(
            name,
            {**self.given, **given},
            aliases=dict.fromkeys(("name", "connections[].name"), f"{place}name"),
            own=frozenset(own),
            place=place,
            gateway=self.name,
        )

    def refuse(self, option: str, rule: str, value: object = None) -> None:
        """Note a problem; a value of None is not shown."""
        self.problems.append(Problem(option, rule) if value is None else Problem.of(option, value, rule))

    def line(self, problem: Problem) -> str:
        """A problem as the user reads it: with the name of the host and of the variable."""
        return self.line_of([self.name], problem)

    def line_of(self, names: Sequence[str], problem: Problem) -> str:
        """The same for a problem that several hosts share."""
        option = self.aliases.get(problem.option, problem.option)
        first = re.split(r"[.\[]", option, maxsplit=1)[0]
        place = self.place if first in self.own else ""
        if self.gateway and not place and f"{PREFIX}{first}" in self.given and list(names) == [self.name]:
            # Said once for all connections, so it is told once.
            names = [self.gateway]
        return line(names, f"{PREFIX}{place}{option}{problem.shown}: {problem.rule}")

    def is_refused(self, option: str) -> bool:
        """Whether the option, or a part of it, could not be read: then no rule has a say on it any more."""
        return any(problem.concerns(option) for problem in self.problems)

    def value(self, option: str) -> object:
        """What the inventory says, None when it says nothing (or nothing that can be read)."""
        value = self.given.get(PREFIX + option)
        if isinstance(value, Unreadable):
            self.refuse(option, f"cannot be evaluated: {' '.join(value.reason.split())}")
            return None
        return None if is_unset(value) else value

    def text(self, option: str, rule: Rule | None = None) -> str | None:
        """A string that keeps the rule."""
        value = self.value(option)
        if value is None:
            return None
        problem = "a string is expected" if not isinstance(value, str) else rule(value) if rule else None
        if problem:
            self.refuse(option, problem, value)
        return None if problem else str(value)

    def word(self, option: str) -> str | None:
        """One word of a few."""
        return self.text(option, lambda value: not_one_of(value, choices(option)))

    def choice(self, option: str) -> str:
        """One word of a few, the first by default."""
        return self.word(option) or choices(option)[0]

    def flag(self, option: str) -> bool:
        """Yes or no, no by default; INI inventories have nothing but strings."""
        value = truth(self.value(option))
        if not isinstance(value, bool) and value is not None:
            self.refuse(option, "must be true or false", value)
        return value is True

    def mapping(self, option: str) -> dict[object, object]:
        """A dictionary, empty when there is none."""
        value = self.value(option)
        if value is None or isinstance(value, dict):
            return value or {}
        self.refuse(option, "a dictionary is expected", value)
        return {}

    def entries(self, option: str, value: object) -> list[object] | None:
        """A list."""
        if value is None or isinstance(value, list):
            return value
        self.refuse(option, "a list is expected, also for one entry: [10.20.0.0/16]", value)
        return None

    def strings(self, option: str, value: object) -> list[str] | None:
        """A list of strings."""
        entries = self.entries(option, value)
        for entry in entries or ():
            if not isinstance(entry, str):
                self.refuse(option, "a list of strings is expected", entry)
        return None if entries is None else [entry for entry in entries if isinstance(entry, str)]

    def only(self, option: str, mapping: Mapping[object, object], known: tuple[str, ...]) -> None:
        """Refuse keys nobody reads; their values may be anything, so they are not shown."""
        for key in mapping:
            if _NAME.match(str(key)) and key not in known:
                self.refuse(f"{option}{key}", "unknown option" + did_you_mean(str(key), known))
            elif key not in known:
                # Not shown: {psk:SECRET} has a key on the wrong side of the colon.
                self.refuse(option.rstrip("."), _NO_NAME)


def is_unset(value: object) -> bool:
    """Whether a variable counts as not set: a survey sends "" or [] when there is no answer."""
    return value is None or value == "" or value == []


def whole(value: object) -> object:
    """Digits in a string as the number they are: INI inventories and templates have nothing else."""
    return int(value) if isinstance(value, str) and _WHOLE.match(value) else value


def truth(value: object) -> object:
    """The words for yes and no as the truth value they are."""
    return _TRUTH.get(value.lower(), value) if isinstance(value, str) else value


def not_one_of(value: object, choices: tuple[str, ...]) -> str | None:
    """What is wrong with a word that must be one of a few."""
    if value in choices:
        return None
    return f"must be {' or '.join(choices)}" + did_you_mean(str(value), choices)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion to add to a refusal, empty when nothing comes near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f", did you mean {near[0]}?" if near else ""
