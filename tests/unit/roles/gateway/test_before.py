# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a gateway gets back that is no longer one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import World

PROGRAMS = Path(__file__).resolve().parents[4] / "roles/gateway/files"
OFF = {"active": False, "enabled": False}
ON = {"active": True, "enabled": True}
FORWARD, POLICY = "net.ipv4.ip_forward", "net.ipv4.fib_multipath_hash_policy"
RESTORE = """
import json, sys; sys.path.insert(0, "/usr/local/lib/aws-vpn")
from pathlib import Path
import before
before.RECORD = Path("/run/before.json")
print(json.dumps(before.restore()))
"""


@pytest.fixture(scope="module")
def before() -> Iterator[ModuleType]:
    sys.path.insert(0, str(PROGRAMS))
    yield import_module("before")
    sys.path.remove(str(PROGRAMS))


@pytest.mark.parametrize(
    ("was", "now", "is_used", "expected"),
    [
        (OFF, ON, False, ["disable", "stop"]),
        ({"active": True, "enabled": False}, ON, False, ["disable"]),
        (ON, ON, False, []),
        (ON, OFF, False, ["enable"]),
        # Somebody else has come to need it.
        (OFF, ON, True, []),
        (ON, OFF, True, ["enable"]),
    ],
)
def test_a_unit_is_as_it_was(
    before: ModuleType, was: dict[str, bool], now: dict[str, bool], is_used: bool, expected: list[str]
) -> None:
    unit = "frr.service"
    commands = before.unit_commands({unit: was}, {unit: now}, {unit: is_used})
    assert list(commands) == [(verb, unit) for verb in expected]


@pytest.mark.parametrize(
    ("text", "is_used"),
    [
        ("frr version 10.3\nlog syslog informational\n!\n", False),
        ("router ospf\n network 10.20.0.0/16 area 0\nexit\n", True),
        ("ip route 10.9.0.0/16 10.20.0.9\n", True),
        ("ip forwarding\n", False),
    ],
)
def test_frr_is_used_by_its_owner(before: ModuleType, text: str, is_used: bool) -> None:
    assert bool(before.FRR_WORK.search(text)) == is_used


@pytest.mark.system
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, {FORWARD: "0", POLICY: "0"}),
        ({"/etc/sysctl.d/90-router.conf": f"{FORWARD}=1\n"}, {FORWARD: "1", POLICY: "0"}),
        ({"/etc/sysctl.d/90-router.conf": f"# {FORWARD}=1\n"}, {FORWARD: "0", POLICY: "0"}),
    ],
)
def test_sysctls_are_as_they_were(
    world: World, role_files: Callable[..., dict[str, str]], files: dict[str, str], expected: dict[str, str]
) -> None:
    """But for those that somebody has come to need."""
    ours = {FORWARD: "1", POLICY: "1"}
    record: dict[str, Any] = {"units": {}, "packages": ["frr"], "sysctls_of_the_role": ours}
    record["sysctls"] = {FORWARD: "0", POLICY: "0"}
    programs = {path: text for path, text in role_files().items() if path.endswith(".py")}
    world.place({**programs, **files, "/run/before.json": json.dumps(record)})
    for key, value in ours.items():
        world.set("gw", key.replace(".", "/").removeprefix("net/"), value)
    said = json.loads(world.must("gw", "python3", "-I", "-c", RESTORE))
    assert {key: world.must("gw", "sysctl", "-n", key).strip() for key in ours} == expected
    changed = [f"set {key} = 0, as before the first run" for key, value in expected.items() if value == "0"]
    assert said == [*changed, "The packages that the role has installed stay: frr"]


@pytest.mark.system
def test_without_a_record_nothing_is_restored(world: World, role_files: Callable[..., dict[str, str]]) -> None:
    world.place({path: text for path, text in role_files().items() if path.endswith(".py")})
    world.set("gw", "ipv4/ip_forward", "1")
    (line,) = json.loads(world.must("gw", "python3", "-I", "-c", RESTORE))
    assert line.startswith("The state before the first run is not known")
    assert world.must("gw", "sysctl", "-n", FORWARD).strip() == "1"
