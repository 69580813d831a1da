# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a task: the sum of the plans of its Regions and accounts."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ..grouping import labelled
from ..model.access import Access
from .plan import Plan, summary
from .stages import VERBS


@dataclass(frozen=True)
class Total:
    """The plans of several Regions and accounts, each made for itself, as one."""

    plans: Mapping[Access, Plan]

    @property
    def has_changes(self) -> bool:
        return any(plan.has_changes for plan in self.plans.values())

    @property
    def warnings(self) -> list[str]:
        return list(chain.from_iterable(plan.warnings for plan in self.plans.values()))

    @property
    def refusals(self) -> list[str]:
        return list(chain.from_iterable(plan.refusals for plan in self.plans.values()))

    @property
    def before(self) -> dict[str, Any]:
        """The models of what changes, as they are."""
        return self._models(lambda plan: plan.before)

    @property
    def after(self) -> dict[str, Any]:
        """The same as they will be."""
        return self._models(lambda plan: plan.after)

    @property
    def counts(self) -> dict[str, int]:
        """Actions by verb, and what stays as it is, everywhere."""
        found: Counter[str] = Counter(dict.fromkeys((*VERBS, "unchanged"), 0))
        for plan in self.plans.values():
            found.update(plan.counts)
        return dict(found)

    @property
    def lines(self) -> list[str]:
        """The plan as a person reads it: the sum first, then each Region and account, when there are several."""
        return [f"Plan: {summary(self.counts)}", *self._part_lines()]

    def _part_lines(self) -> Iterator[str]:
        for access, plan in self.plans.items():
            if len(self.plans) > 1:
                yield f"{access.label}: {summary(plan.counts)}"
            yield from plan.lines[1:]

    def as_result(self) -> dict[str, Any]:
        """The plan as a module returns it."""
        return {
            "counts": self.counts,
            "actions": [
                {**action.as_result(), **access.as_result()}
                for access, plan in self.plans.items()
                for action in plan.actions
            ],
            "lines": self.lines,
            "parts": [
                {**access.as_result(), "counts": plan.counts, "lines": plan.lines[1:]}
                for access, plan in self.plans.items()
            ],
        }

    def _models(self, of: Callable[[Plan], Mapping[str, Any]]) -> dict[str, Any]:
        return labelled((access.label, of(plan)) for access, plan in self.plans.items())
