# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are plain dictionaries under the API's own names, written as XML without moto's serializer.

That guesses attribute names and builds the document twice: a describe of a thousand connections takes seconds there.
Here it is one pass, and of what has not changed since the last describe the text is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionContext, ActionResult

from .resources import Resource

_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15"

Writer = Callable[[Any], str]


class Shown(NamedTuple):
    """A resource, and what is to be said of it: as it is when this is made."""

    resource: Resource
    answer: Mapping[str, Any]


def show(resources: Iterable[Resource]) -> list[Shown]:
    return [Shown(resource, resource.describe()) for resource in resources]


class Answer(ActionResult):  # type: ignore[misc]  # moto ships no types we follow
    def execute_result(self, context: ActionContext) -> TYPE_RESPONSE:
        operation = context.operation_model
        name = str(operation.name)
        if name not in _writers:
            _writers[name] = _compile(operation.output_shape)
        text = _writers[name](self.result)
        tag = f"{name}Response"
        body = (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f'<{tag} xmlns="{_NAMESPACE}">{text}<requestId>request-id</requestId></{tag}>'
        )
        return 200, {"Content-Type": "text/xml"}, body


# By operation.
_writers: dict[str, Writer] = {}


def _compile(shape: Any) -> Writer:
    """The writer for one shape of the service model."""
    if shape.type_name == "structure":
        members = [
            (name, member.serialization.get("name", name), _compile(member)) for name, member in shape.members.items()
        ]
        return lambda value: _write_structure(members, value)
    if shape.type_name == "list":
        write, tag = _compile(shape.member), shape.member.serialization.get("name", "item")
        return lambda values: "".join(_tagged(tag, _write_item(write, value)) for value in values)
    return _SCALARS.get(shape.type_name, _write_text)


def _write_structure(members: list[tuple[str, str, Writer]], value: Mapping[str, Any]) -> str:
    parts = []
    for name, tag, write in members:
        found = value.get(name)
        if found is not None:
            parts.append(_tagged(tag, write(found)))
    return "".join(parts)


def _write_item(write: Writer, item: Any) -> str:
    if not isinstance(item, Shown):
        return write(item)
    kept = item.resource.last_shown
    if kept is None or kept[0] != item.answer:
        kept = item.resource.last_shown = (item.answer, write(item.answer))
    return kept[1]


def _write_text(value: Any) -> str:
    return escape(str(value))


def _write_boolean(value: bool) -> str:
    return "true" if value else "false"


def _write_time(value: datetime | str) -> str:
    """Whole seconds, as AWS has them; moto's own objects have a text with milliseconds."""
    text = value.strftime("%Y-%m-%dT%H:%M:%S") if isinstance(value, datetime) else value[: len("2026-11-24T12:00:00")]
    return f"{text}.000Z"


def _tagged(tag: str, text: str) -> str:
    return f"<{tag}>{text}</{tag}>" if text else f"<{tag}/>"


_SCALARS: Mapping[str, Writer] = {"boolean": _write_boolean, "timestamp": _write_time}
