# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data plane driver: real tunnel endpoints behind one command.

Protocol (the command is a list of words, run without a shell):

`<command> apply`   stdin: {"tunnels": [...]} from ec2/desired.py, the whole desired state; idempotent; exit 0 when the
                    endpoints run like that. Keys travel only here, never on a command line.
`<command> status`  stdout: {"<outside address>": {"ike": "ESTABLISHED|CONNECTING|DOWN", "esp": "INSTALLED|DOWN",
                    "bgp": "Established|Active|...|null", "accepted_routes": int,
                    "active": {fields of ActiveVpnTunnelStatus, as negotiated; optional},
                    "log": [the newest lines of AWS's logs of the tunnel, by time; optional:
                            {"log": "tunnel", "at": seconds since 1970, "details": text, "dpd_enabled": bool,
                             "nat_t_detected": bool, "ike_phase1_state": text, "ike_phase2_state": text},
                            {"log": "bgp", "at": seconds, "type": "BGPStatus", "status": "UP|DOWN", "details": text}]}}

One apply runs at a time; of several states that arrive meanwhile only the last one is applied. What cannot be applied
is tried again. A status may be asked for while an apply runs.
"""

from __future__ import annotations

import json
import logging
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_log = logging.getLogger("vpn_emulator.dataplane")

_RETRY_SECONDS = (2.0, 5.0, 10.0, 30.0)


class DataPlaneError(Exception):
    """The command could not be run, said no, or talked nonsense. Never carries a key."""


@dataclass(frozen=True)
class DataPlaneConfig:
    command: tuple[str, ...]
    outside_addresses: tuple[str, ...]
    status_max_age: float = 2.0
    apply_timeout: float = 600.0
    status_timeout: float = 60.0

    @classmethod
    def load(cls, path: Path) -> DataPlaneConfig:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                command=tuple(str(word) for word in data["command"]),
                outside_addresses=tuple(str(address) for address in data["outside_addresses"]),
                **{
                    name: float(data[name])
                    for name in ("status_max_age", "apply_timeout", "status_timeout")
                    if name in data
                },
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataPlaneError(f"{path}: not a data plane description: {error!r}") from error


class DataPlane:
    """Keeps the endpoints as the API wants them, in a thread of its own."""

    def __init__(self, config: DataPlaneConfig) -> None:
        self.config = config
        self.last_error: str | None = None
        self._changed = threading.Condition()
        self._wanted: dict[str, Any] | None = None
        self._running: dict[str, Any] | None = None
        # By outside address: which connection runs there, in which generation.
        self._applied: dict[str, tuple[str, int]] = {}
        self._is_applying = False
        # All that were ever sent, to be kept out of messages: the command may still know an old one.
        self._keys: set[str] = set()
        self._is_stopping = False
        self._apply: subprocess.Popen[str] | None = None
        self._status: Mapping[str, Mapping[str, Any]] = {}
        self._status_lock = threading.Lock()
        self._status_at = self._applied_at = float("-inf")
        self._status_error: str | None = None
        self._worker = threading.Thread(target=self._work, name="data-plane", daemon=True)

    def start(self) -> None:
        self._worker.start()

    def stop(self, grace: float = 5.0) -> None:
        """Give a running apply a moment to end, then end it; start no other."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        if self._worker.is_alive():
            self._worker.join(grace)
            with self._changed:
                if self._apply is not None:
                    self._apply.terminate()
            self._worker.join(grace)

    def submit(self, document: dict[str, Any]) -> None:
        """Make this the desired state; returns at once."""
        with self._changed:
            if document == self._wanted:
                return
            self._wanted = document
            self._changed.notify_all()

    def runs(self, outside_address: str, connection_id: str, generation: int) -> bool:
        """Whether this endpoint works for this connection, as last changed."""
        with self._changed:
            return self._applied.get(outside_address) == (connection_id, generation)

    def is_free(self, outside_address: str) -> bool:
        """Whether this endpoint runs for nobody, and is not just being set up."""
        with self._changed:
            return not self._is_applying and outside_address not in self._applied

    def wait_until_applied(self, timeout: float) -> bool:
        """For tests and shutdown: whether the desired state was reached in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._wanted is None or self._running == self._wanted, timeout)

    def refresh_status(self, max_age: float | None = None) -> None:
        """Ask the endpoints, unless there are none or the last answer is fresh enough. Never raises."""
        max_age = self.config.status_max_age if max_age is None else max_age
        with self._changed:
            has_endpoints = bool(self._applied)
        with self._status_lock:
            now = time.monotonic()
            is_fresh = now - self._status_at <= max_age and self._status_at > self._applied_at
            if not has_endpoints or is_fresh:
                return
            try:
                self._status = self._ask_status()
                self._report_status_error(None)
            except DataPlaneError as error:
                self._status = {}
                self._report_status_error(str(error))
            self._status_at = now

    def endpoint_status(self, outside_address: str) -> Mapping[str, Any] | None:
        """The last answer about one endpoint."""
        return self._status.get(outside_address)

    def _work(self) -> None:
        failures = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_stopping or self._wanted != self._running)
                if self._is_stopping:
                    return
                document = self._wanted or {"tunnels": []}
                self._is_applying = True
            try:
                self._keys.update(tunnel["psk"] for tunnel in document["tunnels"])
                self._run("apply", json.dumps(document), self.config.apply_timeout)
            except DataPlaneError as error:
                delay = _RETRY_SECONDS[min(failures, len(_RETRY_SECONDS) - 1)]
                failures += 1
                self.last_error = str(error)
                self._is_applying = False
                _log.error("apply failed, trying again in %g s: %s", delay, error)
                self._sleep(delay, document)
                continue
            failures = 0
            self._note_applied(document)

    def _note_applied(self, document: dict[str, Any]) -> None:
        tunnels = document["tunnels"]
        with self._changed:
            self.last_error = None
            self._running = document
            self._applied = {
                tunnel["outside_address"]: (tunnel["vpn_connection_id"], tunnel["generation"]) for tunnel in tunnels
            }
            self._applied_at = time.monotonic()
            self._is_applying = False
            self._changed.notify_all()
        _log.info("%d tunnel endpoints applied", len(tunnels))

    def _sleep(self, seconds: float, document: dict[str, Any]) -> None:
        """Wait before the next try, shorter when something else is wanted by then."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopping or self._wanted != document, seconds)

    def _ask_status(self) -> dict[str, dict[str, Any]]:
        output = self._run("status", "", self.config.status_timeout)
        try:
            status = json.loads(output)
        except ValueError as error:
            raise DataPlaneError(f"status is not JSON: {error}") from error
        if not isinstance(status, dict) or not all(isinstance(entry, dict) for entry in status.values()):
            raise DataPlaneError("status is not an object of objects")
        return status

    def _report_status_error(self, error: str | None) -> None:
        """Say it once, not at every describe."""
        if error != self._status_error:
            if error is None:
                _log.info("status works again")
            else:
                _log.error("status failed, all tunnels count as DOWN: %s", error)
        self._status_error = error

    def _run(self, verb: str, stdin: str, timeout: float) -> str:
        try:
            # A session of its own: Ctrl-C is for the emulator, which then ends its children itself.
            process = subprocess.Popen(
                [*self.config.command, verb],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        except OSError as error:
            raise DataPlaneError(f"{verb}: cannot run {self.config.command[:1]}: {error}") from None
        with process:
            if verb == "apply":
                self._note_process(process)
            try:
                output, complaint = process.communicate(stdin, timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise DataPlaneError(f"{verb}: no answer within {timeout:g} s") from None
            finally:
                if verb == "apply":
                    self._note_process(None)
        if process.returncode != 0:
            for secret in tuple(self._keys):
                complaint = complaint.replace(secret, "***")
            raise DataPlaneError(f"{verb}: exit status {process.returncode}: {complaint.strip()[-500:]}")
        return output

    def _note_process(self, process: subprocess.Popen[str] | None) -> None:
        with self._changed:
            self._apply = process
