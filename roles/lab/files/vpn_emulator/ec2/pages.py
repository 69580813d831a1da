# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers in pages: MaxResults and NextToken."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from . import errors


def page(name: str, items: Sequence[Any], request: Mapping[str, Any], least: int, most: int = 1000) -> dict[str, Any]:
    """The answer with this page of the items under `name`; without MaxResults all of them."""
    size = request.get("MaxResults")
    if size is not None and not least <= size <= most:
        raise errors.invalid_value("MaxResults", size)
    begin = _offset(request.get("NextToken"))
    end = len(items) if size is None else begin + size
    answer: dict[str, Any] = {name: list(items[begin:end])}
    if end < len(items):
        answer["NextToken"] = base64.urlsafe_b64encode(f"from {end}".encode()).decode()
    return answer


def _offset(token: str | None) -> int:
    if not token:
        return 0
    try:
        word, number = base64.urlsafe_b64decode(token).decode().split()
        if word == "from":
            return int(number)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        pass
    raise errors.bad_token()
