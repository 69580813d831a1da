# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter as templates call it."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_peers import FilterModule

gateway_peers = FilterModule().filters()["gateway_peers"]

TUNNEL = {
    "vpn_connection_id": "vpn-0123456789abcdef0",
    "number": 1,
    "outside_address": "203.0.113.2",
    "customer_address": "198.51.100.10",
    "inside_cidr": "169.254.20.0/30",
    "aws_inside_address": "169.254.20.1",
    "customer_inside_address": "169.254.20.2",
    "pre_shared_key": "Marker_key.of_this_test.1234567",
}


def test_returns_the_peers() -> None:
    (peer,) = gateway_peers([TUNNEL], routing="static", remote_cidrs=["10.0.0.0/16"])
    assert peer["interface"] == "vpn2280"


def test_every_problem_is_in_the_error_and_no_key() -> None:
    with pytest.raises(AnsibleFilterError) as refusal:
        gateway_peers([{**TUNNEL, "inside_cidr": "10.0.0.0/24"}, {"number": 2}])
    message = str(refusal.value)
    assert message.startswith("gateway_peers: tunnel 2 of an unnamed connection: no vpn_connection_id\ngateway_peers: ")
    assert "Marker" not in message


def test_no_tunnels_are_no_peers() -> None:
    assert gateway_peers([]) == []
