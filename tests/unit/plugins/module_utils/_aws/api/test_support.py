# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an SDK older than an option says before the first write."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import support
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    ConnectionWanted,
    CustomerGatewayWanted,
    TunnelWanted,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields

MODEL = botocore.session.get_session().get_service_model("ec2")
EVERYTHING = Wanted(
    customer_gateways=(CustomerGatewayWanted("berlin", "198.51.100.10", 4200000001),),
    connections=(
        ConnectionWanted(
            name="berlin",
            vpn_concentrator="one",
            tunnels=(TunnelWanted({row.name: "x" for row in fields.TUNNEL}),) * 2,
            options={row.name: "x" for row in fields.CONNECTION},
            pre_shared_key_storage="Standard",
        ),
    ),
)


@pytest.mark.parametrize(
    ("path", "known"),
    [
        (("CreateVpnConnection", "Options", "TunnelOptions", "PreSharedKey"), True),
        (("CreateVpnConnection", "Options", "TunnelOptions", "LogOptions", "CloudWatchLogOptions", "LogEnabled"), True),
        (("CreateVpnConnection", "Options", "Nonsense"), False),
        (("CreateVpnConnection", "Type", "Nonsense"), False),
        (("CreateNonsense",), False),
    ],
)
def test_the_service_model_is_asked(path: tuple[str, ...], known: bool) -> None:
    assert support.knows(MODEL, *path) is known


def test_the_sdk_of_the_tests_knows_every_option() -> None:
    assert support.unknown_options(EVERYTHING, lambda *path: support.knows(MODEL, *path)) == []


def test_each_unknown_option_is_named_once() -> None:
    new = ("Phase1AdditionalKeyExchanges", "BgpLogEnabled", "TunnelBandwidth", "PreSharedKeyStorage", "BgpAsnExtended")
    found = support.unknown_options(EVERYTHING, lambda *path: path[-1] not in new)
    assert [problem.split(": the installed")[0] for problem in found] == [
        "berlin: bgp_asn=4200000001",
        "berlin: options.tunnel_bandwidth",
        "berlin: tunnels[1].phase1_additional_key_exchanges",
        "berlin: tunnels[1].bgp_log_enabled",
        "berlin: pre_shared_key_storage",
    ]
    assert "does not know TunnelBandwidth of CreateVpnConnection, a newer one is needed" in found[1]


def test_what_is_not_asked_for_is_not_missed() -> None:
    nothing: Any = Wanted(
        customer_gateways=(CustomerGatewayWanted("berlin", present=False),), connections=(ConnectionWanted("berlin"),)
    )
    assert support.unknown_options(nothing, lambda *_path: False) == []
