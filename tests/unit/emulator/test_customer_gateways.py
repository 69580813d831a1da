# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Customer gateways as boto3 sees them."""

from __future__ import annotations

from typing import Any

import pytest

ADDRESS = "198.51.100.10"


def create(ec2: Any, **request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ec2.create_customer_gateway(**{"Type": "ipsec.1", "IpAddress": ADDRESS, **request})
    return dict(answer["CustomerGateway"])


def test_it_shows_what_was_sent_and_the_asn_as_text(ec2: Any) -> None:
    gateway = create(ec2, BgpAsn=65010, DeviceName="core-1")
    assert gateway["CustomerGatewayId"].startswith("cgw-")
    assert (gateway["IpAddress"], gateway["BgpAsn"], gateway["DeviceName"]) == (ADDRESS, "65010", "core-1")
    assert gateway["Tags"] == []
    assert "BgpAsnExtended" not in gateway
    assert "CertificateArn" not in gateway
    assert ec2.describe_customer_gateways()["CustomerGateways"] == [{**gateway, "State": "available"}]


def test_four_byte_asns_have_their_own_field(ec2: Any) -> None:
    gateway = create(ec2, BgpAsnExtended=4200000001)
    assert gateway["BgpAsnExtended"] == "4200000001"
    assert "BgpAsn" not in gateway


def test_no_asn_means_the_default(ec2: Any) -> None:
    assert create(ec2)["BgpAsn"] == "65000"


def test_the_deprecated_address_parameter_still_works(ec2: Any) -> None:
    answer = ec2.create_customer_gateway(Type="ipsec.1", PublicIp=ADDRESS, BgpAsn=65010)
    assert answer["CustomerGateway"]["IpAddress"] == ADDRESS


def test_an_identical_request_answers_with_the_existing_gateway_and_keeps_its_tags(ec2: Any) -> None:
    tags = [{"ResourceType": "customer-gateway", "Tags": [{"Key": "site", "Value": "berlin"}]}]
    other_tags = [{"ResourceType": "customer-gateway", "Tags": [{"Key": "site", "Value": "madrid"}]}]
    first = create(ec2, BgpAsn=65010, TagSpecifications=tags)
    again = create(ec2, BgpAsn=65010, TagSpecifications=other_tags)
    assert again["CustomerGatewayId"] == first["CustomerGatewayId"]
    assert again["Tags"] == [{"Key": "site", "Value": "berlin"}]


@pytest.mark.parametrize("difference", [{"BgpAsn": 65011}, {"IpAddress": "198.51.100.11"}, {"DeviceName": "other"}])
def test_any_other_identity_makes_another_gateway(ec2: Any, difference: dict[str, Any]) -> None:
    first = create(ec2, BgpAsn=65010)
    other = create(ec2, **{"BgpAsn": 65010, **difference})
    assert other["CustomerGatewayId"] != first["CustomerGatewayId"]


def test_a_deleted_gateway_is_not_given_out_again(ec2: Any) -> None:
    first = create(ec2, BgpAsn=65010)
    ec2.delete_customer_gateway(CustomerGatewayId=first["CustomerGatewayId"])
    assert create(ec2, BgpAsn=65010)["CustomerGatewayId"] != first["CustomerGatewayId"]


@pytest.mark.parametrize(
    ("request_part", "code"),
    [
        ({"Type": "ipsec.2"}, "InvalidParameterValue"),
        ({"IpAddress": "198.51.100.300"}, "InvalidParameterValue"),
        ({"IpAddress": "berlin.example.com"}, "InvalidParameterValue"),
        ({"IpAddress": "127.0.0.1"}, "InvalidParameterValue"),
        ({"BgpAsn": 0}, "InvalidParameterValue"),
        ({"BgpAsn": 2147483648}, "InvalidParameterValue"),
        ({"BgpAsnExtended": 2147483647}, "InvalidParameterValue"),
        ({"BgpAsnExtended": 4294967295}, "InvalidParameterValue"),
        ({"BgpAsn": 7224}, "InvalidParameterValue"),
        ({"BgpAsn": 65010, "BgpAsnExtended": 4200000001}, "InvalidParameterCombination"),
        ({"DeviceName": "x" * 256}, "InvalidParameterValue"),
    ],
)
def test_it_refuses(ec2: Any, refused: Any, request_part: dict[str, Any], code: str) -> None:
    with refused(code):
        create(ec2, **request_part)
    assert ec2.describe_customer_gateways()["CustomerGateways"] == []


@pytest.mark.parametrize(
    ("region_name", "asn", "is_reserved"),
    [("eu-west-1", 9059, True), ("eu-central-1", 9059, False), ("ap-northeast-1", 10124, True)],
)
def test_some_asns_are_reserved_in_one_region_only(
    emulator: Any, refused: Any, region_name: str, asn: int, is_reserved: bool
) -> None:
    import boto3

    there = boto3.client("ec2", **{**emulator.client_options(), "region_name": region_name})
    if is_reserved:
        with refused("InvalidParameterValue"):
            create(there, BgpAsn=asn)
    else:
        assert create(there, BgpAsn=asn)["BgpAsn"] == str(asn)


def test_an_address_is_needed_unless_there_is_a_certificate(ec2: Any, refused: Any) -> None:
    with refused("MissingParameter"):
        ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65010)
    arn = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
    gateway = ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65010, CertificateArn=arn)["CustomerGateway"]
    assert gateway["CertificateArn"] == arn
    assert "IpAddress" not in gateway


