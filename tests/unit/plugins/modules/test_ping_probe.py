# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ping_probe: what iputils prints, and where the host would send from. Real pings are sent in the lab."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import ping_probe

ROOT = Path(__file__).resolve().parents[4]
ALL_BACK = """PING 10.0.0.100 (10.0.0.100) 56(84) bytes of data.

--- 10.0.0.100 ping statistics ---
5 packets transmitted, 5 received, 0% packet loss, time 804ms
rtt min/avg/max/mdev = 2.101/3.250/4.870/0.911 ms
"""
SOME_BACK = """--- 10.0.0.100 ping statistics ---
5 packets transmitted, 2 received, +3 errors, 60% packet loss, time 4004ms
rtt min/avg/max/mdev = 2.101/2.4/2.9/0.9 ms, pipe 3
"""
NONE_BACK = """--- 10.0.0.100 ping statistics ---
5 packets transmitted, 0 received, 100% packet loss, time 4081ms

"""


@pytest.mark.parametrize(
    ("output", "seen"),
    [
        (ALL_BACK, (5, 5, 3.25)),
        (SOME_BACK, (5, 2, 2.4)),
        (NONE_BACK, (5, 0, None)),
        ("ping: connect: Network is unreachable\n", None),
    ],
)
def test_parse(output: str, seen: tuple[int, int, float | None] | None) -> None:
    assert ping_probe.parse(output) == seen


def test_source_is_the_address_the_route_gives() -> None:
    assert ping_probe.source_of("127.0.0.53") == "127.0.0.1"


def test_source_is_none_without_a_route() -> None:
    assert ping_probe.source_of("255.255.255.255") is None


# Packets of at most 1400 bytes are answered.
PING = """#!/bin/sh
echo "$*" >>"$0.log"
case "$*" in *"-M do"*) while [ "$1" != -s ]; do shift; done
  if [ "$2" -gt 1372 ]; then
    echo "ping: local error: message too long, mtu=1400" >&2
    echo "3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 400ms"; exit 1
  fi;;
esac
echo "3 packets transmitted, 3 received, 0% packet loss, time 400ms"
"""
RUN = """
import sys
sys.path.insert(0, sys.argv[1])
from ansible_collections.hybridnet.aws_vpn.plugins.modules import ping_probe
sys.argv = ["ping_probe"]
ping_probe.main()
"""


def probed(directory: Path, *before: str, **options: Any) -> dict[str, Any]:
    """What the module returns, with the programs of the directory."""
    arguments = {"address": "127.0.0.1", "count": 3, **options, "_ansible_remote_tmp": str(directory)}
    done = subprocess.run(
        [*before, sys.executable, "-c", RUN, str(ROOT / "collections")],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": f"{directory}:{os.environ['PATH']}", "PYTHONWARNINGS": "ignore"},
    )
    result: dict[str, Any] = json.loads(done.stdout)["probes"][0]
    return result


def test_large_pings_are_sent_when_asked_for(tmp_path: Path) -> None:
    ping = tmp_path / "ping"
    ping.write_text(PING, encoding="utf-8")
    ping.chmod(0o755)
    assert probed(tmp_path, probes=[{"mtu": 1446}])["large"] is None
    assert "-M" not in (tmp_path / "ping.log").read_text(encoding="utf-8")
    large = probed(tmp_path, probes=[{"mtu": 1446}], check_mtu=True)["large"]
    error = "ping: local error: message too long, mtu=1400"
    assert large == {"size": 1446, "sent": 3, "received": 0, "error": error, "passes": 1400}
    assert "-M do -s 1418 -c 3 127.0.0.1" in (tmp_path / "ping.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("passes", [84, 85, 1200, 1399, 1444, 1445])
def test_the_largest_packet_is_found(passes: int) -> None:
    asked: list[int] = []

    def is_answered(size: int) -> bool:
        asked.append(size)
        return size <= passes

    assert ping_probe.largest(84, 1446, is_answered) == passes
    assert len(asked) <= 11


@pytest.mark.system
@pytest.mark.parametrize("mtu", [1400, 1500])
def test_what_the_kernel_carries_is_measured(tmp_path: Path, mtu: int) -> None:
    """Real pings through an interface with this MTU, in a network of their own."""
    own = ("unshare", "--map-root-user", "--net", "sh", "-c", f'ip link set lo up mtu {mtu} && exec "$@"', "sh")
    large = probed(tmp_path, *own, probes=[{"mtu": 1446}], check_mtu=True, count=2)["large"]
    assert (large["size"], large["passes"]) == (1446, min(mtu, 1446))
    assert (large["sent"], large["received"]) == (2, 2 if mtu > 1446 else 0)
