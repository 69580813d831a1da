# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a connection of the inventory wants of the VPC behind it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import Host
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.vpc_side import read_vpc_side

RTB, SUBNET, ADDRESS = "rtb-0123456789abcdef0", "subnet-0123456789abcdef0", "10.0.1.10"
TRANSIT: dict[str, Any] = {"target": {"transit_gateway_id": "tgw-0123456789abcdef0"}, "assume_role_arn": None}


def read(given: dict[str, Any], address: str | None = ADDRESS, **entry: Any) -> tuple[dict[str, Any], list[str]]:
    """What was read, and the problems."""
    host = Host("berlin", {f"site_vpn_{name}": value for name, value in given.items()})
    found = read_vpc_side(host, {**TRANSIT, **entry}, address)
    return found, [host.line(problem) for problem in host.problems]


@pytest.mark.parametrize("given", [{}, {"vpc_route_tables": [], "probe_instance": "", "probe_subnet": ""}])
def test_by_default_nothing(given: dict[str, Any]) -> None:
    assert read(given, None) == ({"vpc_route_tables": [], "probe_instance": False, "probe_subnet": None}, [])


def test_it_is_read_as_it_is() -> None:
    given = {"vpc_route_tables": [RTB], "probe_instance": "true", "probe_subnet": SUBNET}
    assert read(given) == ({**given, "probe_instance": True}, [])


@pytest.mark.parametrize(
    ("given", "address", "entry", "problem"),
    [
        ({"vpc_route_tables": RTB}, ADDRESS, {}, "vpc_route_tables=rtb-0123456789abcdef0: a list is expected"),
        ({"vpc_route_tables": ["main"]}, ADDRESS, {}, "vpc_route_tables=main: not the id of a route table"),
        (
            {"vpc_route_tables": [RTB]},
            ADDRESS,
            {"target": {"vpn_gateway": {"vpc_id": "vpc-1"}}},
            "vpc_route_tables: needs a target with transit_gateway_id; for a virtual private gateway use propagate_to",
        ),
        (
            {"vpc_route_tables": [RTB]},
            ADDRESS,
            {"assume_role_arn": "arn:aws:iam::111122223333:role/vpn"},
            "vpc_route_tables: cannot be used together with site_vpn_assume_role_arn: use a profile",
        ),
        (
            {"probe_instance": True, "probe_subnet": SUBNET},
            ADDRESS,
            {"assume_role_arn": "arn:aws:iam::111122223333:role/vpn"},
            "probe_instance: cannot be used together with site_vpn_assume_role_arn: use a profile",
        ),
        ({"probe_instance": True}, ADDRESS, {}, "probe_instance: needs site_vpn_probe_subnet"),
        (
            {"probe_instance": True, "probe_subnet": SUBNET},
            None,
            {},
            "probe_instance: needs site_vpn_vpc_probe_address",
        ),
        ({"probe_subnet": "vpc-1"}, ADDRESS, {}, "probe_subnet=vpc-1: not the id of a subnet"),
        ({"probe_instance": "maybe"}, ADDRESS, {}, "probe_instance=maybe: must be true or false"),
        # What is wrong with the subnet is said once.
        ({"probe_instance": True, "probe_subnet": "vpc-1"}, ADDRESS, {}, "probe_subnet=vpc-1: not the id of a subnet"),
    ],
)
def test_what_cannot_be_is_refused(
    given: dict[str, Any], address: str | None, entry: dict[str, Any], problem: str
) -> None:
    (said,) = read(given, address, **entry)[1]
    assert said.startswith(f"berlin: site_vpn_{problem}")
