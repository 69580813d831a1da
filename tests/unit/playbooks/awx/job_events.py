# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps what AWX keeps of a job: one JSON document for each event, in the directory named by JOB_EVENTS."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: job_events
type: notification
short_description: Keep the events of a job
description: Tasks with their arguments as the play has them, results, and diffs.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible ships no types
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "job_events"
    CALLBACK_NEEDS_ENABLED = True

    def _keep(self, event: str, **data: Any) -> None:
        directory = Path(os.environ["JOB_EVENTS"])
        number = len(list(directory.iterdir()))
        text = json.dumps({"event": event, **data}, default=str)
        (directory / f"{number}-{event}.json").write_text(text, encoding="utf-8")

    def _keep_result(self, event: str, result: Any) -> None:
        self._keep(event, host=result._host.name, action=result._task.action, res=result._result)

    def v2_playbook_on_task_start(self, task: Any, **_more: Any) -> None:
        self._keep("playbook_on_task_start", task=task.name, action=task.action, task_args=str(task.args))

    def v2_runner_on_ok(self, result: Any) -> None:
        self._keep_result("runner_on_ok", result)

    def v2_runner_on_failed(self, result: Any, **_more: Any) -> None:
        self._keep_result("runner_on_failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._keep_result("runner_on_skipped", result)

    def v2_on_file_diff(self, result: Any) -> None:
        self._keep("on_file_diff", action=result._task.action, diff=result._result.get("diff"))
