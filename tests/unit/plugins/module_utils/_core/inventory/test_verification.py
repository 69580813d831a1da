# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the inventory says what is verified, and that all gateways of a run say the same where they must."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import Host
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.verification import read_verification

NOTHING = {"checks": [], "verify_wait": None, "probe_wait": None, "pings": None, "report_dir": None}


def read(**variables: Any) -> tuple[dict[str, Any], list[str]]:
    host = Host("berlin", {f"site_vpn_{name}": value for name, value in variables.items()})
    return read_verification(host), [host.line(problem) for problem in host.problems]


def test_the_role_has_the_defaults() -> None:
    assert read() == (NOTHING, [])
    assert read(checks="", verify_wait="", pings="", report_dir="") == (NOTHING, [])


def test_texts_of_a_survey_are_numbers() -> None:
    given = {"checks": ["ike", "mtu"], "verify_wait": "0", "probe_wait": "5", "pings": "10", "report_dir": "reports/"}
    read_as = {"checks": ["ike", "mtu"], "verify_wait": 0, "probe_wait": 5, "pings": 10, "report_dir": "reports/"}
    assert read(**given) == (read_as, [])


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"checks": ["ikes"]}, "site_vpn_checks=ikes: must be gateway or udp or "),
        ({"checks": "ike"}, "site_vpn_checks=ike: a list is expected"),
        ({"verify_wait": -1}, "site_vpn_verify_wait=-1: a whole number from 0 is expected"),
        ({"pings": 0}, "site_vpn_pings=0: a whole number from 1 is expected"),
        ({"probe_wait": True}, "site_vpn_probe_wait=True: a whole number from 0 is expected"),
        ({"probe_wait": "soon"}, "site_vpn_probe_wait=soon: a whole number from 0 is expected"),
    ],
)
def test_what_is_refused(given: dict[str, Any], problem: str) -> None:
    _read, lines = read(**given)
    assert len(lines) == 1
    assert problem in lines[0], lines


@pytest.mark.parametrize(
    ("option", "first", "second", "told"),
    [
        ("checks", ["ike", "esp"], None, "site_vpn_checks: s1 has ike, esp: one run can use only one list of checks"),
        ("verify_wait", 5, 10, "site_vpn_verify_wait=10: s1 has 5: one run can use only one time to wait"),
        ("report_dir", None, "a", "site_vpn_report_dir=a: s1 has none: one run can use only one directory for reports"),
        ("pings", 5, 10, None),
        ("probe_wait", 5, 10, None),
    ],
)
def test_one_for_a_run(option: str, first: Any, second: Any, told: str | None) -> None:
    hosts = [
        {
            "inventory_hostname": f"s{number}",
            "site_vpn_region": "eu-central-1",
            "site_vpn_target": {"transit_gateway_id": "tgw-0123456789abcdef0"},
            "site_vpn_public_ip": f"198.51.100.{number}",
            "site_vpn_bgp_asn": 65000 + number,
            "site_vpn_local_cidrs": [f"10.{number}.0.0/16"],
            "site_vpn_remote_cidrs": ["10.200.0.0/16"],
            **({} if value is None else {f"site_vpn_{option}": value}),
        }
        for number, value in ((1, first), (2, second))
    ]
    problems = check_sites(hosts)["problems"]
    assert len(problems) == (1 if told else 0), problems
    assert not told or told in problems[0], problems
