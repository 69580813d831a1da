# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talk to charon over its VICI socket: the few words the lab needs, without starting swanctl each time.

Protocol: strongSwan, src/libcharon/plugins/vici/README.md.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]

_REQUEST, _RESPONSE, _REGISTER, _CONFIRM, _EVENT = 0, 1, 3, 5, 7
_SECTION, _SECTION_END, _VALUE, _LIST, _ITEM, _LIST_END = 1, 2, 3, 4, 5, 6


class ViciError(Exception):
    """charon refused a request or could not be reached."""


def encode(message: Message) -> bytes:
    """The wire form of nested dicts, lists of strings, and strings."""
    parts = []
    for key, value in message.items():
        name = bytes([len(key)]) + key.encode()
        if isinstance(value, dict):
            parts.append(bytes([_SECTION]) + name + encode(value) + bytes([_SECTION_END]))
        elif isinstance(value, list):
            items = [bytes([_ITEM]) + _long(str(item)) for item in value]
            parts.append(bytes([_LIST]) + name + b"".join(items) + bytes([_LIST_END]))
        else:
            parts.append(bytes([_VALUE]) + name + _long(str(value)))
    return b"".join(parts)


def _long(text: str) -> bytes:
    data = text.encode()
    return struct.pack("!H", len(data)) + data


def decode(data: bytes) -> Message:
    """The inverse of encode."""
    return _Reader(data).section()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def _take(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def _name(self) -> str:
        return self._take(self._take(1)[0]).decode()

    def _text(self) -> str:
        return self._take(struct.unpack("!H", self._take(2))[0]).decode(errors="replace")

    def _list(self) -> list[str]:
        items = []
        while self._take(1)[0] != _LIST_END:
            items.append(self._text())
        return items

    def section(self) -> Message:
        message: Message = {}
        while self._at < len(self._data):
            kind = self._take(1)[0]
            if kind == _SECTION_END:
                break
            name = self._name()
            if kind == _SECTION:
                message[name] = self.section()
            elif kind == _LIST:
                message[name] = self._list()
            else:
                message[name] = self._text()
        return message


class Vici:
    """One connection to one charon."""

    def __init__(self, path: str, timeout: float = 10) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        self._socket.connect(path)

    def __enter__(self) -> Vici:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def request(self, command: str, message: Message | None = None) -> Message:
        """Send a command; its answer. Raises ViciError when charon says no."""
        self._send(_REQUEST, command, encode(message or {}))
        kind, payload = self._receive()
        if kind != _RESPONSE:
            raise ViciError(f"charon does not know {command}")
        answer = decode(payload)
        if answer.get("success", "yes") != "yes":
            raise ViciError(f"{command}: {answer.get('errmsg', 'refused')}")
        return answer

    def stream(self, command: str, event: str) -> Iterator[Message]:
        """Send a command whose answer comes as events."""
        self._send(_REGISTER, event, b"")
        if self._receive()[0] != _CONFIRM:
            raise ViciError(f"charon does not know the event {event}")
        self._send(_REQUEST, command, b"")
        while True:
            kind, payload = self._receive()
            if kind != _EVENT:
                return
            yield decode(payload[1 + payload[0] :])

    def _send(self, kind: int, name: str, body: bytes) -> None:
        packet = bytes([kind, len(name)]) + name.encode() + body
        self._socket.sendall(struct.pack("!I", len(packet)) + packet)

    def _receive(self) -> tuple[int, bytes]:
        packet = self._exactly(struct.unpack("!I", self._exactly(4))[0])
        return packet[0], packet[1:]

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            chunk = self._socket.recv(count - len(data))
            if not chunk:
                raise ViciError("charon closed the connection")
            data += chunk
        return data
