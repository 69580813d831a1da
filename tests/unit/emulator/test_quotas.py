# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quotas: AWS's defaults unless something else is set."""

from __future__ import annotations

import urllib.error
from pathlib import Path
from typing import Any

import boto3
import pytest

from .test_server import Process, client


def test_the_defaults_are_those_of_aws(emulator: Any, ask: Any) -> None:
    assert ask(f"{emulator.url}/vpn-emulator/quotas") == {
        "accelerated_connections": 10,
        "bgp_routes_per_transit_gateway_connection": 1000,
        "bgp_routes_per_vpn_gateway_connection": 100,
        "customer_gateways": 50,
        "large_bandwidth_connections": 50,
        "static_routes_per_connection": 100,
        "unattached_connections": 10,
        "vpn_concentrators": 50,
        "vpn_concentrators_per_transit_gateway": 5,
        "vpn_connections": 50,
        "vpn_connections_per_vpn_concentrator": 100,
        "vpn_connections_per_vpn_gateway": 10,
        "vpn_gateways": 5,
    }


def test_each_quota_has_its_code(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    transit_gateway_id = region.transit_gateway()
    gateway_id, device = region.vpn_gateway(), region.customer_gateway()
    emulator.quotas.set(customer_gateways=1, vpn_gateways=1, vpn_connections=2, vpn_concentrators=0)
    with refused("CustomerGatewayLimitExceeded"):
        region.customer_gateway("198.51.100.20")
    assert region.customer_gateway() == device
    with refused("VpnGatewayLimitExceeded"):
        region.vpn_gateway()
    with refused("VpnConcentratorLimitExceeded"):
        ec2.create_vpn_concentrator(Type="ipsec.1", TransitGatewayId=transit_gateway_id)
    connections = [region.connection(CustomerGatewayId=device, VpnGatewayId=gateway_id) for _each in range(2)]
    with refused("VpnConnectionLimitExceeded"):
        region.connection(CustomerGatewayId=device, TransitGatewayId=transit_gateway_id)
    # A deleted one does not count, though it is listed.
    ec2.delete_vpn_connection(VpnConnectionId=connections[0]["VpnConnectionId"])
    region.connection(CustomerGatewayId=device, TransitGatewayId=transit_gateway_id)


def test_connections_of_one_virtual_private_gateway(region: Any, emulator: Any, refused: Any) -> None:
    emulator.quotas.set(vpn_connections_per_vpn_gateway=1)
    gateway_id = region.vpn_gateway()
    region.connection(VpnGatewayId=gateway_id)
    with refused("VpnConnectionLimitExceeded"):
        region.connection(VpnGatewayId=gateway_id)
    region.connection(VpnGatewayId=region.vpn_gateway())


def test_accelerated_connections(region: Any, emulator: Any, refused: Any) -> None:
    emulator.quotas.set(accelerated_connections=1)
    target = {"TransitGatewayId": region.transit_gateway()}
    region.connection(Options={"EnableAcceleration": True}, **target)
    with refused("VpnConnectionLimitExceeded"):
        region.connection(Options={"EnableAcceleration": True}, **target)
    region.connection(**target)


def test_large_bandwidth_connections(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    emulator.quotas.set(large_bandwidth_connections=1)
    target = {"TransitGatewayId": region.transit_gateway()}
    large = {"TunnelBandwidth": "large"}
    first = region.connection(Options=large, **target)["VpnConnectionId"]
    second = region.connection(Options={"TunnelBandwidth": "standard"}, **target)["VpnConnectionId"]
    with refused("VpnConnectionLimitExceeded"):
        region.connection(Options=large, **target)
    with refused("VpnConnectionLimitExceeded"):
        ec2.modify_vpn_connection_options(VpnConnectionId=second, **large)
    # It counts already.
    ec2.modify_vpn_connection_options(VpnConnectionId=first, **large)
    ec2.modify_vpn_connection_options(VpnConnectionId=first, TunnelBandwidth="standard")
    ec2.modify_vpn_connection_options(VpnConnectionId=second, **large)


def test_unattached_connections(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    emulator.quotas.set(unattached_connections=1)
    request = {"Type": "ipsec.1", "CustomerGatewayId": region.customer_gateway()}
    connection_id = ec2.create_vpn_connection(**request)["VpnConnection"]["VpnConnectionId"]
    with refused("VpnConnectionLimitExceeded"):
        ec2.create_vpn_connection(**request)
    region.connection()
    ec2.modify_vpn_connection(VpnConnectionId=connection_id, TransitGatewayId=region.transit_gateway())
    ec2.create_vpn_connection(**request)


def test_concentrators_of_one_transit_gateway_and_their_sites(
    region: Any, ec2: Any, emulator: Any, refused: Any
) -> None:
    emulator.quotas.set(vpn_concentrators_per_transit_gateway=1, vpn_connections_per_vpn_concentrator=1)
    request = {"Type": "ipsec.1", "TransitGatewayId": region.transit_gateway()}
    first = ec2.create_vpn_concentrator(**request)["VpnConcentrator"]["VpnConcentratorId"]
    with refused("VpnConcentratorLimitExceeded"):
        ec2.create_vpn_concentrator(**request)
    request["TransitGatewayId"] = region.transit_gateway()
    second = ec2.create_vpn_concentrator(**request)["VpnConcentrator"]["VpnConcentratorId"]
    region.connection(VpnConcentratorId=first)
    with refused("VpnConnectionLimitExceeded"):
        region.connection(VpnConcentratorId=first)
    region.connection(VpnConcentratorId=second)


def test_static_routes(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    emulator.quotas.set(static_routes_per_connection=1)
    connection_id = region.connection(Options={"StaticRoutesOnly": True})["VpnConnectionId"]
    for _again in range(2):
        ec2.create_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock="10.20.0.0/16")
    with refused("RouteLimitExceeded"):
        ec2.create_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock="10.21.0.0/16")


def test_quotas_are_set_and_lifted_over_http(region: Any, emulator: Any, ask: Any, refused: Any) -> None:
    url = f"{emulator.url}/vpn-emulator/quotas"
    assert ask(url, "PUT", {"vpn_gateways": 0})["vpn_gateways"] == 0
    with refused("VpnGatewayLimitExceeded"):
        region.vpn_gateway()
    assert set(ask(url, "DELETE").values()) == {None}
    region.vpn_gateway()
    with pytest.raises(urllib.error.HTTPError):
        ask(url, "PUT", {"tea": 1})


def test_quotas_are_arguments_of_the_server(tmp_path: Path, ask: Any) -> None:
    process = Process(tmp_path, "--quota", "all=none", "--quota", "vpn_gateways=7")
    try:
        shown = ask(f"{process.url}/vpn-emulator/quotas?account=111122223333")
        assert shown.pop("vpn_gateways") == 7
        assert set(shown.values()) == {None}
        assert client(process.url).describe_vpn_gateways()["VpnGateways"] == []
    finally:
        process.stop()


def test_a_bad_quota_is_reported_in_one_line(tmp_path: Path) -> None:
    process = Process(tmp_path, "--quota", "tea=3")
    _output, complaints = process.process.communicate(timeout=20)
    assert process.process.returncode == 1
    assert complaints == "vpn_emulator: no such quota: tea\n"


@pytest.fixture
def service_quotas(emulator: Any) -> Any:
    return boto3.client("service-quotas", **emulator.client_options())


@pytest.mark.parametrize(
    ("code", "name", "value"),
    [
        ("L-3E6EC3A3", "vpn_connections", 50),
        ("L-4FB7FF5D", "customer_gateways", 50),
        ("L-7029FAB6", "vpn_gateways", 5),
        ("L-B91E5754", "vpn_connections_per_vpn_gateway", 10),
    ],
)
def test_service_quotas_tells_the_numbers_that_apply(
    emulator: Any, service_quotas: Any, refused: Any, code: str, name: str, value: int
) -> None:
    quota = service_quotas.get_service_quota(ServiceCode="ec2", QuotaCode=code)["Quota"]
    assert (quota["QuotaCode"], quota["Value"]) == (code, value)
    emulator.quotas.set(**{name: 7})
    assert service_quotas.get_service_quota(ServiceCode="ec2", QuotaCode=code)["Quota"]["Value"] == 7
    emulator.quotas.lift()
    with refused("NoSuchResourceException"):
        service_quotas.get_service_quota(ServiceCode="ec2", QuotaCode=code)


def test_service_quotas_refuses_what_it_does_not_know(service_quotas: Any, refused: Any) -> None:
    for request in (
        {"ServiceCode": "ec2", "QuotaCode": "L-00000000"},
        {"ServiceCode": "s3", "QuotaCode": "L-3E6EC3A3"},
    ):
        with refused("NoSuchResourceException"):
            service_quotas.get_service_quota(**request)
    with refused("UnknownOperationException"):
        service_quotas.list_services()


def test_calls_to_service_quotas_are_logged_and_fail_on_request(
    emulator: Any, service_quotas: Any, refused: Any
) -> None:
    emulator.log.clear()
    emulator.faults.add("refuse", "GetServiceQuota", code="AccessDeniedException")
    with refused("AccessDeniedException"):
        service_quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-3E6EC3A3")
    assert [(call.action, call.error) for call in emulator.log] == [("GetServiceQuota", "AccessDeniedException")]
    assert emulator.log.iam_actions() == ["servicequotas:GetServiceQuota"]
