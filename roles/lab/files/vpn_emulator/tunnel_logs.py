# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logs of tunnels, written into the CloudWatch Logs of moto: what the endpoints say, where a tunnel has a log on.

The lines are taken from the endpoints when somebody asks CloudWatch Logs. A log group that does not exist gets none.
Streams and fields are those of AWS's guide:
https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-logs.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from moto.ec2.models import ec2_backends
from moto.logs.models import LogsBackend, logs_backends

from . import service_quotas
from .ec2.models import Backend
from .ec2.tunnels import Tunnel
from .ec2.vpn_connection import VpnConnection
from .environment import Environment, current

SERVICE = "logs"
# By log: the prefix of its options, and the end of the name of its stream.
_LOGS = {"tunnel": ("", "IKE"), "bgp": ("Bgp", "BGP")}
# Who asks for logs has just asked for the connections. As on AWS, a log is seconds late.
_MAX_AGE = 30.0
_ACTIVITY = ("details", "dpd_enabled", "nat_t_detected", "ike_phase1_state", "ike_phase2_state")


def note_call(account_id: str, environ: dict[str, Any]) -> str | None:
    """Count a call that moto is about to answer; the code of the error with which it is refused instead."""
    action = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    with current().lock:
        account = current().account(account_id)
        account.calls[action] += 1
        call = account.log.add(action, account.id, service_quotas.region_of(environ), service=SERVICE)
        try:
            service_quotas.raise_injected(account.faults.for_call(action))
        except service_quotas.QuotaError as error:
            call.error = str(error)
            return call.error
    return None


def publish(environment: Environment) -> None:
    """Write what the endpoints have said since the last time."""
    if environment.data_plane is not None:
        # May take a while, so before the lock.
        environment.data_plane.refresh_status(_MAX_AGE)
    with environment.lock:
        for account, region, backend in ec2_backends.iter_backends():
            for connection, tunnel in _tunnels(backend):
                _publish(logs_backends[account][region], connection, tunnel)


def _tunnels(backend: Any) -> Iterator[tuple[VpnConnection, Tunnel]]:
    if isinstance(backend, Backend):
        for connection in backend.vpn_connections.values():
            if connection.is_in_service:
                yield from ((connection, tunnel) for tunnel in connection.tunnels)


def _publish(logs: LogsBackend, connection: VpnConnection, tunnel: Tunnel) -> None:
    options = tunnel.options.get("LogOptions", {}).get("CloudWatchLogOptions", {})
    said = (connection.endpoint_status(tunnel) or {}).get("log") or []
    for log, (prefix, end) in _LOGS.items():
        known = tunnel.published.get(log, frozenset())
        records = [record for record in said if record["log"] == log]
        tunnel.published[log] = frozenset(json.dumps(record, sort_keys=True) for record in records)
        group = str(options.get(f"{prefix}LogGroupArn", "")).partition(":log-group:")[2].partition(":")[0]
        new = [record for record in records if json.dumps(record, sort_keys=True) not in known]
        if new and options.get(f"{prefix}LogEnabled") and group in logs.groups:
            stream = f"{connection.id}_{tunnel.outside_address}-{end}.log"
            if stream not in logs.groups[group].streams:
                logs.create_log_stream(group, stream)
            is_json = options.get(f"{prefix}LogOutputFormat", "json") == "json"
            write = _as_json if is_json else _as_text
            events = [
                {"timestamp": int(record["at"] * 1000), "message": write(_fields(connection, tunnel, record))}
                for record in sorted(new, key=lambda record: float(record["at"]))
            ]
            logs.put_log_events(group, stream, events)


def _fields(connection: VpnConnection, tunnel: Tunnel, record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the guide, in its order."""
    at = datetime.fromtimestamp(record["at"], timezone.utc)
    time = {
        "event_timestamp": int(record["at"] * 1000),
        "timestamp": f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03}Z",
    }
    if record["log"] == "tunnel":
        return {**time, **{name: record[name] for name in _ACTIVITY if name in record}}
    message = {"details": record["details"]}
    place = f"{connection.id}_{tunnel.outside_address}"
    return {"resource_id": place, **time, "type": record["type"], "status": record["status"], "message": message}


def _as_json(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields)


def _as_text(fields: Mapping[str, Any]) -> str:
    """The guide does not show this format: here it is all values, in the same order."""
    return " ".join(json.dumps(value) if isinstance(value, dict) else str(value) for value in fields.values())
