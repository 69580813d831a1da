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

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, EC2_RESOURCE_TO_PREFIX
from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from . import control, environment, role_sessions, service_quotas, tunnel_logs
from .account import DEFAULT_ACCOUNT
from .admission import CONTROL, RESET, Admission, Refused, Signer, is_own, presigned
from .ec2 import desired
from .ec2.concentrators import PREFIX
from .ec2.dispatch import DROP_HEADER
from .ec2.models import Backend

StartResponse = Callable[..., Any]

_ACCOUNT = re.compile(r"[0-9]{12}")


class QuietRequestHandler(MotoRequestHandler):  # type: ignore[misc]  # moto ships no types we follow
    """No line per request: what matters is logged by those who do it."""

    def log_request(self, *_unused: object) -> None:
        return


class Application:
    """WSGI: /vpn-emulator/* is answered here, the rest by moto's applications for the services it serves."""

    def __init__(self, admission: Admission | None = None) -> None:
        self._admission = admission or Admission()
        self._services: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if "HTTP_AUTHORIZATION" not in environ:
            # In a presigned URL moto looks for neither account nor Region nor service.
            environ["HTTP_AUTHORIZATION"] = presigned(environ)
        path = environ.get("PATH_INFO", "")
        try:
            asked_by = self._admission.admit(environ)
        except Refused as refused:
            return _refuse(refused, path, start_response)
        if asked_by is None:
            return _json(start_response, *_answer_ourselves(path, environ))
        if asked_by.service == service_quotas.SERVICE:
            return service_quotas.answer(_account_of(asked_by), environ, start_response)
        if asked_by.service == tunnel_logs.SERVICE:
            refusal = tunnel_logs.note_call(_account_of(asked_by), environ)
            if refusal:
                return _json(start_response, "400 Bad Request", {"__type": refusal, "message": "refused"})
            tunnel_logs.publish(environment.current())
        return self._answer_by_moto(asked_by, environ, start_response)

    def _answer_by_moto(
        self, asked_by: Signer, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """An access key of 12 digits is an account, for all services."""
        if _ACCOUNT.fullmatch(asked_by.access_key):
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = asked_by.access_key

        def start_or_drop(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            """After a fault that loses the answer the client finds its connection closed."""
            if any(name.lower() == DROP_HEADER.lower() for name, _value in headers):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            # moto lets every web page read its answers.
            kept = [header for header in headers if not header[0].lower().startswith("access-control-")]
            return start_response(status, kept, *more)

        answer: Iterable[bytes] = self._service(asked_by.service)(environ, start_or_drop)
        return answer

    def _service(self, name: str) -> Any:
        with environment.current().lock:
            if name not in self._services:
                self._services[name] = create_backend_app(name)
            return self._services[name]


def _account_of(asked_by: Signer) -> str:
    """As moto finds it: the number that the access key is, else that of the role whose session it is of."""
    if _ACCOUNT.fullmatch(asked_by.access_key):
        return asked_by.access_key
    session = role_sessions.find(asked_by.access_key)
    return str(session.account_id) if session else DEFAULT_ACCOUNT


def _json(start_response: StartResponse, status: str, result: Any) -> Iterable[bytes]:
    body = json.dumps(result).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _refuse(refused: Refused, path: str, start_response: StartResponse) -> Iterable[bytes]:
    """As EC2 does, or as JSON for the endpoints of our own."""
    if is_own(path):
        return _json(start_response, refused.status, {"error": str(refused)})
    error = f"<Error><Code>{refused.code}</Code><Message>{refused}</Message></Error>"
    body = f"<Response><Errors>{error}</Errors><RequestID>refused</RequestID></Response>".encode()
    start_response(refused.status, [("Content-Type", "text/xml"), ("Content-Length", str(len(body)))])
    return [body]


def _answer_ourselves(path: str, environ: dict[str, Any]) -> tuple[str, Any]:
    """The status line, and what to print as JSON."""
    method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
    if path != RESET:
        name = path[len(CONTROL) :].strip("/")
        status, result = control.answer(environment.current().account, method, name, query, partial(_body, environ))
        return status, result
    if method != "POST":
        return "405 Method Not Allowed", {"error": f"{RESET} takes POST"}
    with environment.current().lock:
        environment.current().endpoint_keys.clear()
        for account in environment.current().accounts.values():
            account.endpoint_reports.clear()
        reset()
    return "200 OK", {"status": "ok"}


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
    """Forget every account, without building an EC2 backend only to throw it away."""
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

    def __init__(self, host: str, port: int, access_keys: frozenset[str] = frozenset()) -> None:
        application = Application(Admission(host, access_keys))
        self._http: BaseWSGIServer = make_server(
            host, port, application, threaded=True, request_handler=QuietRequestHandler
        )
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), name="http", daemon=True)
        name = f"[{host}]" if ":" in host else host
        self.url = f"http://{name}:{self._http.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
