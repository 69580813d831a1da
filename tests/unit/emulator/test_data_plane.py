# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data plane driver: what it is told, when, and what becomes of its answers.

The command is a double; what runs behind the real one is the lab's matter.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from vpn_emulator.dataplane import DataPlaneConfig, DataPlaneError

POOL = ("203.0.113.2", "203.0.113.6", "203.0.113.10", "203.0.113.14")


class Command:
    """The double's directory, seen by a test."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        double = str(Path(__file__).with_name("endpoint_command.py"))
        self.config = DataPlaneConfig((sys.executable, double, str(directory)), POOL, status_max_age=0.0)

    def applied(self) -> list[dict[str, Any]]:
        file = self.directory / "applied.json"
        found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["tunnels"] if file.exists() else []
        return found

    def calls(self, verb: str) -> int:
        file = self.directory / "calls"
        return file.read_text(encoding="utf-8").splitlines().count(verb) if file.exists() else 0

    def say(self, outside_address: str, **state: Any) -> None:
        file = self.directory / "states.json"
        states = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        down = {"ike": "DOWN", "esp": "DOWN", "bgp": None, "accepted_routes": 0}
        states[outside_address] = {**down, **state}
        file.write_text(json.dumps(states), encoding="utf-8")

    def fail(self, message: str) -> None:
        (self.directory / "fail").write_text(message, encoding="utf-8")

    def work_again(self) -> None:
        (self.directory / "fail").unlink()


@pytest.fixture
def command(emulator: Any, tmp_path: Path) -> Iterator[Command]:
    command = Command(tmp_path)
    emulator.reset(data_plane=command.config)
    yield command
    (tmp_path / "hold").unlink(missing_ok=True)
    emulator.reset()


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


def state(region: Any, connection: dict[str, Any]) -> str:
    return str(region.show(connection["VpnConnectionId"])["State"])


def make_available(region: Any, **request: Any) -> dict[str, Any]:
    connection: dict[str, Any] = region.connection(**request)
    eventually(lambda: state(region, connection) == "available")
    return connection


def outside(connection: dict[str, Any]) -> list[str]:
    return [one["OutsideIpAddress"] for one in connection["Options"]["TunnelOptions"]]


def telemetry(region: Any, connection: dict[str, Any]) -> list[tuple[str, str, int]]:
    shown = region.show(connection["VpnConnectionId"])["VgwTelemetry"]
    return [(one["Status"], one["StatusMessage"], one["AcceptedRouteCount"]) for one in shown]


def test_outside_addresses_come_from_the_pool_and_go_back_to_it(
    region: Any, ec2: Any, command: Command, refused: Any
) -> None:
    first, second = make_available(region), make_available(region)
    assert set(outside(first)) | set(outside(second)) == set(POOL)
    with refused("InsufficientAddressCapacity"):
        region.connection()
    ec2.delete_vpn_connection(VpnConnectionId=first["VpnConnectionId"])
    eventually(lambda: state(region, first) == "deleted")
    assert outside(make_available(region)) == outside(first)
    assert {one["outside_address"] for one in command.applied()} == set(POOL)


@pytest.mark.usefixtures("command")
def test_a_refused_create_takes_nothing_from_the_pool(region: Any, ec2: Any, refused: Any) -> None:
    def tags(count: int) -> list[dict[str, Any]]:
        pairs = [{"Key": f"key{number}", "Value": "x"} for number in range(count)]
        return [{"ResourceType": "vpn-connection", "Tags": pairs}]

    with refused("TagLimitExceeded"):
        region.connection(TagSpecifications=tags(51))
    for _each in range(2):
        region.connection()
    with refused("InsufficientAddressCapacity"):
        region.connection(TagSpecifications=tags(1))
    assert ec2.describe_tags()["Tags"] == []


def test_a_connection_is_pending_until_its_endpoints_run(region: Any, command: Command) -> None:
    (command.directory / "hold").touch()
    connection = region.connection()
    eventually(lambda: command.calls("apply") == 1)
    assert state(region, connection) == "pending"
    (command.directory / "hold").unlink()
    eventually(lambda: state(region, connection) == "available")


def test_it_is_deleting_until_its_endpoints_are_gone(region: Any, ec2: Any, command: Command) -> None:
    connection = make_available(region)
    (command.directory / "hold").touch()
    ec2.delete_vpn_connection(VpnConnectionId=connection["VpnConnectionId"])
    assert state(region, connection) == "deleting"
    (command.directory / "hold").unlink()
    eventually(lambda: state(region, connection) == "deleted")
    assert command.applied() == []


def test_a_change_raises_the_generation_of_the_endpoints_it_interrupts(region: Any, ec2: Any, command: Command) -> None:
    connection = make_available(region)
    connection_id = connection["VpnConnectionId"]

    def generations() -> list[int]:
        eventually(lambda: state(region, connection) == "available")
        return [one["generation"] for one in command.applied()]

    assert generations() == [1, 1]
    request = {"VpnConnectionId": connection_id, "VpnTunnelOutsideIpAddress": outside(connection)[1]}
    ec2.modify_vpn_tunnel_options(**request, TunnelOptions={"StartupAction": "start"})
    assert generations() == [1, 2]
    ec2.modify_vpn_connection_options(VpnConnectionId=connection_id, LocalIpv4NetworkCidr="10.20.0.0/16")
    assert generations() == [2, 3]
    switch = {"EnableTunnelLifecycleControl": True}
    ec2.modify_vpn_tunnel_options(**request, TunnelOptions=switch, SkipTunnelReplacement=True)
    assert generations() == [2, 3]


def test_an_endpoint_can_be_given_another_key_than_the_api_says(
    region: Any, emulator: Any, command: Command, ask: Any
) -> None:
    first, second = outside(make_available(region))
    at_the_endpoint = f"{emulator.url}/vpn-emulator/endpoints/{first}"

    def keys() -> dict[str, str]:
        return {one["outside_address"]: one["psk"] for one in command.applied()}

    own = keys()
    ask(at_the_endpoint, "PUT", {"pre_shared_key": "another.key.1"})
    eventually(lambda: keys() == {first: "another.key.1", second: own[second]})
    ask(at_the_endpoint, "DELETE")
    eventually(lambda: keys() == own)


def test_states_that_arrive_while_one_is_applied_are_coalesced(region: Any, command: Command) -> None:
    (command.directory / "hold").touch()
    connections = [region.connection(), region.connection()]
    eventually(lambda: command.calls("apply") == 1)
    (command.directory / "hold").unlink()
    for connection in connections:
        eventually(lambda shown=connection: state(region, shown) == "available")  # type: ignore[misc]  # lambda default
    assert command.calls("apply") <= 2
    assert len(command.applied()) == 4


def test_calls_that_change_nothing_for_the_tunnels_apply_nothing(region: Any, ec2: Any, command: Command) -> None:
    connection = make_available(region)
    before = command.calls("apply")
    ec2.create_tags(Resources=[connection["VpnConnectionId"]], Tags=[{"Key": "Name", "Value": "berlin"}])
    region.vpn_gateway()
    make_available(region)
    assert command.calls("apply") == before + 1


def test_a_new_quota_of_routes_reaches_the_endpoints_without_an_interruption(
    region: Any, emulator: Any, command: Command, ask: Any
) -> None:
    make_available(region)
    ask(f"{emulator.url}/vpn-emulator/quotas", "PUT", {"bgp_routes_per_vpn_gateway_connection": 5})
    eventually(lambda: [one["route_limit"] for one in command.applied()] == [5, 5])
    assert [one["generation"] for one in command.applied()] == [1, 1]


def test_keys_are_neither_on_the_command_line_nor_in_errors(
    region: Any, command: Command, emulator: Any, caplog: pytest.LogCaptureFixture
) -> None:
    make_available(region, tunnels=[{"PreSharedKey": "marker.key_of_berlin"}])
    command.fail("cannot use the key marker.key_of_berlin, sorry")
    region.connection()
    eventually(lambda: "trying again" in caplog.text)
    assert "marker" not in (command.directory / "calls").read_text(encoding="utf-8")
    assert "apply: exit status 3: cannot use the key ***, sorry" in emulator.data_plane.last_error
    assert "marker" not in caplog.text


def test_a_failed_apply_is_tried_again(region: Any, ec2: Any, command: Command, emulator: Any) -> None:
    command.fail("no such network namespace")
    connection = region.connection()
    eventually(lambda: emulator.data_plane.last_error is not None)
    assert state(region, connection) == "pending"
    request = {"VpnConnectionId": connection["VpnConnectionId"], "VpnTunnelOutsideIpAddress": outside(connection)[0]}
    status = ec2.get_active_vpn_tunnel_status(**request)["ActiveVpnTunnelStatus"]
    assert status["ProvisioningStatus"] == "failed"
    assert "no such network namespace" in status["ProvisioningStatusReason"]
    command.work_again()
    eventually(lambda: state(region, connection) == "available")
    assert ec2.get_active_vpn_tunnel_status(**request)["ActiveVpnTunnelStatus"] == {"ProvisioningStatus": "available"}


IPSEC = {"ike": "ESTABLISHED", "esp": "INSTALLED"}
BGP_MAPPING: list[tuple[dict[str, Any], tuple[str, str, int]]] = [
    ({}, ("DOWN", "IPSEC IS DOWN", 0)),
    ({"ike": "CONNECTING"}, ("DOWN", "IPSEC IS DOWN", 0)),
    ({"ike": "ESTABLISHED"}, ("DOWN", "IPSEC IS DOWN", 0)),
    ({**IPSEC, "bgp": "Active"}, ("DOWN", "IPSEC IS UP", 0)),
    # Its quota of routes was exceeded.
    ({**IPSEC, "bgp": "Idle"}, ("DOWN", "IPSEC IS UP", 0)),
    ({**IPSEC, "bgp": None}, ("DOWN", "IPSEC IS UP", 0)),
    ({**IPSEC, "bgp": "Established"}, ("UP", "0 BGP ROUTES", 0)),
    ({**IPSEC, "bgp": "Established", "accepted_routes": 3}, ("UP", "3 BGP ROUTES", 3)),
    ({"bgp": "Established", "accepted_routes": 3}, ("DOWN", "IPSEC IS DOWN", 0)),
]


def test_telemetry_of_a_bgp_connection_is_what_the_endpoints_say(region: Any, command: Command) -> None:
    connection = make_available(region)
    first, _second = outside(connection)
    assert telemetry(region, connection) == [("DOWN", "IPSEC IS DOWN", 0)] * 2
    for said, expected in BGP_MAPPING:
        command.say(first, **said)
        assert telemetry(region, connection) == [expected, ("DOWN", "IPSEC IS DOWN", 0)], said


def test_a_set_state_only_takes_from_what_a_real_endpoint_says(region: Any, emulator: Any, command: Command) -> None:
    connection = make_available(region)
    first, second = outside(connection)
    command.say(first, ike="ESTABLISHED", esp="INSTALLED", bgp="Established", accepted_routes=1)
    emulator.telemetry(second, "UP")
    assert telemetry(region, connection) == [("UP", "1 BGP ROUTES", 1), ("DOWN", "IPSEC IS DOWN", 0)]
    emulator.telemetry(first, "DOWN")
    assert telemetry(region, connection) == [("DOWN", "IPSEC IS DOWN", 0)] * 2
    emulator.telemetry(first, "UP", accepted_routes=0)
    assert telemetry(region, connection)[0] == ("UP", "0 BGP ROUTES", 0)
    emulator.telemetry(first, "UP", accepted_routes=7)
    assert telemetry(region, connection)[0] == ("UP", "1 BGP ROUTES", 1)


def test_telemetry_of_a_static_connection_needs_ipsec_only(region: Any, command: Command) -> None:
    connection = make_available(region, Options={"StaticRoutesOnly": True})
    command.say(outside(connection)[1], **IPSEC)
    assert telemetry(region, connection) == [("DOWN", "IPSEC IS DOWN", 0), ("UP", "IPSEC IS UP", 0)]


def test_the_time_of_the_last_change_moves_only_with_the_status(region: Any, command: Command, emulator: Any) -> None:
    connection = make_available(region)

    def changed() -> list[Any]:
        shown = region.show(connection["VpnConnectionId"])["VgwTelemetry"]
        return [one["LastStatusChange"] for one in shown]

    before = changed()
    emulator.clock.advance(60)
    assert changed() == before
    command.say(outside(connection)[0], **IPSEC, bgp="Established")
    after = changed()
    assert (after[0] - before[0]).total_seconds() >= 60
    assert after[1] == before[1]


def test_a_failing_status_makes_everything_down_but_the_api_answers(
    region: Any, command: Command, caplog: pytest.LogCaptureFixture
) -> None:
    connection = make_available(region)
    command.say(outside(connection)[0], **IPSEC, bgp="Established")
    assert telemetry(region, connection)[0][0] == "UP"
    command.fail("connection refused")
    for _twice in range(2):
        assert telemetry(region, connection) == [("DOWN", "IPSEC IS DOWN", 0)] * 2
    assert caplog.text.count("all tunnels count as DOWN") == 1
    command.work_again()
    assert telemetry(region, connection)[0][0] == "UP"


def test_status_is_asked_only_when_the_last_answer_is_too_old(region: Any, emulator: Any, command: Command) -> None:
    emulator.reset(data_plane=DataPlaneConfig(command.config.command, POOL, status_max_age=3600))
    connection = make_available(region)
    before = command.calls("status")
    for _each in range(5):
        telemetry(region, connection)
    assert command.calls("status") <= before + 1


def test_what_was_negotiated_is_shown_as_the_endpoint_reports_it(region: Any, ec2: Any, command: Command) -> None:
    connection = make_available(region)
    first, second = outside(connection)
    active = {"IkeVersion": "ikev2", "Phase1EncryptionAlgorithm": "AES256-GCM-16", "Phase1DHGroup": 20}
    command.say(first, **IPSEC, bgp="Established", active=active)
    request = {"VpnConnectionId": connection["VpnConnectionId"]}
    answer = ec2.get_active_vpn_tunnel_status(**request, VpnTunnelOutsideIpAddress=first)
    assert answer["ActiveVpnTunnelStatus"] == {"ProvisioningStatus": "available", **active}
    answer = ec2.get_active_vpn_tunnel_status(**request, VpnTunnelOutsideIpAddress=second)
    assert answer["ActiveVpnTunnelStatus"] == {"ProvisioningStatus": "available"}


def test_stopping_ends_a_command_that_does_not_return(region: Any, command: Command, emulator: Any) -> None:
    (command.directory / "hold").touch()
    region.connection()
    eventually(lambda: command.calls("apply") == 1)
    begin = time.monotonic()
    emulator.data_plane.stop(grace=0.1)
    assert time.monotonic() - begin < 5
    assert command.applied() == []


def test_reset_takes_the_endpoints_down(region: Any, command: Command, emulator: Any) -> None:
    import urllib.request

    make_available(region)
    reset = urllib.request.Request(f"{emulator.url}/moto-api/reset", method="POST")  # noqa: S310  # loopback
    urllib.request.urlopen(reset).close()  # noqa: S310  # loopback
    eventually(lambda: command.applied() == [])
    assert outside(make_available(region))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"command": ["x"]}', '{"command": 5, "outside_addresses": []}'])
def test_a_bad_description_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "dataplane.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataPlaneError, match="not a data plane description"):
        DataPlaneConfig.load(file)


def test_a_description_is_read(tmp_path: Path) -> None:
    file = tmp_path / "dataplane.json"
    file.write_text(json.dumps({"command": ["ssh", "lab"], "outside_addresses": list(POOL)}), encoding="utf-8")
    assert DataPlaneConfig.load(file) == DataPlaneConfig(("ssh", "lab"), POOL)
