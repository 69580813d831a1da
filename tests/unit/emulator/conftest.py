# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the contract tests share. They speak plain boto3, so the same tests could be pointed at an account."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

import pytest
from botocore.exceptions import ClientError
from werkzeug.test import Client

if TYPE_CHECKING:
    from vpn_emulator import Emulator


@pytest.fixture
def emulator(_emulator_server: Emulator) -> Emulator:
    """The default account, emptied: these tests are about the server as a whole."""
    _emulator_server.reset()
    return _emulator_server


class Region:
    """Short ways to the objects a test needs beside the one it is about."""

    def __init__(self, ec2: Any) -> None:
        self.ec2 = ec2

    def vpc(self, cidr: str = "10.0.0.0/16") -> str:
        return str(self.ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"])

    def main_route_table(self, vpc_id: str) -> str:
        filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
        return str(self.ec2.describe_route_tables(Filters=filters)["RouteTables"][0]["RouteTableId"])

    def customer_gateway(self, address: str = "198.51.100.10", asn: int = 65010, **more: Any) -> str:
        answer = self.ec2.create_customer_gateway(Type="ipsec.1", IpAddress=address, BgpAsn=asn, **more)
        return str(answer["CustomerGateway"]["CustomerGatewayId"])

    def vpn_gateway(self, **more: Any) -> str:
        return str(self.ec2.create_vpn_gateway(Type="ipsec.1", **more)["VpnGateway"]["VpnGatewayId"])

    def transit_gateway(self, **more: Any) -> str:
        return str(self.ec2.create_transit_gateway(**more)["TransitGateway"]["TransitGatewayId"])

    def attach(self, vpn_gateway_id: str, vpc_id: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.ec2.attach_vpn_gateway(VpnGatewayId=vpn_gateway_id, VpcId=vpc_id)["VpcAttachment"]
        return answer

    def connection(self, tunnels: list[dict[str, Any]] | None = None, **request: Any) -> dict[str, Any]:
        """A connection on a new virtual private gateway, unless the request says otherwise."""
        options = request.pop("Options", {})
        if tunnels is not None:
            options = {**options, "TunnelOptions": tunnels}
        request.setdefault("CustomerGatewayId", self.customer_gateway())
        if not {"VpnGatewayId", "TransitGatewayId", "VpnConcentratorId"} & set(request):
            request["VpnGatewayId"] = self.vpn_gateway()
        answer = self.ec2.create_vpn_connection(Type="ipsec.1", Options=options, **request)
        connection: dict[str, Any] = answer["VpnConnection"]
        return connection

    def show(self, connection_id: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.ec2.describe_vpn_connections(VpnConnectionIds=[connection_id])[
            "VpnConnections"
        ]
        return found[0]

    def show_vpn_gateway(self, gateway_id: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.ec2.describe_vpn_gateways(VpnGatewayIds=[gateway_id])["VpnGateways"]
        return found[0]


@pytest.fixture
def region(ec2: Any) -> Region:
    return Region(ec2)


@pytest.fixture
def refused() -> Callable[..., AbstractContextManager[None]]:
    """`with refused("Code"):` the call in the block must answer with exactly that error code, and with these words."""

    @contextmanager
    def expect(code: str, words: str = "") -> Iterator[None]:
        with pytest.raises(ClientError) as caught:
            yield
        error = caught.value.response["Error"]
        assert error["Code"] == code, caught.value
        assert words in error["Message"], caught.value

    return expect


class RawAnswer(NamedTuple):
    status: int
    # "" where there is no error.
    code: str
    message: str
    body: str


@pytest.fixture
def headers(emulator: Emulator) -> dict[str, str]:
    """Those of a signed request; the emulator looks at no signature."""
    credential = f"Credential={emulator.access_key}/20260101/eu-central-1/ec2/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0"}


@pytest.fixture(scope="session")
def _application(_emulator_server: Emulator) -> Client:
    from vpn_emulator.server import Application

    return Client(Application())


@pytest.fixture
def send(_application: Client, headers: dict[str, str]) -> Callable[..., RawAnswer]:
    """Ask as no well-behaved client would: send(Action="DescribeVpcs", MaxResults="many"); the answer must be XML."""

    def send_it(parameters: Mapping[str, str] | None = None, **more: str) -> RawAnswer:
        form = {"Version": "2016-11-15", **(parameters or {}), **more}
        answer = _application.post("/", data=form, headers=headers)
        body = answer.get_data(as_text=True)
        error = ElementTree.fromstring(body).find(".//{*}Error")  # noqa: S314  # the emulator's own
        code, message = (
            ("", "") if error is None else (error.findtext(f"{{*}}{tag}", "") for tag in ("Code", "Message"))
        )
        return RawAnswer(answer.status_code, code, message, body)

    return send_it


@pytest.fixture
def ask() -> Callable[..., Any]:
    """Speak to the emulator's own endpoints; JSON in, JSON out."""

    def ask_it(url: str, method: str = "GET", body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, method=method)  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read())

    return ask_it
