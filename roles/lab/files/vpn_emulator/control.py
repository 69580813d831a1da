# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's own HTTP interface below /vpn-emulator/, as JSON: its clock, faults, quotas, telemetry and so on.

What belongs to an account is that of the default account, or of `?account=111122223333`. PUT sets, DELETE takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from . import customer_devices
from .account import DEFAULT_ACCOUNT, Account
from .ec2 import desired
from .ec2.maintenance import tunnel_at
from .ec2.transit import attach_direct_connect
from .environment import current

# Account, the part of the path that a star stands for, body.
Handler = Callable[[Account, str, Any], Any]


def _calls(account: Account, _part: str, _body: Any) -> Any:
    return dict(sorted(account.calls.items()))


def _forget_calls(account: Account, _part: str, _body: Any) -> Any:
    account.calls.clear()
    return {}


def _clock(account: Account, _part: str, _body: Any) -> Any:
    return {"now": account.clock.now()}


def _advance(account: Account, _part: str, body: Any) -> Any:
    account.clock.advance(float(body["advance"]))
    return {"now": account.clock.now()}


def _log(account: Account, _part: str, _body: Any) -> Any:
    return [call.describe() for call in account.log]


def _forget_log(account: Account, _part: str, _body: Any) -> Any:
    account.log.clear()
    return {}


def _iam_actions(account: Account, _part: str, _body: Any) -> Any:
    return account.log.iam_actions()


def _faults(account: Account, _part: str, _body: Any) -> Any:
    return [fault.describe() for fault in account.faults.injected]


def _add_fault(account: Account, _part: str, body: Any) -> Any:
    return account.faults.add(**body).describe()


def _forget_faults(account: Account, _part: str, _body: Any) -> Any:
    account.faults.clear()
    return {}


def _quotas(account: Account, _part: str, _body: Any) -> Any:
    return account.quotas.describe()


def _set_quotas(account: Account, _part: str, body: Any) -> Any:
    account.quotas.set(**body)
    desired.submit(current())
    return account.quotas.describe()


def _lift_quotas(account: Account, _part: str, _body: Any) -> Any:
    account.quotas.lift()
    desired.submit(current())
    return account.quotas.describe()


def _set_buckets(account: Account, _part: str, body: Any) -> Any:
    account.buckets.set(**body)
    return account.buckets.sizes


def _forget_buckets(account: Account, _part: str, _body: Any) -> Any:
    account.buckets.set()
    return {}


def _delays(account: Account, _part: str, _body: Any) -> Any:
    return account.delays.describe()


def _set_delays(account: Account, _part: str, body: Any) -> Any:
    account.delays.set(**body)
    return account.delays.describe()


def _set_endpoint_key(_account: Account, address: str, body: Any) -> Any:
    """A fault: the endpoint gets another key than the API says. No key is returned."""
    current().endpoint_keys[address] = str(body["pre_shared_key"])
    desired.submit(current())
    return {}


def _restore_endpoint_key(_account: Account, address: str, _body: Any) -> Any:
    current().endpoint_keys.pop(address, None)
    desired.submit(current())
    return {}


def _set_telemetry(account: Account, address: str, body: Any) -> Any:
    values = dict(body)
    account.endpoint_reports[address] = customer_devices.report(values.pop("status"), **values)
    return {}


def _forget_telemetry(account: Account, address: str, _body: Any) -> Any:
    account.endpoint_reports.pop(address, None)
    return {}


def _attach_direct_connect(account: Account, _part: str, body: Any) -> Any:
    return {"transit_gateway_attachment_id": attach_direct_connect(account.id, body["transit_gateway_id"])}


def _set_stored_keys(account: Account, _part: str, body: Any) -> Any:
    account.stored_key_text = str(body["shown_as"])
    return {}


def _set_maintenance(account: Account, address: str, body: Any) -> Any:
    tunnel_at(account.id, address).maintenance_due = account.clock.now() + float(body["auto_applied_after"])
    return {}


def _forget_maintenance(account: Account, address: str, _body: Any) -> Any:
    tunnel_at(account.id, address).maintenance_due = None
    return {}


def _set_customer_devices(account: Account, _part: str, body: Any) -> Any:
    account.customer_device = {"UP": customer_devices.always_up, "DOWN": None}[body["all"]]
    return {}


def _forget_customer_devices(account: Account, _part: str, _body: Any) -> Any:
    account.customer_device = None
    account.endpoint_reports.clear()
    return {}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "calls"): _calls,
    ("DELETE", "calls"): _forget_calls,
    ("GET", "log"): _log,
    ("DELETE", "log"): _forget_log,
    ("GET", "iam-actions"): _iam_actions,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _forget_faults,
    ("GET", "quotas"): _quotas,
    ("PUT", "quotas"): _set_quotas,
    ("DELETE", "quotas"): _lift_quotas,
    ("PUT", "buckets"): _set_buckets,
    ("DELETE", "buckets"): _forget_buckets,
    ("GET", "clock"): _clock,
    ("POST", "clock"): _advance,
    ("GET", "delays"): _delays,
    ("PUT", "delays"): _set_delays,
    ("PUT", "endpoints/*"): _set_endpoint_key,
    ("DELETE", "endpoints/*"): _restore_endpoint_key,
    ("PUT", "endpoints/*/telemetry"): _set_telemetry,
    ("DELETE", "endpoints/*/telemetry"): _forget_telemetry,
    ("PUT", "endpoints/*/maintenance"): _set_maintenance,
    ("DELETE", "endpoints/*/maintenance"): _forget_maintenance,
    ("POST", "direct-connect-attachments"): _attach_direct_connect,
    ("PUT", "stored-keys"): _set_stored_keys,
    ("PUT", "customer-devices"): _set_customer_devices,
    ("DELETE", "customer-devices"): _forget_customer_devices,
}


def answer(find_account: Callable[[str], Account], method: str, path: str, query: str, body: Callable[[], Any]) -> Any:
    """The status line and what to print as JSON."""
    words = path.split("/")
    part = words[1] if len(words) > 1 else ""
    known = "/".join("*" if place == 1 else word for place, word in enumerate(words))
    handler = HANDLERS.get((method, known))
    if handler is None:
        return "404 Not Found", {"error": f"{method} /vpn-emulator/{path} is not known"}
    account_id = parse_qs(query).get("account", [DEFAULT_ACCOUNT])[0]
    try:
        account = find_account(account_id)
        with current().lock:
            return "200 OK", handler(account, part, body() if method in ("PUT", "POST") else None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return "400 Bad Request", {"error": f"not what {method} /vpn-emulator/{path} takes: {type(error).__name__}"}
