# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logs of tunnels in CloudWatch Logs: what the endpoints say, in AWS's fields, where a log is on."""

from __future__ import annotations

import json
import time
from typing import Any

import boto3
import pytest

GROUP = "/aws/vendedlogs/vpn"
ACTIVITY = {"dpd_enabled": True, "nat_t_detected": False, "ike_phase1_state": "Down", "ike_phase2_state": "Down"}
CONNECTS = "AWS-side peer is initiating a connection (via Connect) to neighbor 169.254.20.2"


@pytest.fixture
def logs(emulator: Any) -> Any:
    client = boto3.client("logs", **emulator.client_options())
    client.create_log_group(logGroupName=GROUP)
    return client


@pytest.fixture
def tunnel(ec2: Any) -> tuple[str, str]:
    """The id of a connection and the outside address of its first tunnel, whose endpoint has said nothing."""
    customer = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="198.51.100.10", BgpAsn=65010)["CustomerGateway"]
    transit = ec2.create_transit_gateway()["TransitGateway"]
    made = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=customer["CustomerGatewayId"],
        TransitGatewayId=transit["TransitGatewayId"],
    )["VpnConnection"]
    return made["VpnConnectionId"], made["Options"]["TunnelOptions"][0]["OutsideIpAddress"]


def switch(ec2: Any, emulator: Any, tunnel: tuple[str, str], **options: Any) -> None:
    arn = f"arn:aws:logs:eu-central-1:{emulator.account_id}:log-group:{GROUP}"
    groups = {f"{name.removesuffix('Enabled')}GroupArn": arn for name, value in options.items() if value is True}
    ec2.modify_vpn_tunnel_options(
        VpnConnectionId=tunnel[0],
        VpnTunnelOutsideIpAddress=tunnel[1],
        TunnelOptions={"LogOptions": {"CloudWatchLogOptions": {**options, **groups}}},
    )


def say(emulator: Any, tunnel: tuple[str, str], *seconds: float) -> None:
    """The endpoint writes both logs at these times."""
    records: list[dict[str, Any]] = []
    for at in seconds:
        records.append({"log": "tunnel", "at": at, "details": "No Proposal Match Found by AWS", **ACTIVITY})
        records.append({"log": "bgp", "at": at, "type": "BGPStatus", "status": "DOWN", "details": CONNECTS})
    emulator.telemetry(tunnel[1], "DOWN", log=records)


def written(logs: Any) -> dict[str, list[str]]:
    """The messages by the name of their stream."""
    found: dict[str, list[str]] = {}
    for event in logs.filter_log_events(logGroupName=GROUP)["events"]:
        found.setdefault(event["logStreamName"], []).append(event["message"])
    return found


def test_fields(logs: Any, ec2: Any, emulator: Any, tunnel: tuple[str, str]) -> None:
    now = time.time()
    switch(ec2, emulator, tunnel, LogEnabled=True, BgpLogEnabled=True)
    say(emulator, tunnel, now)
    place = f"{tunnel[0]}_{tunnel[1]}"
    (ike,), (bgp,) = (written(logs)[f"{place}-{log}.log"] for log in ("IKE", "BGP"))
    times = {"event_timestamp": int(now * 1000), "timestamp": json.loads(ike)["timestamp"]}
    assert json.loads(ike) == {**times, "details": "No Proposal Match Found by AWS", **ACTIVITY}
    about = {"resource_id": place, **times, "type": "BGPStatus", "status": "DOWN", "message": {"details": CONNECTS}}
    assert json.loads(bgp) == about


def test_text(logs: Any, ec2: Any, emulator: Any, tunnel: tuple[str, str]) -> None:
    switch(ec2, emulator, tunnel, LogEnabled=True, LogOutputFormat="text")
    say(emulator, tunnel, time.time())
    ((line,),) = list(written(logs).values())
    assert "No Proposal Match Found by AWS True False Down Down" in line


def test_only_what_is_said_while_a_log_is_on(logs: Any, ec2: Any, emulator: Any, tunnel: tuple[str, str]) -> None:
    now = time.time()
    say(emulator, tunnel, now - 9)
    assert written(logs) == {}
    switch(ec2, emulator, tunnel, LogEnabled=True)
    say(emulator, tunnel, now - 9, now - 6)
    assert [len(lines) for lines in written(logs).values()] == [1]
    # Asked again, nothing new was said.
    assert [len(lines) for lines in written(logs).values()] == [1]
    switch(ec2, emulator, tunnel, LogEnabled=False)
    say(emulator, tunnel, now - 6, now - 3)
    assert [len(lines) for lines in written(logs).values()] == [1]


def test_a_group_that_does_not_exist(ec2: Any, emulator: Any, tunnel: tuple[str, str]) -> None:
    client = boto3.client("logs", **emulator.client_options())
    switch(ec2, emulator, tunnel, LogEnabled=True)
    say(emulator, tunnel, time.time())
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.filter_log_events(logGroupName=GROUP)
    assert emulator.log.iam_actions()[-1] == "logs:FilterLogEvents"
