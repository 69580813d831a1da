# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failure before the first change says that nothing was changed; one after it says what was done, on which ids."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]
NOTHING = "Nothing was changed: "
MARKER = "MARKER_psk.1"
READS = ("Describe", "Get", "Search")
IDS = r"\b(vpn|vgw|cgw|vcn|tgw-attach)-[0-9a-f]+\b"

REFUSAL = (
    b"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors>"
    b"<RequestID>1</RequestID></Response>"
)


def refused(_body: bytes) -> tuple[int, bytes]:
    return 403, REFUSAL


def cut_off(body: bytes) -> tuple[int, bytes]:
    return 200, body[: len(body) // 2]


def without_ids(body: bytes) -> tuple[int, bytes]:
    """As if AWS had left out what each resource has."""
    return 200, re.sub(rb"(?:vpnConnection|vpnGateway|customerGateway|vpnConcentrator)Id>", b"other>", body)


class Between:
    """Between a module and the emulated AWS; from a certain call on, answers are spoiled on their way."""

    def __init__(self, emulator: Emulator) -> None:
        self.target = urlsplit(emulator.url).netloc
        self.url = ""
        self.actions: list[str] = []
        # Given the action, whether its answer is spoiled, and how.
        self.spoils: Callable[[str], bool] = lambda _action: False
        self.spoil: Callable[[bytes], tuple[int, bytes]] = refused
        # Whether an action is refused before AWS sees it, and what happens once AWS has done it.
        self.refuses: Callable[[str], bool] = lambda _action: False
        self.after: dict[str, Callable[[], Any]] = {}

    def answer(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        action = parse_qs(body.decode())["Action"][0]
        self.actions.append(action)
        if self.refuses(action):
            return refused(body)
        connection = HTTPConnection(self.target)
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        status, text = answer.status, answer.read()
        connection.close()
        if action in self.after:
            self.after.pop(action)()
        return self.spoil(text) if self.spoils(action) else (status, text)

    def spoil_reads_after_the_first_change(self, spoil: Callable[[bytes], tuple[int, bytes]], untouched: int) -> None:
        """Lets so many reads pass after the first change, then spoils all."""
        self.spoil = spoil
        self.spoils = lambda action: action.startswith(READS) and self.reads_after_the_first_change > untouched

    @property
    def reads_after_the_first_change(self) -> int:
        is_change = [not action.startswith(READS) for action in self.actions]
        return is_change[is_change.index(True) :].count(False) if True in is_change else 0


@pytest.fixture
def between(emulator: Emulator) -> Iterator[Between]:
    between = Between(emulator)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, text = between.answer(self.path, body, dict(self.headers))
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    between.url = f"http://127.0.0.1:{server.server_port}"
    yield between
    server.shutdown()
    server.server_close()


def site_list(world: dict[str, str]) -> list[dict[str, Any]]:
    networks = {"local_cidrs": ["10.20.0.0/16"], "remote_cidrs": ["10.0.0.0/16"]}
    gateway = {"vpc_id": world["vpc"], "propagate_to": [world["table"]]}
    return [
        {"name": "berlin", "public_ip": "198.51.100.10", "bgp_asn": 65010, **networks}
        | {"target": {"vpn_concentrator": {"transit_gateway_id": world["tgw"]}}, "tunnels": [{"psk": MARKER}]},
        {"name": "madrid", "public_ip": "192.0.2.10", "routing": "static", **networks}
        | {"target": {"vpn_gateway": gateway}, "local_cidrs": ["10.30.0.0/16"]},
    ]


def make_elsewhere(ec2: Any, world: dict[str, str]) -> str:
    device = ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65010, IpAddress="198.51.100.10")
    made = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=device["CustomerGateway"]["CustomerGatewayId"],
        TransitGatewayId=world["tgw"],
    )
    return str(made["VpnConnection"]["VpnConnectionId"])


class Case:
    """A module with options that let it change something, whatever is needed before being there."""

    def __init__(self, run: Run, world: dict[str, str], emulator: Emulator, ec2: Any) -> None:
        self.run = run
        self.world = world
        self.emulator = emulator
        self.ec2 = ec2

    def customer_gateway(self) -> dict[str, Any]:
        return {"name": "berlin", "public_ip": "198.51.100.10"}

    def vpn_gateway(self) -> dict[str, Any]:
        return {"vpc_id": self.world["vpc"], "propagate_to": [self.world["table"]]}

    def vpn_concentrator(self) -> dict[str, Any]:
        return {"transit_gateway_id": self.world["tgw"]}

    def vpn_connection(self) -> dict[str, Any]:
        self.run("customer_gateway", **self.customer_gateway())
        return {"name": "berlin", "transit_gateway_id": self.world["tgw"], "tunnels": [{"psk": MARKER}]}

    def vpn_sites(self) -> dict[str, Any]:
        return {"gateways": site_list(self.world)}

    def removal(self) -> dict[str, Any]:
        self.run("vpn_sites", gateways=site_list(self.world))
        return {"state": "absent", "all_sites": True, "gateways": []}

    def vpn_adoption(self) -> dict[str, Any]:
        made = make_elsewhere(self.ec2, self.world)
        return {"connections": [{"name": "berlin", "vpn_connection_id": made}], "adopt": True}

    def vpn_tunnel_replacement(self) -> dict[str, Any]:
        made = make_elsewhere(self.ec2, self.world)
        (shown,) = self.ec2.describe_vpn_connections()["VpnConnections"]
        for tunnel in shown["Options"]["TunnelOptions"]:
            self.emulator.telemetry(tunnel["OutsideIpAddress"], "UP")
        return {"vpn_connection_id": made, "tunnel": 1, "replace": "always"}


