# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Quotas: GetServiceQuota for the quotas of EC2 that are about VPNs, with the numbers of this emulator.

Codes and names are those of AWS's guide. moto's own service knows no quota of EC2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from .account import Account
from .environment import current
from .faults import REFUSE, SERVER_ERROR, THROTTLE, Fault

SERVICE = "servicequotas"
# By code: the emulator's name for it, and AWS's.
QUOTAS = {
    "L-3E6EC3A3": ("vpn_connections", "VPN connections per region"),
    "L-4FB7FF5D": ("customer_gateways", "Customer gateways per region"),
    "L-7029FAB6": ("vpn_gateways", "Virtual private gateways per region"),
    "L-B91E5754": ("vpn_connections_per_vpn_gateway", "VPN connections per VGW"),
}

_TARGET = "ServiceQuotasV20190624."
_REGION = re.compile(r"Credential=[^/]+/[^/]+/([^/]+)/")


class QuotaError(Exception):
    """What the service answers instead: the code of an error."""


def answer(account_id: str, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI, for the account that asks."""
    action = environ.get("HTTP_X_AMZ_TARGET", "").removeprefix(_TARGET)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    region = region_of(environ)
    with current().lock:
        account = current().account(account_id)
        account.calls[action] += 1
        call = account.log.add(action, account.id, region, service=SERVICE)
        try:
            raise_injected(account.faults.for_call(action))
            status = "200 OK"
            result: dict[str, Any] = {"Quota": _quota(account, region, action, body)}
        except QuotaError as error:
            call.error = str(error)
            status, result = "400 Bad Request", {"__type": str(error), "Message": "refused"}
    text = json.dumps(result).encode()
    start_response(status, [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(text)))])
    return [text]


def region_of(environ: dict[str, Any]) -> str:
    """The Region that a request was signed for."""
    found = _REGION.search(environ.get("HTTP_AUTHORIZATION", ""))
    return found[1] if found else ""


def raise_injected(faults: dict[str, Fault]) -> None:
    """The faults of a service that answers in JSON."""
    if THROTTLE in faults:
        raise QuotaError("TooManyRequestsException")
    if SERVER_ERROR in faults:
        raise QuotaError("ServiceException")
    if REFUSE in faults:
        raise QuotaError(faults[REFUSE].code)


def _quota(account: Account, region: str, action: str, body: bytes) -> dict[str, Any]:
    """A quota that is lifted in the emulator is one that AWS has no applied value for."""
    if action != "GetServiceQuota":
        raise QuotaError("UnknownOperationException")
    try:
        request = json.loads(body)
        code, service = request["QuotaCode"], request["ServiceCode"]
    except (ValueError, KeyError, TypeError):
        raise QuotaError("IllegalArgumentException") from None
    name, text = QUOTAS.get(code, ("", "")) if service == "ec2" else ("", "")
    limit = account.quotas.limit(name) if name else None
    if limit is None:
        raise QuotaError("NoSuchResourceException")
    return {
        "ServiceCode": "ec2",
        "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
        "QuotaArn": f"arn:aws:servicequotas:{region}:{account.id}:ec2/{code}",
        "QuotaCode": code,
        "QuotaName": text,
        "Value": float(limit),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
