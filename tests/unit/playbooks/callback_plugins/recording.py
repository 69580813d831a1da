# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes what a run did that its output does not show: one JSON document a line, in the file named by RECORDING."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase
from ansible_collections.hybridnet.aws_vpn.plugins.filter import gateway_peers as filters

DOCUMENTATION = """
name: recording
type: notification
short_description: Note calls of filters and arguments of tasks
description: The host is not told, only the file.
"""


def note(**what: Any) -> None:
    with Path(os.environ["RECORDING"]).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(what, default=str) + "\n")


def counted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Hosts are worked on in processes made after this, which have the counted filter, too."""

    @wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        note(filter="gateway_peers")
        return function(*arguments, **options)

    return call


filters.gateway_peers = counted(filters.gateway_peers)


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible ships no types
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "recording"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        task = result._task_fields
        note(host=result._host.name, task=task["name"], action=task["action"], arguments=task["args"])
