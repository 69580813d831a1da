# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator as an HTTP server: moto's dispatcher with our EC2, and a few endpoints of our own."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.ec2.models import EC2Backend, ec2_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from . import environment
from .account import DEFAULT_ACCOUNT
from .ec2 import desired
from .ec2.models import Backend

_CONTROL = "/vpn-emulator/"
_ENDPOINTS = "endpoints/"
_ACCOUNT = re.compile(r"Credential=([0-9]{12})/")


class QuietRequestHandler(MotoRequestHandler):  # type: ignore[misc]  # moto ships no types we follow
    """No line per request: what matters is logged by those who do it."""

    def log_request(self, *_unused: object) -> None:
        return


class Application:
    """WSGI: /vpn-emulator/* is answered here, the rest by moto."""

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/moto-api/reset":
            with environment.current().lock:
                environment.current().endpoint_keys.clear()
                return self._answer_by_moto(environ, start_response)
        if not path.startswith(_CONTROL):
            return self._answer_by_moto(environ, start_response)
        status, result = self._control(environ["REQUEST_METHOD"], path[len(_CONTROL) :].strip("/"), environ)
        body = json.dumps(result).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _answer_by_moto(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """An access key of 12 digits is an account, for all of moto's services."""
        account = _ACCOUNT.search(environ.get("HTTP_AUTHORIZATION", ""))
        if account is not None:
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = account[1]
        answer: Iterable[bytes] = self._moto(environ, start_response)
        return answer

    @staticmethod
    def _control(method: str, name: str, environ: dict[str, Any]) -> tuple[str, Any]:
        current = environment.current()
        asked = parse_qs(environ.get("QUERY_STRING", "")).get("account", [DEFAULT_ACCOUNT])
        account = current.account(asked[0])
        if (method, name) == ("GET", "calls"):
            return "200 OK", dict(sorted(account.calls.items()))
        if (method, name) == ("DELETE", "calls"):
            account.calls.clear()
            return "200 OK", {}
        if (method, name) == ("GET", "clock"):
            return "200 OK", {"now": account.clock.now()}
        try:
            if (method, name) == ("POST", "clock"):
                account.clock.advance(float(_body(environ)["advance"]))
                return "200 OK", {"now": account.clock.now()}
            if name.startswith(_ENDPOINTS) and method in ("PUT", "DELETE"):
                return _set_endpoint_key(current, name[len(_ENDPOINTS) :], method, environ)
        except (ValueError, KeyError, TypeError) as error:
            return "400 Bad Request", {"error": f"not what {method} /vpn-emulator/{name} takes: {type(error).__name__}"}
        return "404 Not Found", {"error": f"{method} /vpn-emulator/{name} is not known"}


def _body(environ: dict[str, Any]) -> Any:
    return json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def _set_endpoint_key(
    current: environment.Environment, address: str, method: str, environ: dict[str, Any]
) -> tuple[str, Any]:
    """A fault on request: the endpoint gets another key than the API says, or its own one back. No key is returned."""
    with current.lock:
        if method == "PUT":
            current.endpoint_keys[address] = str(_body(environ)["pre_shared_key"])
        else:
            current.endpoint_keys.pop(address, None)
        desired.submit(current)
    return "200 OK", {}


def install() -> None:
    """Make moto build our EC2 backends from now on. What it has built so far is dropped."""
    reset()
    ec2_backends.backend = Backend


def uninstall() -> None:
    reset()
    ec2_backends.backend = EC2Backend


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
