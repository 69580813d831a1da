# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pre-shared keys in Secrets Manager, and connections that use certificates instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import boto3
import pytest

ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
KEYS = ("first.key_of_berlin", "second.key_of_berlin")


def shown_keys(connection: dict[str, Any]) -> list[str | None]:
    return [tunnel.get("PreSharedKey") for tunnel in connection["Options"]["TunnelOptions"]]


def keys_in_xml(connection: dict[str, Any]) -> set[str | None]:
    root = ElementTree.fromstring(connection["CustomerGatewayConfiguration"])  # noqa: S314  # our own document
    return {tunnel.findtext("ike/pre_shared_key") for tunnel in root.findall("ipsec_tunnel")}


def outside(connection: dict[str, Any], number: int) -> dict[str, str]:
    address = connection["Options"]["TunnelOptions"][number]["OutsideIpAddress"]
    return {"VpnConnectionId": connection["VpnConnectionId"], "VpnTunnelOutsideIpAddress": address}


@pytest.fixture
def secret(emulator: Any) -> Callable[[str], dict[str, Any]]:
    def read(arn: str) -> dict[str, Any]:
        client = boto3.client("secretsmanager", **emulator.client_options())
        content: dict[str, Any] = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
        return content

    return read


@pytest.fixture
def stored(region: Any) -> dict[str, Any]:
    connection: dict[str, Any] = region.connection(
        tunnels=[{"PreSharedKey": key} for key in KEYS], PreSharedKeyStorage="SecretsManager"
    )
    return connection


def test_stored_keys_are_only_in_the_secret(stored: dict[str, Any], secret: Any) -> None:
    assert shown_keys(stored) == [None, None]
    assert keys_in_xml(stored) == {""}
    assert "key_of_berlin" not in str(stored)
    content = secret(stored["PreSharedKeyArn"])
    assert sorted(content["pre_shared_keys"].values()) == sorted(KEYS)
    # Nobody may take the emulator's layout for AWS's.
    assert "invention" in content["_comment"]


def test_one_secret_of_a_connection_is_managed_by_the_service(stored: dict[str, Any], emulator: Any) -> None:
    (secret,) = boto3.client("secretsmanager", **emulator.client_options()).list_secrets()["SecretList"]
    assert secret["ARN"] == stored["PreSharedKeyArn"]
    assert secret["Name"].startswith("s2svpn!")
    assert secret["Tags"] == [{"Key": "aws:secretsmanager:owningService", "Value": "s2svpn"}]
    assert secret["OwningService"] == "s2svpn"


def test_aws_may_show_a_word_instead(region: Any, emulator: Any, stored: dict[str, Any]) -> None:
    emulator.show_stored_keys_as("REDACTED")
    assert shown_keys(region.show(stored["VpnConnectionId"])) == ["REDACTED", "REDACTED"]


def test_storage_is_changed_one_tunnel_at_a_time(region: Any, ec2: Any, stored: dict[str, Any], secret: Any) -> None:
    arn = stored["PreSharedKeyArn"]
    # Empty options leave nothing on the wire; the storage alone is a change.
    ec2.modify_vpn_tunnel_options(**outside(stored, 0), TunnelOptions={}, PreSharedKeyStorage="Standard")
    shown = region.show(stored["VpnConnectionId"])
    assert shown_keys(shown) == [KEYS[0], None]
    assert list(secret(arn)["pre_shared_keys"].values()) == [KEYS[1]]
    ec2.modify_vpn_tunnel_options(**outside(stored, 1), TunnelOptions={}, PreSharedKeyStorage="Standard")
    shown = region.show(stored["VpnConnectionId"])
    assert shown_keys(shown) == list(KEYS)
    assert secret(arn)["pre_shared_keys"] == {}
    # The ARN stays, so it alone does not say where the keys are.
    assert shown["PreSharedKeyArn"] == arn


def test_a_connection_may_begin_without_a_secret(region: Any, ec2: Any, secret: Any) -> None:
    connection = region.connection()
    assert "PreSharedKeyArn" not in connection
    (first, second) = shown_keys(connection)
    answer = ec2.modify_vpn_tunnel_options(
        **outside(connection, 0), TunnelOptions={}, PreSharedKeyStorage="SecretsManager"
    )["VpnConnection"]
    assert shown_keys(answer) == [None, second]
    assert list(secret(answer["PreSharedKeyArn"])["pre_shared_keys"].values()) == [first]


