# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls about single tunnels and their devices against the real service model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.devices.types import DeviceType
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import (
    ApiError,
    LostAnswer,
    NotFound,
    Throttled,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_status import (
    ActiveStatus,
    KeyExchange,
    Maintenance,
    Negotiated,
)
from botocore.stub import Stubber

MARKER = "MARKER_psk.1"
ADDRESS = "203.0.113.2"
TUNNEL = {"VpnConnectionId": "vpn-1", "VpnTunnelOutsideIpAddress": ADDRESS}
NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)

Stub = tuple[Ec2, Stubber]


def test_maintenance(stub: Stub) -> None:
    ec2, stubber = stub
    details = {"PendingMaintenance": "Available", "MaintenanceAutoAppliedAfter": NOON, "LastMaintenanceApplied": NOON}
    stubber.add_response("get_vpn_tunnel_replacement_status", {**TUNNEL, "MaintenanceDetails": details}, TUNNEL)
    moment = "2026-01-30T12:00:00+00:00"
    assert ec2.maintenance("vpn-1", ADDRESS) == Maintenance("Available", moment, moment)


@pytest.mark.parametrize("answer", [{}, {"MaintenanceDetails": {}}])
def test_no_maintenance_at_all(stub: Stub, answer: dict[str, Any]) -> None:
    ec2, stubber = stub
    stubber.add_response("get_vpn_tunnel_replacement_status", answer, TUNNEL)
    assert ec2.maintenance("vpn-1", ADDRESS) == Maintenance()


def test_active_status(stub: Stub) -> None:
    ec2, stubber = stub
    status = {
        "ProvisioningStatus": "available",
        "IkeVersion": "ikev2",
        "Phase1EncryptionAlgorithm": "AES256-GCM-16",
        "Phase1DHGroup": 20,
        "Phase1AdditionalKeyExchanges": [{"AdditionalKeyExchangeRound": 1, "KeyExchangeMethod": 36}],
        "Phase2IntegrityAlgorithm": "SHA2-256",
    }
    stubber.add_response("get_active_vpn_tunnel_status", {"ActiveVpnTunnelStatus": status}, TUNNEL)
    found = ec2.active_status("vpn-1", ADDRESS)
    assert found == ActiveStatus(
        "available",
        None,
        "ikev2",
        Negotiated("AES256-GCM-16", None, 20, (KeyExchange(1, 36),)),
        Negotiated(None, "SHA2-256"),
    )
    assert found.as_result() == {
        "provisioning_status": "available",
        "provisioning_status_reason": None,
        "ike_version": "ikev2",
        "phase1_encryption_algorithm": "AES256-GCM-16",
        "phase1_integrity_algorithm": None,
        "phase1_dh_group": 20,
        "phase1_additional_key_exchanges": [{"round": 1, "method": 36}],
        "phase2_encryption_algorithm": None,
        "phase2_integrity_algorithm": "SHA2-256",
        "phase2_dh_group": None,
        "phase2_additional_key_exchanges": [],
    }


def test_no_status_of_a_tunnel_that_is_down(stub: Stub) -> None:
    ec2, stubber = stub
    stubber.add_response("get_active_vpn_tunnel_status", {}, TUNNEL)
    assert ec2.active_status("vpn-1", ADDRESS) == ActiveStatus()


def test_device_types_come_in_pages(stub: Stub) -> None:
    ec2, stubber = stub
    first = {"VpnConnectionDeviceTypeId": "1", "Vendor": "A", "Platform": "B", "Software": "C"}
    answer = {"VpnConnectionDeviceTypes": [first], "NextToken": "more"}
    stubber.add_response("get_vpn_connection_device_types", answer, {})
    rest = {"VpnConnectionDeviceTypes": [{"VpnConnectionDeviceTypeId": "2"}]}
    stubber.add_response("get_vpn_connection_device_types", rest, {"NextToken": "more"})
    assert ec2.device_types() == [DeviceType("1", "A", "B", "C"), DeviceType("2", "", "", "")]


