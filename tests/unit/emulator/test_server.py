# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator as a process: its own endpoints, its life, and what a client gets for nonsense."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

FILES = Path(__file__).parents[3] / "roles" / "lab" / "files"


class Process:
    """`python -m vpn_emulator` on a free port."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.pid_file = directory / "emulator.pid"
        words = ["-m", "vpn_emulator", "--port", "0", "--pid-file", str(self.pid_file), *arguments]
        self.process = subprocess.Popen(
            [sys.executable, *words],
            env={**os.environ, "PYTHONPATH": str(FILES)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().rpartition(" ")[2].strip()

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """The exit status, and all it said on standard error."""
        self.process.send_signal(number)
        _output, complaints = self.process.communicate(timeout=20)
        return self.process.returncode, complaints


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path, "--settle", "0")
    yield process
    if process.process.poll() is None:
        process.stop(signal.SIGKILL)


def client(url: str, key: str = "any", region: str = "eu-central-1") -> Any:
    return boto3.client(
        "ec2", endpoint_url=url, region_name=region, aws_access_key_id=key, aws_secret_access_key="credentials"
    )


def test_it_serves_counts_resets_and_ends(process: Process, ask: Any) -> None:
    assert process.url.startswith("http://127.0.0.1:")
    assert process.pid_file.read_text(encoding="ascii").strip() == str(process.process.pid)
    ec2 = client(process.url)
    ec2.create_customer_gateway(Type="ipsec.1", IpAddress="198.51.100.10", BgpAsn=65010)
    # Other credentials see the same account.
    assert len(client(process.url, key="AKIAIOSFODNN7EXAMPLE").describe_customer_gateways()["CustomerGateways"]) == 1
    assert client(process.url, region="us-east-1").describe_customer_gateways()["CustomerGateways"] == []
    calls = f"{process.url}/vpn-emulator/calls"
    assert ask(calls) == {"CreateCustomerGateway": 1, "DescribeCustomerGateways": 2}
    ask(calls, "DELETE")
    assert ask(calls) == {}
    ask(f"{process.url}/moto-api/reset", "POST")
    assert ec2.describe_customer_gateways()["CustomerGateways"] == []
    status, complaints = process.stop()
    assert (status, complaints) == (0, "")
    assert not process.pid_file.exists()


def test_interrupt_ends_it_as_well(process: Process) -> None:
    assert process.stop(signal.SIGINT)[0] == 0


def test_the_clock_is_advanced_over_http(region: Any, emulator: Any, ask: Any) -> None:
    emulator.settle = 60
    gateway_id = region.vpn_gateway()
    before = ask(f"{emulator.url}/vpn-emulator/clock")["now"]
    assert region.show_vpn_gateway(gateway_id)["State"] == "pending"
    assert ask(f"{emulator.url}/vpn-emulator/clock", "POST", {"advance": 60})["now"] >= before + 60
    assert region.show_vpn_gateway(gateway_id)["State"] == "available"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "clock", {"advance": -1}, 400),
        ("POST", "clock", {"forward": 1}, 400),
        ("POST", "clock", [], 400),
        ("PUT", "endpoints/203.0.113.2", {"psk": "x"}, 400),
        ("GET", "endpoints/203.0.113.2", None, 404),
        ("GET", "colour", None, 404),
        ("POST", "calls", {}, 404),
    ],
)
def test_bad_requests_to_its_own_endpoints(
    emulator: Any, ask: Any, method: str, path: str, body: Any, status: int
) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        ask(f"{emulator.url}/vpn-emulator/{path}", method, body)
    assert caught.value.code == status


def test_calls_are_counted_in_process_too(region: Any, emulator: Any) -> None:
    region.vpn_gateway()
    assert emulator.calls == {"CreateVpnGateway": 1}


def test_actions_it_does_not_know_get_an_error_a_client_can_read(ec2: Any, refused: Any) -> None:
    with refused("InvalidAction"):
        ec2.describe_verified_access_groups()


def test_parameters_the_model_requires_are_required(emulator: Any) -> None:
    """boto3 and the CLI check before they ask, other clients do not."""
    credentials = "Credential=x/20260101/eu-central-1/ec2/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {credentials}, SignedHeaders=host, Signature=0"}
    for action, code in (("DeleteVpnConnection", "MissingParameter"), ("MakeCoffee", "InvalidAction")):
        body = f"Action={action}&Version=2016-11-15".encode()
        request = urllib.request.Request(emulator.url, body, headers)  # noqa: S310  # loopback
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)  # noqa: S310  # loopback
        assert caught.value.code == 400
        assert f"<Code>{code}</Code>" in caught.value.read().decode()


def test_moto_serves_the_rest_of_ec2_and_other_services(emulator: Any, region: Any) -> None:
    sts = boto3.client("sts", **emulator.client_options())
    assert sts.get_caller_identity()["Account"] == "123456789012"
    vpc_id = region.vpc()
    table = region.main_route_table(vpc_id)
    gateway_id = region.vpn_gateway()
    region.attach(gateway_id, vpc_id)
    region.ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.20.0.0/16", GatewayId=gateway_id)
    (shown,) = region.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert gateway_id in {route.get("GatewayId") for route in shown["Routes"]}


def test_a_bad_data_plane_is_reported_in_one_line(tmp_path: Path) -> None:
    process = Process(tmp_path, "--data-plane", str(tmp_path / "missing.json"))
    _output, complaints = process.process.communicate(timeout=20)
    assert process.process.returncode == 1
    assert complaints.count("\n") == 1
    assert "missing.json" in complaints


def test_without_it_moto_is_as_before() -> None:
    code = (
        "import vpn_emulator, moto.ec2.models as models\n"
        "with vpn_emulator.in_process():\n"
        "    assert models.ec2_backends.backend is not models.EC2Backend\n"
        "assert models.ec2_backends.backend is models.EC2Backend\n"
        "assert not list(models.ec2_backends.iter_backends())\n"
    )
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(FILES)}, check=True)
