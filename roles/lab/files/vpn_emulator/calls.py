# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls an account got, in order, and the IAM actions they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Call:
    """One request, with the ids it names; options are left out, since keys are among them."""

    number: int
    action: str
    account: str
    region: str
    service: str = "ec2"
    ids: Mapping[str, Any] = field(default_factory=dict)
    # The error code of the answer, "" for none; and the kinds of the faults that were injected.
    error: str = ""
    fault: str = ""
    writes_tags: bool = False

    def describe(self) -> dict[str, Any]:
        return asdict(self)


class CallLog:
    """Numbered from 1 since it was last cleared."""

    def __init__(self) -> None:
        self._calls: list[Call] = []

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, index: int) -> Call:
        return self._calls[index]

    def add(self, action: str, account: str, region: str, service: str = "ec2") -> Call:
        call = Call(len(self._calls) + 1, action, account, region, service)
        self._calls.append(call)
        return call

    def clear(self) -> None:
        self._calls.clear()

    def iam_actions(self) -> list[str]:
        """What a policy must allow for these calls; tags in a create need ec2:CreateTags as well."""
        actions = {f"{call.service}:{call.action}" for call in self._calls}
        if any(call.writes_tags for call in self._calls):
            actions.add("ec2:CreateTags")
        return sorted(actions)


def ids_of(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a request that name something."""
    return {
        name: value
        for name, value in parameters.items()
        if name.endswith(("Id", "Ids", "IpAddress", "CidrBlock")) or name == "Resources"
    }
