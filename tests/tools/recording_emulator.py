# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated EC2 API without delays, which notes who calls what.

Below /by/NAME/ it is the same API; each call there is noted under NAME. When it is told to end, it writes
the notes to a file: {NAME: [IAM action, ...]}.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import signal
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from vpn_emulator import server
from vpn_emulator.environment import use
from vpn_emulator.inprocess import new_environment
from werkzeug.serving import make_server

CALLER = re.compile(r"/by/([a-z0-9_]+)(/.*)?")

Notes = dict[str, set[str]]


def actions(body: bytes) -> set[str]:
    """What IAM has to allow for one request: tags in a creation need CreateTags too."""
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    found = {form["Action"]} if "Action" in form else set()
    if any(name.startswith("TagSpecification") for name in form):
        found.add("CreateTags")
    return found


class Recorder:
    """WSGI: the emulator, with notes."""

    def __init__(self, notes: Notes) -> None:
        self._application = server.Application()
        self._notes = notes
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        called = CALLER.fullmatch(environ.get("PATH_INFO", ""))
        if called:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            with self._lock:
                self._notes.setdefault(called[1], set()).update(actions(body))
            environ["wsgi.input"] = io.BytesIO(body)
            environ["PATH_INFO"] = called[2] or "/"
        return self._application(environ, start_response)


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url-file", type=Path, required=True, help="gets the address once it listens")
    parser.add_argument("--notes", type=Path, required=True, help="gets the notes at the end")
    arguments = parser.parse_args()
    is_asked_to_end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_unused: is_asked_to_end.set())
    notes: Notes = {}
    server.install()
    use(new_environment(0.0))
    http = make_server("127.0.0.1", 0, Recorder(notes), threaded=True, request_handler=server.QuietRequestHandler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    partial = arguments.url_file.with_suffix(".new")
    partial.write_text(f"http://127.0.0.1:{http.server_port}\n", encoding="ascii")
    partial.rename(arguments.url_file)
    is_asked_to_end.wait()
    http.shutdown()
    sorted_notes = {name: sorted(called) for name, called in sorted(notes.items())}
    arguments.notes.write_text(json.dumps(sorted_notes, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
