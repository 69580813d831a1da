# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a run: its actions and their order, what each interrupts, and what is refused."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..model.names import connection_of, gateway_of
from ..nouns import CUSTOMER_GATEWAY, ROUTE_PROPAGATION, VPN_CONCENTRATOR, VPN_GATEWAY, VPN_GATEWAY_ATTACHMENT
from .stages import CHANGE, CREATE, DELETE, REPLACE, VERBS, Interruption, Stage
from .steps import Step


@dataclass(frozen=True)
class Action:
    """One change of one resource."""

    # The connection by its name, the gateway, or what is shared by several of them and asked for by itself.
    owner: str
    resource: str
    verb: str
    detail: str
    stage: Stage
    step: Step
    id: str | None = None
    interruption: Interruption = Interruption.NONE

    @classmethod
    def of(cls, step: Step, owner: str, detail: str, id: str | None = None) -> Action:
        """The action that is this step, as the step declares it; C(id) is the resource, where it exists already."""
        return cls(
            owner=owner,
            resource=step.resource,
            verb=step.verb,
            detail=detail,
            stage=step.stage,
            step=step,
            id=id,
            interruption=step.interruption,
        )

    @property
    def line(self) -> str:
        """The action as a person reads it."""
        words = [self.verb, self.resource.replace("_", " ")]
        if self.id and self.id not in self.detail:
            words.append(self.id)
        if self.detail:
            words.append(self.detail)
        cost = "" if self.interruption is Interruption.NONE else f"  [{_COST[self.interruption]}]"
        return f"{self.owner}  {' '.join(words)}{cost}"

    def as_result(self) -> dict[str, Any]:
        """The action as a module returns it."""
        return {
            "gateway": gateway_of(self.owner),
            "connection": None if self.resource in _OF_NO_CONNECTION else connection_of(self.owner),
            "resource": self.resource,
            "name": self.owner,
            "id": self.id,
            "verb": self.verb,
            "detail": self.detail,
            "interruption": self.interruption.value,
        }


# What several connections use.
_OF_NO_CONNECTION = (
    CUSTOMER_GATEWAY,
    VPN_GATEWAY,
    VPN_GATEWAY_ATTACHMENT,
    ROUTE_PROPAGATION,
    VPN_CONCENTRATOR,
)

_COST = {
    Interruption.ONE_TUNNEL: "interrupts one tunnel",
    Interruption.BOTH_TUNNELS: "interrupts both tunnels",
    Interruption.REPLACE: "replaces the connection: new outside addresses",
}


@dataclass(frozen=True)
class Part:
    """The plan for one resource; parts add up to the plan of a run."""

    owner: str
    resource: str
    actions: tuple[Action, ...] = ()
    unchanged: int = 0
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()

    def along_with(self, removals: Iterable[Part]) -> Part:
        """The same, with the removal of what is there beside the resource as far as nothing is against it."""
        kept = [part.unless_refused() for part in removals]
        return replace(
            self,
            actions=(*self.actions, *(action for part in kept for action in part.actions)),
            warnings=(*self.warnings, *(text for part in kept for text in part.warnings)),
        )

    def unless_refused(self) -> Part:
        """The same, but what is refused stays as it is, with a warning, and does not hold up the rest of the plan."""
        if not self.refusals:
            return self
        warnings = tuple(f"{text}, so it stays" for text in self.refusals)
        return Part(self.owner, self.resource, unchanged=1, warnings=(*self.warnings, *warnings))


@dataclass(frozen=True)
class Plan:
    """Desired and observed state laid side by side: the one source of check mode, diff, run and summary."""

    actions: tuple[Action, ...] = ()
    unchanged: int = 0
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()

    @classmethod
    def of(cls, parts: Iterable[Part]) -> Plan:
        """One plan out of the parts, actions in the order of their stages."""
        kept = list(parts)
        actions: list[Action] = [action for part in kept for action in part.actions]
        return cls(
            actions=tuple(sorted(actions, key=lambda action: action.stage)),
            unchanged=sum(part.unchanged for part in kept),
            before=_models((part, part.before) for part in kept),
            after=_models((part, part.after) for part in kept),
            warnings=tuple(dict.fromkeys(text for part in kept for text in part.warnings)),
            refusals=tuple(dict.fromkeys(text for part in kept for text in part.refusals)),
        )

    def followed_by(self, rest: Plan) -> Plan:
        """The same with what was planned after it, in one run."""
        return replace(self, actions=(*self.actions, *rest.actions))

    @property
    def has_changes(self) -> bool:
        return bool(self.actions)

    @property
    def counts(self) -> dict[str, int]:
        """Actions by verb, and what stays as it is."""
        by_verb = Counter(action.verb for action in self.actions)
        return {**{verb: by_verb[verb] for verb in VERBS}, "unchanged": self.unchanged}

    @property
    def lines(self) -> list[str]:
        """The plan as a person reads it: the sum first."""
        return [f"Plan: {summary(self.counts)}", *(action.line for action in self.actions)]

    def stages(self) -> list[tuple[Stage, tuple[Action, ...]]]:
        """The actions grouped by stage, in order; stages without any are left out."""
        return [
            (stage, group)
            for stage in Stage
            if (group := tuple(action for action in self.actions if action.stage is stage))
        ]


def summary(counts: Mapping[str, int]) -> str:
    """The numbers of a plan as a person reads them."""
    return (
        f"{counts[CREATE]} to create, {counts[CHANGE]} to change, {counts[REPLACE]} to replace,"
        f" {counts[DELETE]} to delete, {counts['unchanged']} unchanged."
    )


def _models(parts: Iterable[tuple[Part, Mapping[str, Any] | None]]) -> dict[str, Any]:
    """The models of what changes, by owner and resource."""
    models: dict[str, Any] = {}
    for part, model in parts:
        if part.actions and model is not None:
            models.setdefault(part.owner, {})[part.resource] = dict(model)
    return models
