# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer that is cut off is an error without a word of the answer, also with tracebacks switched on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils._internal import _traceback

MARKER = "MARKER_psk.1"
Run = Callable[..., dict[str, Any]]


class CutOff(BaseHTTPRequestHandler):
    """Answers everything with the beginning of a document that holds a key."""

    def do_POST(self) -> None:
        body = f"<Answer><preSharedKey>{MARKER}</preSharedKey><config>{MARKER}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def cut_off() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), CutOff)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("vpn_connection_info", {}),
        ("vpn_tunnel_replacement", {"name": "berlin", "tunnel": 1}),
        ("vpn_device_configuration", {"name": "berlin", "vendor": "strongswan", "dest": "PATH"}),
        ("vpn_device_info", {}),
        ("vpn_concentrator", {"transit_gateway_id": "tgw-1"}),
    ],
)
def test_nothing_of_a_broken_answer_is_shown(
    run: Run, cut_off: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, options: dict[str, Any]
) -> None:
    # As with -vvv; what a process once read of it is kept.
    monkeypatch.setattr(_traceback, "_module_tracebacks_enabled_events", None)
    given = {**options, "dest": str(tmp_path / "text")} if "dest" in options else options
    result = run(module, endpoint_url=cut_off, _ansible_tracebacks_for=["error", "warning"], **given)
    assert result["failed"]
    assert "the answer is not one of the EC2 API" in result["msg"]
    assert "Traceback" in result["exception"]
    assert MARKER not in result["printed"]
    assert list(tmp_path.iterdir()) == []
