# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all VPN resources share: an id, tags, and a state that changes with time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from moto.ec2.exceptions import EC2ClientError

from ..account import Account
from ..environment import Environment, current
from .lifecycle import DELETED, Lifecycle


class TagStore(Protocol):
    """The part of moto's backend that keeps tags, by resource id."""

    account_id: str
    tags: dict[str, dict[str, str]]

    def create_tags(self, resource_ids: list[str], tags: dict[str, str]) -> bool: ...


class Resource:
    """Base of the objects of the backend."""

    def __init__(self, store: TagStore, resource_id: str, state: str, tags: Mapping[str, str] | None) -> None:
        self._store = store
        self.environment: Environment = current()
        self.account: Account = self.environment.account(store.account_id)
        self.id = resource_id
        self.lifecycle = Lifecycle(self.account.clock, state)
        self.visible_from = float("-inf")
        self.account.created.append(self)
        # The last answer about it, and its XML.
        self.last_shown: tuple[Mapping[str, Any], str] | None = None
        if tags:
            store.create_tags([resource_id], dict(tags))

    @property
    def state(self) -> str:
        return self.lifecycle.state

    @property
    def is_live(self) -> bool:
        return self.state != DELETED

    @property
    def tags(self) -> Mapping[str, str]:
        return self.account.seen_tags(self.id, self._store.tags.get(self.id) or {})

    @property
    def is_visible(self) -> bool:
        return self.account.clock.now() >= self.visible_from

    def tag_list(self) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]

    def describe(self) -> dict[str, Any]:
        raise NotImplementedError


AnyResource = TypeVar("AnyResource", bound=Resource)


def forget_deleted(resources: dict[str, AnyResource], store: TagStore) -> None:
    """Drop what has been deleted for long enough that AWS no longer lists it."""
    for resource_id in [one.id for one in resources.values() if one.lifecycle.is_forgotten]:
        del resources[resource_id]
        store.tags.pop(resource_id, None)


def require_type(value: str | None) -> None:
    if value != "ipsec.1":
        raise EC2ClientError("InvalidParameterValue", f"Invalid value '{value}' for type. Must be one of: ipsec.1")


def pick(resources: Mapping[str, AnyResource], ids: Iterable[str] | None, not_found: Any) -> list[AnyResource]:
    """All of them, or those with these ids; an id that is not there is an error."""
    if not ids:
        return [one for one in resources.values() if one.is_visible]
    wanted = list(dict.fromkeys(ids))
    for resource_id in wanted:
        if resource_id not in resources or not resources[resource_id].is_visible:
            raise not_found(resource_id)
    return [resources[resource_id] for resource_id in wanted]
