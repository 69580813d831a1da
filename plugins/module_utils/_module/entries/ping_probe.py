# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sends pings with the ping of the host, and counts the answers."""

# Runs on gateways and on hosts behind them: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

from ansible.module_utils.basic import AnsibleModule

# What ping sends when nobody says how much.
SMALL = 56


def source_of(address: str) -> str | None:
    """The address the host would send from; connecting a datagram socket sends nothing."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def parse(output: str) -> tuple[int, int, float | None] | None:
    """(sent, received, mean round trip in ms or None) of the summary that iputils prints, else None."""
    counted = re.search(r"(\d+) packets transmitted, (\d+) (?:packets )?received", output)
    mean = re.search(r"= [\d.]+/([\d.]+)/", output)
    if not counted:
        return None
    return int(counted.group(1)), int(counted.group(2)), float(mean.group(1)) if mean else None


def measure(module: AnsibleModule, ping: str, probe: dict[str, Any]) -> dict[str, Any]:
    params = module.params
    command = [ping, "-n", "-q", "-i", "0.2", "-W", "2"]
    if probe["tos"] is not None:
        command += ["-Q", str(probe["tos"])]
    if params["source"]:
        command += ["-I", params["source"]]
    deadline = time.monotonic() + params["wait_timeout"]
    while True:
        rc = module.run_command([*command, "-c", "1", params["address"]])[0]
        if rc == 0 or time.monotonic() >= deadline:
            break
        if rc != 1:  # 1 is "no answer" and took its time; anything else is refused at once
            time.sleep(1)
    out, err = module.run_command([*command, "-c", str(params["count"]), params["address"]])[1:]
    sent, received, rtt = parse(out) or (params["count"], 0, None)
    is_large = params["check_mtu"] and probe["mtu"] and received
    return {
        "outside_address": probe["outside_address"],
        "sent": sent,
        "received": received,
        "rtt_ms": rtt,
        "error": err.strip() or None,
        "large": measure_large(module, command, int(probe["mtu"])) if is_large else None,
    }


def measure_large(module: AnsibleModule, command: list[str], size: int) -> dict[str, Any]:
    """The same with packets as large as the MTU, which no router may fragment."""
    address, count = module.params["address"], module.params["count"]
    headers = 48 if ":" in address else 28
    command = [*command, "-M", "do"]
    # A ping has its size without its headers.
    out, err = module.run_command([*command, "-s", str(size - headers), "-c", str(count), address])[1:]
    sent, received, _rtt = parse(out) or (count, 0, None)

    def is_answered(smaller: int) -> bool:
        words = [*command, "-W", "1", "-s", str(smaller - headers), "-c", "2", address]
        return bool(module.run_command(words)[0] == 0)

    passes = size if received * 2 >= sent else largest(headers + SMALL, size, is_answered)
    return {"size": size, "sent": sent, "received": received, "error": err.strip() or None, "passes": passes}


def largest(passes: int, fails: int, is_answered: Callable[[int], bool]) -> int:
    """The largest size that is answered, between one that is and one that is not."""
    while fails - passes > 1:
        middle = (passes + fails) // 2
        passes, fails = (middle, fails) if is_answered(middle) else (passes, middle)
    return passes


def run(module: AnsibleModule) -> None:
    """Send the pings of all probes at the same time, and return what was answered."""
    ping = module.get_bin_path("ping", required=True)
    probes = module.params["probes"]
    with ThreadPoolExecutor(max_workers=len(probes) or 1) as pool:
        results = list(pool.map(lambda probe: measure(module, ping, probe), probes))
    source = module.params["source"] or source_of(module.params["address"])
    module.exit_json(changed=False, address=module.params["address"], source=source, probes=results)