@pytest.mark.parametrize(
    ("ike", "sample", "more"),
    [
        (None, None, {}),
        ("ikev2", "recommended", {"InternetKeyExchangeVersion": "ikev2", "SampleType": "recommended"}),
    ],
)
def test_a_device_configuration_does_not_show_itself(
    stub: Stub, ike: str | None, sample: str | None, more: dict[str, str]
) -> None:
    ec2, stubber = stub
    request = {"VpnConnectionId": "vpn-1", "VpnConnectionDeviceTypeId": "9005b6c1", **more}
    answer = {"VpnConnectionDeviceSampleConfiguration": f"key {MARKER}"}
    stubber.add_response("get_vpn_connection_device_sample_configuration", answer, request)
    text = ec2.device_configuration("vpn-1", "9005b6c1", ike, sample)
    assert MARKER not in f"{text} {text!r}"
    assert text.reveal() == f"key {MARKER}"


REPLACE = {**TUNNEL, "ApplyPendingMaintenance": True}
WRITES: list[tuple[str, dict[str, Any], dict[str, Any], Callable[[Ec2], Any]]] = [
    ("replace_vpn_tunnel", REPLACE, {"Return": True}, lambda ec2: ec2.replace_tunnel("vpn-1", ADDRESS, True)),
    (
        "modify_vpn_tunnel_certificate",
        TUNNEL,
        {"VpnConnection": {"VpnConnectionId": "vpn-1", "State": "modifying"}},
        lambda ec2: ec2.rotate_certificate("vpn-1", ADDRESS),
    ),
]
BY_CALL = pytest.mark.parametrize(
    ("call", "request_", "answer", "work"), WRITES, ids=lambda value: value if isinstance(value, str) else ""
)


@BY_CALL
def test_requests(
    stub: Stub, call: str, request_: dict[str, Any], answer: dict[str, Any], work: Callable[[Ec2], Any]
) -> None:
    ec2, stubber = stub
    stubber.add_response(call, answer, request_)
    work(ec2)
    assert ec2.calls == {call: 1}


@BY_CALL
@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("RequestLimitExceeded", 503, Throttled),
        ("InternalError", 500, LostAnswer),
        ("InvalidThing.NotFound", 400, NotFound),
    ],
)
def test_what_would_happen_twice_is_not_repeated_here(
    stub: Stub,
    call: str,
    request_: dict[str, Any],
    answer: dict[str, Any],
    work: Callable[[Ec2], Any],
    code: str,
    status: int,
    kind: type[ApiError],
) -> None:
    ec2, stubber = stub
    stubber.add_client_error(call, code, "no", http_status_code=status, expected_params=request_)
    with pytest.raises(kind):
        work(ec2)
    assert ec2.calls == {call: 1}
    assert answer


def test_a_replacement_aws_did_not_make_is_an_error(stub: Stub) -> None:
    ec2, stubber = stub
    stubber.add_response("replace_vpn_tunnel", {"Return": False}, REPLACE)
    with pytest.raises(ApiError, match="AWS did not replace the endpoint"):
        ec2.replace_tunnel("vpn-1", ADDRESS, True)


READS: list[tuple[str, Callable[[Ec2], Any]]] = [
    ("get_vpn_tunnel_replacement_status", lambda ec2: ec2.maintenance("vpn-1", ADDRESS)),
    ("get_active_vpn_tunnel_status", lambda ec2: ec2.active_status("vpn-1", ADDRESS)),
    ("get_vpn_connection_device_types", lambda ec2: ec2.device_types()),
    (
        "get_vpn_connection_device_sample_configuration",
        lambda ec2: ec2.device_configuration("vpn-1", "9005b6c1", None, None),
    ),
]


@pytest.mark.parametrize(("call", "work"), READS, ids=[call for call, _work in READS])
def test_reads_are_repeated_and_tell_what_is_missing(stub: Stub, call: str, work: Callable[[Ec2], Any]) -> None:
    ec2, stubber = stub
    stubber.add_client_error(call, "RequestLimitExceeded", "busy", http_status_code=503)
    stubber.add_client_error(call, "InvalidVpnConnectionID.NotFound", "gone")
    with pytest.raises(NotFound):
        work(ec2)
    assert ec2.calls == {call: 2}
