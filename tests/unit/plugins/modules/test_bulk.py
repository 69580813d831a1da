# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vpn_sites with several sites, of which some fail: what is returned, and what is written about the progress."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]
MARKER = "MARKER_psk.1"


@pytest.fixture
def given(world: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "public_ip": f"198.51.100.{number}",
            "bgp_asn": 65010,
            "target": {"transit_gateway_id": world["tgw"]},
            "local_cidrs": [f"10.{number}.0.0/16"],
            "remote_cidrs": ["10.0.0.0/16"],
            "tunnels": [{"psk": MARKER}],
        }
        for number, name in enumerate(["aachen", "bremen", "celle"], 20)
    ]


def test_a_failed_site_is_reported_and_resumed(run: Run, given: list[dict[str, Any]], emulator: Emulator) -> None:
    emulator.faults.add("refuse", action="CreateVpnConnection", call=2, code="UnsupportedOperation")
    result = run("vpn_sites", gateways=given, max_failures=0)
    assert result["failed"] and result["changed"]
    (name,) = result["failures"]
    failure = result["failures"][name]
    assert "UnsupportedOperation" in failure["error"]
    assert [len(failure[key]) for key in ("failed_steps", "applied", "not_begun")] == [1, 1, 0]
    assert {site: entry["failed"] for site, entry in result["connections"].items()} == {
        site: site == name for site in ("aachen", "bremen", "celle")
    }
    assert result["connections"][name]["error"] == failure["error"]
    assert result["connections"][name]["vpn_connection_id"] is None
    assert sum(entry["state"] == "available" for entry in result["connections"].values()) == 2
    assert MARKER not in result["printed"]
    again = run("vpn_sites", gateways=given)
    assert again["plan"]["counts"]["create"] == 1
    assert "failures" not in again


def test_progress_is_written(run: Run, given: list[dict[str, Any]], emulator: Emulator, tmp_path: Path) -> None:
    emulator.settle = 30
    path = tmp_path / "progress"
    path.write_text("of an earlier run\n")
    run("vpn_sites", gateways=given, progress_file=str(path))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0]["gateways"] == 3
    assert lines[-1] == {**lines[-1], "ready": 3, "failed": 0, "waiting_for": {}}
    assert {"vpn_connection available": 3} in [line["waiting_for"] for line in lines]
    assert lines[-1]["elapsed"] >= 30
    assert MARKER not in path.read_text()


def test_nothing_is_written_when_there_is_nothing_to_wait_for(
    run: Run, given: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / "progress"
    run("vpn_sites", check=True, gateways=given, progress_file=str(path))
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_told_before_anything_is_done(
    run: Run, given: list[dict[str, Any]], emulator: Emulator
) -> None:
    result = run("vpn_sites", gateways=given, progress_file="/nowhere/progress")
    assert "progress_file=/nowhere/progress: No such file or directory" in result["msg"]
    assert not [action for action in emulator.calls if action.startswith("Create") and "Vpn" in action]