def test_a_new_key_goes_to_where_the_keys_are(ec2: Any, stored: dict[str, Any], secret: Any) -> None:
    answer = ec2.modify_vpn_tunnel_options(
        **outside(stored, 0), TunnelOptions={"PreSharedKey": "another.key_of_berlin"}
    )["VpnConnection"]
    assert "another.key_of_berlin" not in str(answer)
    keys = secret(stored["PreSharedKeyArn"])["pre_shared_keys"]
    assert sorted(keys.values()) == sorted(["another.key_of_berlin", KEYS[1]])


def test_the_secret_goes_with_the_connection(emulator: Any, ec2: Any, stored: dict[str, Any]) -> None:
    ec2.delete_vpn_connection(VpnConnectionId=stored["VpnConnectionId"])
    assert boto3.client("secretsmanager", **emulator.client_options()).list_secrets()["SecretList"] == []


def test_there_is_no_other_storage(region: Any, ec2: Any, refused: Any) -> None:
    with refused("InvalidParameterValue"):
        region.connection(PreSharedKeyStorage="Wallet")
    with refused("MissingParameter"):
        ec2.modify_vpn_tunnel_options(**outside(region.connection(), 0), TunnelOptions={})


@pytest.fixture
def device(region: Any) -> str:
    """A customer gateway that shows a certificate and may come from anywhere."""
    answer = region.ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65010, CertificateArn=ARN)
    return str(answer["CustomerGateway"]["CustomerGatewayId"])


def test_a_connection_with_certificates_has_no_keys(region: Any, device: str, refused: Any) -> None:
    connection = region.connection(CustomerGatewayId=device)
    assert shown_keys(connection) == [None, None]
    arns = [one["CertificateArn"] for one in connection["VgwTelemetry"]]
    assert len(set(arns)) == 2
    assert all(arn.startswith("arn:aws:acm:eu-central-1:123456789012:certificate/") for arn in arns)
    with refused("InvalidParameterCombination"):
        region.connection(tunnels=[{"PreSharedKey": KEYS[0]}], CustomerGatewayId=device)
    with refused("InvalidParameterCombination"):
        region.connection(PreSharedKeyStorage="SecretsManager", CustomerGatewayId=device)
    with refused("InvalidParameterCombination"):
        region.connection(tunnels=[{"StartupAction": "start"}], CustomerGatewayId=device)
    with refused("InvalidParameterCombination"):
        region.ec2.modify_vpn_tunnel_options(**outside(connection, 0), TunnelOptions={"PreSharedKey": KEYS[0]})


def test_the_certificate_of_an_endpoint_is_rotated(region: Any, ec2: Any, emulator: Any, device: str) -> None:
    connection = region.connection(CustomerGatewayId=device)
    before = [one["CertificateArn"] for one in connection["VgwTelemetry"]]
    emulator.settle = 30
    answer = ec2.modify_vpn_tunnel_certificate(**outside(connection, 0))["VpnConnection"]
    after = [one["CertificateArn"] for one in answer["VgwTelemetry"]]
    assert answer["State"] == "modifying"
    assert (after[0] == before[0], after[1] == before[1]) == (False, True)


def test_only_where_certificates_are_used(region: Any, ec2: Any, refused: Any) -> None:
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_tunnel_certificate(**outside(region.connection(), 0))


def test_keys_and_certificates_come_with_the_device(region: Any, ec2: Any, device: str) -> None:
    connection = region.connection()
    keys = shown_keys(connection)
    request = {"VpnConnectionId": connection["VpnConnectionId"]}
    shown = ec2.modify_vpn_connection(**request, CustomerGatewayId=device)["VpnConnection"]
    assert shown_keys(shown) == [None, None]
    assert all("CertificateArn" in one for one in shown["VgwTelemetry"])
    shown = ec2.modify_vpn_connection(**request, CustomerGatewayId=connection["CustomerGatewayId"])["VpnConnection"]
    assert shown_keys(shown) == keys
    assert not any("CertificateArn" in one for one in shown["VgwTelemetry"])


def test_a_certificate_is_one_of_acm(ec2: Any, refused: Any) -> None:
    with refused("InvalidParameterValue"):
        ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65010, CertificateArn="arn:aws:iam::123456789012:user/x")
