# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that is not there: what its modules would return is in its variable C(answers), by module."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase

DOCUMENTATION = """
name: answering
short_description: Return what a module of the host would return
description: Runs nothing.
author: hybridnet.aws_vpn contributors
options:
  answers:
    description:
      - Results by the name of the module.
      - A result with C(tunnels_of_peers) gets C(tunnels) instead, one for each peer that the module is asked about.
      - What is in C(diagnosed) of a result replaces the rest when the module is asked to diagnose.
    type: dict
    default: {}
    vars:
      - name: answers
  answers_log:
    description: File that gets a line for each module, with the host, the module, and C(as root) if it becomes root.
    type: path
    vars:
      - name: answers_log
"""

MODULE = re.compile(rb"\bansible(?:_collections\.\w+\.\w+\.plugins)?\.modules\.(\w+)")
# The first is how ansible-core 2.17 and 2.18 write them.
PARAMETERS = re.compile(rb"^(?: *ANSIBALLZ_PARAMS = |params=)(.+?),?$", re.MULTILINE)


class Connection(ConnectionBase):  # type: ignore[misc]  # ansible ships no types
    """Every module comes over standard input, because this connection pipelines."""

    transport = "answering"
    has_pipelining = True
    always_pipeline_modules = True

    def _connect(self) -> Connection:
        self._connected = True
        return self

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        if in_data is None:
            return 0, b"", b""
        found = MODULE.search(in_data)
        answers: dict[str, Any] = self.get_option("answers")
        if not found or found[1].decode() not in answers:
            raise AnsibleConnectionFailure(f"no answer for {found and found[1]!r}")
        self._log(found[1].decode())
        return 0, json.dumps(self._answer(answers[found[1].decode()], in_data)).encode(), b""

    def _answer(self, answer: dict[str, Any], module: bytes) -> dict[str, Any]:
        if "tunnels_of_peers" not in answer:
            return answer
        found = PARAMETERS.search(module)
        if not found:
            raise AnsibleConnectionFailure("the module comes without parameters")
        parameters = json.loads(ast.literal_eval(found[1].decode()))["ANSIBLE_MODULE_ARGS"]
        answer = dict(answer)
        diagnosed = answer.pop("diagnosed", {})
        answer.update(diagnosed if parameters.get("diagnose") else {})
        state = answer.pop("tunnels_of_peers")
        about = ("name", "interface", "outside_address")
        tunnels = [{**state, **{key: peer[key] for key in about}} for peer in parameters.get("peers", [])]
        return {**answer, "tunnels": tunnels}

    def _log(self, module: str) -> None:
        path = self.get_option("answers_log")
        if path:
            with open(path, "a", encoding="utf-8") as log:
                log.write(f"{self._play_context.remote_addr} {module}{' as root' if self.become else ''}\n")

    def put_file(self, in_path: str, out_path: str) -> None:
        raise AnsibleConnectionFailure(f"{in_path} was to become {out_path} on the host")

    def fetch_file(self, in_path: str, out_path: str) -> None:
        raise AnsibleConnectionFailure(f"{in_path} of the host was to become {out_path}")

    def close(self) -> None:
        self._connected = False
