# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An assumed role works in the account its ARN names, in every Region, until its session is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::111122223333:role/vpn"


def assume(options: dict[str, Any], role: str = ROLE) -> dict[str, Any]:
    """What a client of the session needs."""
    answer = boto3.client("sts", **options).assume_role(RoleArn=role, RoleSessionName="test", ExternalId="shared-word")
    keys = answer["Credentials"]
    return {
        **options,
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }


def test_the_account_of_the_role_is_worked_in(emulator: Any) -> None:
    roles = [ROLE, "arn:aws:iam::444455556666:role/path/vpn"]
    for role in roles:
        session = assume(emulator.client_options(), role=role)
        boto3.client("ec2", **session).create_vpn_gateway(Type="ipsec.1")
        assert (
            f"::{role.split(':')[4]}:assumed-role/vpn/" in boto3.client("sts", **session).get_caller_identity()["Arn"]
        )
    for role in roles:
        other = emulator.account(role.split(":")[4])
        assert len(boto3.client("ec2", **other.client_options()).describe_vpn_gateways()["VpnGateways"]) == 1
        assert other.calls["CreateVpnGateway"] == 1
    assert emulator.calls == {}


def test_each_region_of_an_account_has_its_own_objects(emulator: Any) -> None:
    session = assume(emulator.client_options(), role="arn:aws:iam::777788889999:role/vpn")
    for region in ("eu-central-1", "eu-west-1", "eu-west-1"):
        boto3.client("ec2", **{**session, "region_name": region}).create_vpn_gateway(Type="ipsec.1")
    counts = [
        len(boto3.client("ec2", **{**session, "region_name": region}).describe_vpn_gateways()["VpnGateways"])
        for region in ("eu-central-1", "eu-west-1", "eu-west-2")
    ]
    assert counts == [1, 2, 0]


def test_a_session_that_is_over_is_refused(emulator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from vpn_emulator import role_sessions

    ec2 = boto3.client("ec2", **assume(emulator.client_options()))
    ec2.describe_vpn_gateways()
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)
    monkeypatch.setattr(role_sessions, "utcnow", lambda: later)
    with pytest.raises(ClientError, match="RequestExpired"):
        ec2.describe_vpn_gateways()
