#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ping_probe
short_description: Ping an address through chosen tunnels and count the answers
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Runs on the host that sends the pings. Each probe pings the address and counts the answers.
  - The type of service of a probe decides through which tunnel the gateway sends it.
  - All probes run in parallel. Lost pings are a result, not a failure of the module.
options:
  address:
    description: The address to ping.
    type: str
    required: true
  source:
    description: Source address of the pings. Without it the routes of the host decide.
    type: str
  probes:
    description: The probes, one for each path.
    type: list
    elements: dict
    default: [{}]
    suboptions:
      tos:
        description:
          - Type of service of the pings, V(0) to V(255).
          - The role gateway sends V(4) through tunnel 1 and V(8) through tunnel 2.
        type: int
      outside_address:
        description: AWS's end of the tunnel that the probe goes through. Returned unchanged, to tell the probes apart.
        type: str
      mtu:
        description: The MTU of the tunnel that the probe goes through, for O(check_mtu).
        type: int
  check_mtu:
    description:
      - Whether to send also pings as large as C(mtu) of each probe, which no router may fragment. They are sent only
        when the small ones are answered.
      - If they are lost, it finds out how large a packet may be. This takes up to 15 seconds.
    type: bool
    default: false
  count:
    description: Number of pings that each probe sends and counts.
    type: int
    default: 5
  wait_timeout:
    description:
      - Seconds to wait for the first answer of a probe before pings are counted.
      - A tunnel that has just come up may need a few seconds until its routes are there.
    type: int
    default: 30
requirements:
  - C(ping) of iputils on the host that sends
attributes:
  check_mode:
    description: Sends the pings and changes nothing.
    support: full
  diff_mode:
    description: There is nothing to compare.
    support: none
"""

EXAMPLES = r"""
- name: Ping a host in the VPC through each tunnel
  hybridnet.aws_vpn.ping_probe:
    address: 10.0.0.100
    probes:
      - {tos: 4, outside_address: 203.0.113.2}
      - {tos: 8, outside_address: 203.0.113.6}
"""

RETURN = r"""
address:
  description: The address that was pinged.
  returned: always
  type: str
source:
  description: The address the pings were sent from, none when there was no route.
  returned: always
  type: str
probes:
  description: One result per probe, in the order given.
  returned: always
  type: list
  elements: dict
  contains:
    outside_address:
      description: As given.
      type: str
    sent:
      description: Pings that were counted.
      type: int
    received:
      description: Answers to those pings.
      type: int
    rtt_ms:
      description: Mean round trip time in milliseconds, none without an answer.
      type: float
    error:
      description: What C(ping) said on its error output, for example that the network is unreachable.
      type: str
    large:
      description:
        - C(size), C(sent), C(received) and C(error) of pings as large as the MTU, none if not sent.
        - C(passes) is the size of the largest packet that was answered, in bytes.
      type: dict
      sample: {size: 1446, sent: 5, received: 0, error: null, passes: 1408}
"""

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
        return module.run_command([*command, "-W", "1", "-s", str(smaller - headers), "-c", "2", address])[0] == 0

    passes = size if received * 2 >= sent else largest(headers + SMALL, size, is_answered)
    return {"size": size, "sent": sent, "received": received, "error": err.strip() or None, "passes": passes}


def largest(passes: int, fails: int, is_answered: Callable[[int], bool]) -> int:
    """The largest size that is answered, between one that is and one that is not."""
    while fails - passes > 1:
        middle = (passes + fails) // 2
        passes, fails = (middle, fails) if is_answered(middle) else (passes, middle)
    return passes


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "address": {"type": "str", "required": True},
            "source": {"type": "str"},
            "probes": {
                "type": "list",
                "elements": "dict",
                "default": [{}],
                "options": {"tos": {"type": "int"}, "outside_address": {"type": "str"}, "mtu": {"type": "int"}},
            },
            "check_mtu": {"type": "bool", "default": False},
            "count": {"type": "int", "default": 5},
            "wait_timeout": {"type": "int", "default": 30},
        },
        supports_check_mode=True,
    )
    ping = module.get_bin_path("ping", required=True)
    probes = module.params["probes"]
    with ThreadPoolExecutor(max_workers=len(probes) or 1) as pool:
        results = list(pool.map(lambda probe: measure(module, ping, probe), probes))
    source = module.params["source"] or source_of(module.params["address"])
    module.exit_json(changed=False, address=module.params["address"], source=source, probes=results)


if __name__ == "__main__":
    main()
