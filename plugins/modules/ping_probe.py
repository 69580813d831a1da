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

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries.ping_probe import run


def main() -> None:
    run(
        AnsibleModule(
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
    )


if __name__ == "__main__":
    main()
