# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated EC2 API without delays, which applies the policies of the permissions guide and notes who calls what.

Below /by/NAME/ it is the same API, where NAME may do only what the policies allow; each call there is noted under NAME.
When it is told to end, it writes the notes to a file: {NAME: [IAM action, ...]}.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import permissions
from iam import Guard, Policy
from vpn_emulator import server
from vpn_emulator.environment import use
from vpn_emulator.inprocess import new_environment
from werkzeug.serving import make_server

CALLER = re.compile(r"/by/([a-z0-9_]+)(/.*)?")


def policies_of(name: str) -> list[Policy]:
    """For everything, and what the guide adds to it for the things that the target is about."""
    everything, _read, adopt, gateways, *_others = permissions.policies(permissions.GUIDE.read_text(encoding="utf-8"))
    added = {"vpn_adoption": [adopt], "vpn_connection": [permissions.with_ids(gateways, cgw="*", vgw="*")]}
    return [everything, *added.get(name, [])]


class Recorder:
    """WSGI: the emulator, with a guard for each caller."""

    def __init__(self) -> None:
        self._application = server.Application()
        self._guards: dict[str, Guard] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        called = CALLER.fullmatch(environ.get("PATH_INFO", ""))
        if called is None:
            answer: Iterable[bytes] = self._application(environ, start_response)
            return answer
        with self._lock:
            if called[1] not in self._guards:
                self._guards[called[1]] = Guard(self._application, policies_of(called[1]))
        environ["PATH_INFO"] = called[2] or "/"
        return self._guards[called[1]](environ, start_response)

    def notes(self) -> dict[str, list[str]]:
        """The IAM actions that each caller needed."""
        return {name: sorted(guard.actions) for name, guard in sorted(self._guards.items())}


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url-file", type=Path, required=True, help="gets the address once it listens")
    parser.add_argument("--notes", type=Path, required=True, help="gets the notes at the end")
    arguments = parser.parse_args()
    is_asked_to_end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_unused: is_asked_to_end.set())
    server.install()
    use(new_environment(0.0))
    recorder = Recorder()
    http = make_server("127.0.0.1", 0, recorder, threaded=True, request_handler=server.QuietRequestHandler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    partial = arguments.url_file.with_suffix(".new")
    partial.write_text(f"http://127.0.0.1:{http.server_port}\n", encoding="ascii")
    partial.rename(arguments.url_file)
    is_asked_to_end.wait()
    http.shutdown()
    arguments.notes.write_text(json.dumps(recorder.notes(), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
