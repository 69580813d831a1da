# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator as an HTTP server: moto's dispatcher with our EC2, and a few endpoints of our own."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, EC2_RESOURCE_TO_PREFIX
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from . import control, environment
from .ec2 import desired
from .ec2.concentrators import PREFIX
from .ec2.dispatch import DROP_HEADER
from .ec2.models import Backend

_CONTROL = "/vpn-emulator/"
_EC2 = re.compile(r"Credential=[^/,]+/[^/,]+/[^/,]+/ec2/")
_ACCOUNT = re.compile(r"Credential=([0-9]{12})/")


class QuietRequestHandler(MotoRequestHandler):  # type: ignore[misc]  # moto ships no types we follow
    """No line per request: what matters is logged by those who do it."""

    def log_request(self, *_unused: object) -> None:
        return


class Application:
    """WSGI: /vpn-emulator/* is answered here, the rest by moto."""

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._ec2: Any = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/moto-api/reset":
            with environment.current().lock:
                environment.current().endpoint_keys.clear()
                for account in environment.current().accounts.values():
                    account.endpoint_reports.clear()
                answer = self._answer_by_moto(environ, start_response)
                desired.submit(environment.current())
                return answer
        if not path.startswith(_CONTROL):
            return self._answer_by_moto(environ, start_response)
        name = path[len(_CONTROL) :].strip("/")
        query = environ.get("QUERY_STRING", "")
        find_account = environment.current().account
        status, result = control.answer(find_account, environ["REQUEST_METHOD"], name, query, partial(_body, environ))
        body = json.dumps(result).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _answer_by_moto(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """An access key of 12 digits is an account, for all of moto's services."""
        (credential,) = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [""])[:1]
        if "/ec2/" in credential:
            # A presigned URL, in which moto looks for neither account nor Region nor service.
            environ.setdefault("HTTP_AUTHORIZATION", f"AWS4-HMAC-SHA256 Credential={credential}, Signature=")
        account = _ACCOUNT.search(environ.get("HTTP_AUTHORIZATION", ""))
        if account is not None:
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = account[1]

        def start_or_drop(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            """After a fault that loses the answer the client finds its connection closed."""
            if any(name.lower() == DROP_HEADER.lower() for name, _value in headers):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return start_response(status, headers, *more)

        is_ec2 = _EC2.search(environ.get("HTTP_AUTHORIZATION", "")) and environ.get("PATH_INFO") == "/"
        application = self._ec2_application() if is_ec2 else self._moto
        answer: Iterable[bytes] = application(environ, start_or_drop)
        return answer

    def _ec2_application(self) -> Any:
        """moto finds the service of a request by looking through its directories, each time."""
        with environment.current().lock:
            if self._ec2 is None:
                self._ec2 = create_backend_app("ec2")
            return self._ec2


def _body(environ: dict[str, Any]) -> Any:
    return json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def install() -> None:
    """Make moto build our EC2 backends from now on. What it has built so far is dropped."""
    reset()
    ec2_backends.backend = Backend
    EC2_RESOURCE_TO_PREFIX["vpn-concentrator"] = PREFIX
    EC2_PREFIX_TO_RESOURCE[PREFIX] = "vpn-concentrator"


def uninstall() -> None:
    reset()
    ec2_backends.backend = EC2Backend
    EC2_RESOURCE_TO_PREFIX.pop("vpn-concentrator", None)
    EC2_PREFIX_TO_RESOURCE.pop(PREFIX, None)


def reset() -> None:
    """Forget every account; the same as POST /moto-api/reset, but builds no EC2 backend only to throw it away."""
    with environment.current().lock:
        for _account, _region, backend in ec2_backends.iter_backends():
            if isinstance(backend, Backend):
                backend.vpn.connections.release_addresses(is_reset=True)
        ec2_backends.clear()
        BackendDict.reset()
        desired.submit(environment.current())
        reset_model_data()


class Server:
    """Serves in a thread until it is stopped."""

    def __init__(self, host: str, port: int) -> None:
        self._http: BaseWSGIServer = make_server(
            host, port, Application(), threaded=True, request_handler=QuietRequestHandler
        )
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), name="http", daemon=True)
        self.url = f"http://{host}:{self._http.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
