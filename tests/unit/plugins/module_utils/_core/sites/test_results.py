# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is returned of connections and of their tunnels."""

from __future__ import annotations

import dataclasses

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites

from .builders import GOOD, OBSERVED


def test_result_of_a_tunnel() -> None:
    (tunnel,) = sites.results([GOOD], OBSERVED)["berlin"]["tunnels"]
    assert tunnel == {
        "vpn_connection_id": "vpn-1",
        "connection_name": "berlin",
        "number": 1,
        "outside_address": "203.0.113.2",
        "customer_address": "198.51.100.10",
        "inside_cidr": "169.254.20.0/30",
        "aws_inside_address": "169.254.20.1",
        "customer_inside_address": "169.254.20.2",
        "amazon_side_asn": 64777,
        "customer_asn": 65010,
        "routing": "bgp",
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "preference": 1,
        "options": {"ike_versions": ["ikev2"]},
        "connection_options": {},
        "telemetry": {
            "status": "UP",
            "status_message": "1 BGP ROUTES",
            "accepted_route_count": 1,
            "last_status_change": "2026-01-01T00:00:00+00:00",
            "certificate_arn": None,
        },
    }


def test_the_asn_of_a_target_of_another_account_comes_from_the_device_configuration() -> None:
    connection = dataclasses.replace(OBSERVED.connections[0], device_amazon_side_asn=64999)
    observed = dataclasses.replace(OBSERVED, connections=(connection,), transit_gateways=())
    assert sites.results([GOOD], observed)["berlin"]["amazon_side_asn"] == 64999