def test_delete_leaves_it_listed_as_deleted_for_about_an_hour(ec2: Any, emulator: Any, refused: Any) -> None:
    gateway_id = create(ec2, BgpAsn=65010)["CustomerGatewayId"]
    ec2.delete_customer_gateway(CustomerGatewayId=gateway_id)
    (gateway,) = ec2.describe_customer_gateways(CustomerGatewayIds=[gateway_id])["CustomerGateways"]
    assert gateway["State"] == "deleted"
    with refused("InvalidCustomerGatewayState"):
        ec2.delete_customer_gateway(CustomerGatewayId=gateway_id)
    emulator.clock.advance(3700)
    assert ec2.describe_customer_gateways()["CustomerGateways"] == []
    with refused("InvalidCustomerGatewayID.NotFound"):
        ec2.describe_customer_gateways(CustomerGatewayIds=[gateway_id])


def test_delete_is_refused_while_a_connection_uses_it(region: Any, ec2: Any, refused: Any) -> None:
    connection = region.connection()
    gateway_id = connection["CustomerGatewayId"]
    with refused("IncorrectState"):
        ec2.delete_customer_gateway(CustomerGatewayId=gateway_id)
    ec2.delete_vpn_connection(VpnConnectionId=connection["VpnConnectionId"])
    ec2.delete_customer_gateway(CustomerGatewayId=gateway_id)


def test_unknown_and_malformed_ids(ec2: Any, refused: Any) -> None:
    with refused("InvalidCustomerGatewayID.NotFound"):
        ec2.describe_customer_gateways(CustomerGatewayIds=["cgw-0123456789abcdef0"])
    with refused("InvalidCustomerGatewayID.NotFound"):
        ec2.delete_customer_gateway(CustomerGatewayId="cgw-0123abcd")
    with refused("InvalidCustomerGatewayId.Malformed"):
        ec2.delete_customer_gateway(CustomerGatewayId="berlin")


def test_dry_run_changes_nothing(ec2: Any, refused: Any) -> None:
    with refused("DryRunOperation"):
        create(ec2, BgpAsn=65010, DryRun=True)
    gateway_id = create(ec2, BgpAsn=65010)["CustomerGatewayId"]
    with refused("DryRunOperation"):
        ec2.delete_customer_gateway(CustomerGatewayId=gateway_id, DryRun=True)
    with refused("DryRunOperation"):
        ec2.describe_customer_gateways(DryRun=True)
    assert [one["State"] for one in ec2.describe_customer_gateways()["CustomerGateways"]] == ["available"]
