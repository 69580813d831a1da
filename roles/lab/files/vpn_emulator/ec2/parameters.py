# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the parameters of a request by EC2's service model; refuse unknown ones and values of another type.

moto's own reader ignores unknown parameters, fails on a word for a number, and goes through the whole request once for
every parameter that an action has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.model import ListShape, Shape, StructureShape
from moto.core.parse import default_blob_parser, default_timestamp_parser

from . import errors

# Of every request: what is called, and who signed it.
_OF_THE_PROTOCOL = frozenset(
    {
        "AWSAccessKeyId",
        "Action",
        "Expires",
        "SecurityToken",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "Timestamp",
        "Version",
    }
)
_SIGNATURE = "X-Amz-"

# XML 1.0 has no way to write these.
NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# More parts than any parameter has.
_DEEPEST = 16
_INDEX = re.compile(r"[1-9][0-9]{0,4}")
_NUMBER = re.compile(r"-?[0-9]{1,19}")
_BOOLEANS = {"true": True, "false": False}


@dataclass
class _Node:
    """One part of a dotted name: a value, or more parts."""

    name: str
    value: str | None = None
    parts: dict[str, _Node] = field(default_factory=dict)


def read(shape: StructureShape | None, request: Mapping[str, str]) -> dict[str, Any]:
    """By the names of the model; `shape` is the input of the operation."""
    known = _members(shape) if shape is not None else {}
    root = _Node("")
    for name, value in request.items():
        if name in known or not (name in _OF_THE_PROTOCOL or name.startswith(_SIGNATURE)):
            _add(root, name, value)
    return _read_structure(known, root)


def _add(root: _Node, name: str, value: str) -> None:
    if NOT_XML.search(value):
        raise errors.invalid_value(name)
    node, prefix = root, ""
    for part in name.split(".", _DEEPEST):
        prefix = f"{prefix}.{part}" if prefix else part
        node = node.parts.setdefault(part, _Node(prefix))
    node.value = value


@cache
def _members(shape: StructureShape) -> dict[str, tuple[str, Shape]]:
    """By their names in a request."""
    return {_wire_name(name, member): (name, member) for name, member in shape.members.items()}


def _wire_name(name: str, member: Shape) -> str:
    if "queryName" in member.serialization:
        return str(member.serialization["queryName"])
    wire = str(member.serialization.get("name", name))
    return wire[:1].upper() + wire[1:]


def _read(shape: Shape, node: _Node) -> Any:
    is_tree = isinstance(shape, (StructureShape, ListShape))
    if is_tree != (node.value is None) or (node.parts and not is_tree):
        raise errors.unknown_parameter(node.name)
    if isinstance(shape, StructureShape):
        return _read_structure(_members(shape), node)
    if isinstance(shape, ListShape):
        return _read_list(shape, node)
    return _read_value(shape.type_name, node)


def _read_structure(known: Mapping[str, tuple[str, Shape]], node: _Node) -> dict[str, Any]:
    found = {}
    for part, child in node.parts.items():
        if part not in known:
            raise errors.unknown_parameter(child.name)
        name, member = known[part]
        found[name] = _read(member, child)
    return found


def _read_list(shape: ListShape, node: _Node) -> list[Any]:
    for part, child in node.parts.items():
        if not _INDEX.fullmatch(part):
            raise errors.unknown_parameter(child.name)
    if node.name == "Options.TunnelOptions":
        _fill(node)
    values = [_read(shape.member, node.parts[index]) for index in sorted(node.parts, key=int)]
    # AWS takes an id that is named twice as named once; moto counts them.
    return (
        list(dict.fromkeys(values))
        if shape.member.type_name == "string" and node.name.endswith(("Id", "Ids"))
        else values
    )


def _fill(tunnels: _Node) -> None:
    """An entry belongs to the tunnel of its number; an empty one before it leaves nothing in the request.

    What AWS makes of that is not known.
    """
    if "2" in tunnels.parts:
        tunnels.parts.setdefault("1", _Node(f"{tunnels.name}.1"))


def _read_value(kind: str, node: _Node) -> Any:
    value = node.value or ""
    try:
        return _READERS[kind](value)
    except (KeyError, ValueError, RuntimeError):
        raise errors.invalid_value(node.name, value) from None


def _number(bits: int) -> Callable[[str], int]:
    def read_number(value: str) -> int:
        if not _NUMBER.fullmatch(value) or not -(1 << bits - 1) <= int(value) < 1 << bits - 1:
            raise ValueError
        return int(value)

    return read_number


_READERS: Mapping[str, Callable[[str], Any]] = {
    "blob": default_blob_parser,
    "boolean": lambda value: _BOOLEANS[value.lower()],
    "double": float,
    "integer": _number(32),
    "long": _number(64),
    "string": str,
    "timestamp": default_timestamp_parser,
}
