# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody removes between two runs: aws-vpn-network.service makes it again, and says so."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import World

pytestmark = pytest.mark.system

UNREACHABLE = "unreachable 10.0.0.0/16 metric 4278190080"


@pytest.fixture
def service(world: World, role_files: Callable[..., dict[str, str]]) -> Iterator[subprocess.Popen[str]]:
    world.place(role_files(unreachable_cidrs=["2001:db8:1::/56"]))
    assert world.unit("aws-vpn-guard") == 0
    world.plug()
    (start,) = [
        line.partition("=")[2].split()
        for line in (world.root / "etc/systemd/system/aws-vpn-network.service").read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    ]
    with subprocess.Popen([*world.inside("gw"), *start], stdout=subprocess.PIPE, text=True) as running:
        # Its first look is over: the tunnels are cables here, so it cannot make interfaces, and says so.
        assert running.stdout
        assert "link add name vpn2280" in said(running, "link add name vpn2280")
        yield running
        running.kill()


def said(running: subprocess.Popen[str], wanted: str) -> str:
    assert running.stdout
    return next((line for line in running.stdout if wanted in line), "")


def is_back(world: World, *words: str, text: str) -> bool:
    end = time.monotonic() + 10
    while text not in world.must("gw", "ip", *words):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_the_guard_comes_back(world: World, service: subprocess.Popen[str]) -> None:
    assert UNREACHABLE in world.must("gw", "ip", "route", "show", "proto", "141")
    world.must("gw", "ip", "route", "flush", "proto", "141")
    assert is_back(world, "route", "show", "proto", "141", text=UNREACHABLE)
    assert said(service, "mended:") == f"mended: ip route replace {UNREACHABLE} proto 141 table main\n"
    world.must("gw", "ip", "-6", "route", "flush", "proto", "141")
    assert is_back(world, "-6", "route", "show", "proto", "141", text="unreachable 2001:db8:1::/56")
