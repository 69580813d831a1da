# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs the module vpn_sites and shows how far it is: AWS takes minutes, and a task otherwise says nothing meanwhile."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._progress import Watch

display = Display()


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible ships no types
    """The module itself does everything; here its progress is read where it can be: on this host."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        if self._is_silent(arguments):
            return {**result, **self._run_module(arguments, task_vars)}
        with Watch(lambda line: display.display(f"vpn_sites: {line}")) as watch:
            answer = self._run_module({**arguments, "progress_file": str(watch.path)}, task_vars)
        # The file is ours and gone: nobody asked for it.
        answer.get("invocation", {}).get("module_args", {}).pop("progress_file", None)
        return {**result, **answer}

    def _is_silent(self, arguments: dict[str, Any]) -> bool:
        """Nothing to show, nobody to show it to, or the user reads the progress elsewhere."""
        return bool(
            arguments.get("progress_file")
            or self._task.async_val
            or self._task.no_log
            or self._task.check_mode
            or self._connection.transport != "local"
            # The file is for this user only.
            or self._connection.become
        )

    def _run_module(self, arguments: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        answer: dict[str, Any] = self._execute_module(
            module_name="hybridnet.aws_vpn.vpn_sites",
            module_args=arguments,
            task_vars=task_vars,
            wrap_async=self._task.async_val and not self._connection.has_native_async,
        )
        return answer