MODULES = [name for name in vars(Case) if not name.startswith("_")]


@pytest.fixture
def case(run: Run, world: dict[str, str], emulator: Emulator, ec2: Any) -> Case:
    return Case(run, world, emulator, ec2)


def start(case: Case, name: str, between: Between, **more: Any) -> dict[str, Any]:
    options = getattr(case, name)()
    between.actions.clear()
    module = "vpn_sites" if name == "removal" else name
    return case.run(module, endpoint_url=between.url, **{**options, **more})


def check_failure_after_changes(result: dict[str, Any]) -> None:
    assert result["changed"] is True
    assert NOTHING not in result["msg"]
    assert result["applied"]
    assert all(re.search(IDS, line) for line in result["applied"]), result["applied"]
    assert result["failed_steps"]
    assert {"not_begun", "failures", "plan"} <= set(result)
    assert "run again to resume" in result["msg"]
    assert "MARKER" not in result["printed"]


@pytest.mark.parametrize(
    ("spoil", "untouched"),
    [(refused, 0), (refused, 1), (refused, 3), (refused, 7), (cut_off, 0), (cut_off, 2), (without_ids, 0)]
    + [(without_ids, 1), (without_ids, 5)],
)
@pytest.mark.parametrize("name", MODULES)
def test_whichever_read_fails_after_a_change_the_changes_are_told(
    case: Case, between: Between, name: str, spoil: Callable[[bytes], tuple[int, bytes]], untouched: int
) -> None:
    between.spoil_reads_after_the_first_change(spoil, untouched)
    result = start(case, name, between)
    if between.reads_after_the_first_change > untouched and result.get("failed"):
        check_failure_after_changes(result)
    else:
        assert result["changed"] is True


@pytest.mark.parametrize("spoil", [cut_off, without_ids])
@pytest.mark.parametrize("name", [name for name in MODULES if name not in ("vpn_adoption", "removal")])
def test_a_change_whose_answer_is_spoiled_is_not_called_nothing(
    case: Case, between: Between, name: str, spoil: Callable[[bytes], tuple[int, bytes]]
) -> None:
    between.spoil = spoil
    between.spoils = lambda action: not action.startswith(READS)
    result = start(case, name, between)
    assert result["changed"] is True
    assert NOTHING not in result.get("msg", "")
    assert "MARKER" not in result["printed"]


@pytest.mark.parametrize("spoil", [refused, cut_off])
@pytest.mark.parametrize("name", MODULES)
def test_a_failure_before_the_first_change_says_so(
    case: Case, between: Between, name: str, spoil: Callable[[bytes], tuple[int, bytes]]
) -> None:
    between.spoil = spoil
    between.spoils = lambda _action: True
    result = start(case, name, between)
    assert result["failed"]
    assert result["msg"].startswith(NOTHING)
    assert result.get("changed", False) is False


@pytest.mark.parametrize("name", MODULES)
def test_changes_that_are_all_refused_are_no_changes(case: Case, between: Between, name: str) -> None:
    between.refuses = lambda action: not action.startswith(READS)
    result = start(case, name, between)
    assert result["failed"]
    assert result["msg"].startswith(NOTHING)
    assert (result["changed"], result["applied"]) == (False, [])
    assert result["failed_steps"]


def rival(case: Case, shown: dict[str, Any]) -> None:
    """A second connection with the same identity, made by somebody else at the same moment."""
    case.ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=shown["CustomerGatewayId"],
        TransitGatewayId=case.world["tgw"],
        TagSpecifications=[{"ResourceType": "vpn-connection", "Tags": shown["Tags"]}],
    )


def test_two_resources_of_one_identity_after_the_changes(case: Case, between: Between) -> None:
    between.after["CreateVpnConnection"] = lambda: rival(case, case.ec2.describe_vpn_connections()["VpnConnections"][0])
    result = start(case, "vpn_connection", between)
    check_failure_after_changes(result)
    assert "VPN connection of berlin is ambiguous" in result["msg"]


def test_two_resources_of_one_identity_before_the_changes(case: Case) -> None:
    options = case.vpn_connection()
    case.run("vpn_connection", **options)
    rival(case, case.ec2.describe_vpn_connections()["VpnConnections"][0])
    result = case.run("vpn_connection", **options)
    assert result["msg"].startswith(f"{NOTHING}VPN connection of berlin is ambiguous")
    assert result["msg"].count(NOTHING) == 1


@pytest.mark.parametrize(
    ("name", "change"), [("vpn_adoption", "CreateTags"), ("vpn_tunnel_replacement", "ReplaceVpnTunnel")]
)
def test_a_connection_that_is_deleted_right_after_the_change(
    case: Case, between: Between, name: str, change: str
) -> None:
    def delete() -> None:
        (shown,) = case.ec2.describe_vpn_connections()["VpnConnections"]
        case.ec2.delete_vpn_connection(VpnConnectionId=shown["VpnConnectionId"])

    between.after[change] = delete
    result = start(case, name, between)
    check_failure_after_changes(result)
