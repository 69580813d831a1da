# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter tunnel_verdict: registered results in, verdict out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.filter.tunnel_verdict import FilterModule
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.checks import NAMES

DOCUMENTATION = Path(__file__).parents[4] / "plugins/filter/tunnel_verdict.yml"

OUTSIDE = {1: "203.0.113.2", 2: "203.0.113.6"}


UP = {"interface": "vpn1", "ike": "ESTABLISHED", "esp": "INSTALLED"}


def judge(**changes: Any) -> dict[str, Any]:
    """A static site with two tunnels that are up, pinged by the module ping_probe."""
    observed = {
        "connections": {
            "berlin": {
                "routing": "static",
                "tunnels": [
                    {"number": number, "outside_address": address, "routing": "static"}
                    for number, address in OUTSIDE.items()
                ],
            }
        },
        "gateway_status": {"berlin": {"tunnels": [{"outside_address": address, **UP} for address in OUTSIDE.values()]}},
        "telemetry": [
            {"tunnels": [{"outside_address": address, "telemetry": {"status": "UP"}} for address in OUTSIDE.values()]}
        ],
        "forward": {
            "berlin": {
                "source": "10.20.0.10",
                "address": "10.0.0.100",
                "probes": [
                    {"outside_address": OUTSIDE[2], "sent": 5, "received": 4},
                    {"outside_address": OUTSIDE[1], "sent": 5, "received": 5},
                ],
            }
        },
        "back": {
            "berlin": {
                "source": "10.0.0.100",
                "address": "10.20.0.10",
                "probes": [{"outside_address": None, "sent": 5, "received": 5}],
            }
        },
        **changes,
    }
    return dict(FilterModule().filters()["tunnel_verdict"](observed))


def test_up() -> None:
    result = judge()
    assert result["causes"] == []
    assert [row["ping"] for row in result["rows"]] == ["5/5", "4/5"]
    assert "berlin: pings back from 10.0.0.100 to 10.20.0.10: 5/5" in result["lines"]


def test_pings_belong_to_the_tunnel_with_their_outside_address() -> None:
    """Two connections of one gateway have a tunnel 1 each."""
    addresses = [*OUTSIDE.values(), "203.0.113.10", "203.0.113.14"]
    tunnels = [
        {"number": number, "outside_address": address, "routing": "static"}
        for number, address in zip((1, 2, 1, 2), addresses, strict=True)
    ]
    probes = [
        {"outside_address": address, "sent": 5, "received": 0 if address == addresses[2] else 5}
        for address in reversed(addresses)
    ]
    result = judge(connections={"berlin": {"tunnels": tunnels}}, forward={"berlin": {"probes": probes}})
    assert [row["ping"] for row in result["rows"]] == ["5/5", "5/5", "0/5", "5/5"]


def test_a_lost_ping_names_its_ends() -> None:
    result = judge(
        forward={
            "berlin": {
                "source": "10.20.0.10",
                "address": "10.0.0.100",
                "probes": [{"outside_address": OUTSIDE[1], "sent": 5, "received": 0}],
            }
        }
    )
    assert result["rows"][0]["cause"] == "ping lost on the way out: 0/5 answered from 10.20.0.10 to 10.0.0.100"


@pytest.mark.parametrize("skipped", [{}, {"berlin": {}}, {"berlin": {"skipped": True, "changed": False}}])
def test_skipped_probes_do_not_count(skipped: dict[str, Any]) -> None:
    result = judge(forward=skipped, back=skipped)
    assert result["up"]
    assert [row["ping"] for row in result["rows"]] == ["-", "-"]


def test_failed_probes_count() -> None:
    failed = {"berlin": {"failed": True, "msg": "no ping here"}}
    assert [row["cause"] for row in judge(forward=failed)["rows"]] == [
        "ping lost on the way out: 0/0 answered (no ping here)"
    ] * 2
    assert "ping lost on the way back" in judge(back=failed)["causes"][0]


@pytest.mark.parametrize("observed", [[], {}, {"connections": {}, "sites": []}, {"connections": []}, "connections"])
def test_wrong_input(observed: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="tunnel_verdict"):
        FilterModule().filters()["tunnel_verdict"](observed)


def test_checks_by_name() -> None:
    found = FilterModule().filters()["tunnel_verdict"]({"connections": {"berlin": {}}}, checks=["gateway", "bgp"])
    assert [check["name"] for check in found["rows"][0]["checks"]] == ["gateway", "bgp"]
    with pytest.raises(AnsibleFilterError, match="has no check bpg, only gateway, udp, ike"):
        FilterModule().filters()["tunnel_verdict"]({"connections": {}}, checks=["bpg"])


def test_every_check_is_documented() -> None:
    documented = yaml.safe_load(DOCUMENTATION.read_text(encoding="utf-8"))["DOCUMENTATION"]["options"]["checks"]
    assert documented["choices"] == list(NAMES)
    assert [name for name in NAMES if f"C({name})" not in str(documented["description"])] == []
