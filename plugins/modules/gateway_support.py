#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: gateway_support
short_description: Collect what explains the state of a gateway, without keys
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Runs on the gateway and returns one text with versions, IKE and IPsec SAs, interfaces, addresses, rules, routes,
    XFRM states and policies, the nftables rule set, sysctls, BGP as FRR shows it, and the logs of the last hour.
  - Keys and passwords are taken out on the gateway. These are all secrets in the files of strongSwan, Libreswan and
    FRR, also those of the owner, the keys of XFRM states, and what follows words like C(password).
  - The text has the addresses and the firewall rules of the gateway. It has at most 500,000 characters.
  - Programs that are not there are left out.
options:
  units:
    description: Systemd units whose state and logs are collected. A name can have C(*).
    type: list
    elements: str
    default: [strongswan.service, ipsec.service, frr.service, "aws-vpn*"]
attributes:
  check_mode:
    description: Reads and changes nothing.
    support: full
  diff_mode:
    description: There is nothing to compare.
    support: none
"""

EXAMPLES = r"""
- name: Collect what explains the state of the gateway
  hybridnet.aws_vpn.gateway_support:
  become: true
  register: support

- name: Keep it on the controller
  ansible.builtin.copy:
    content: "{{ support.text }}"
    dest: "{{ inventory_hostname }}-support.txt"
    mode: "0600"
  delegate_to: localhost
"""

RETURN = r"""
text:
  description: The output of all commands. Each begins with a line with C(=====) and the command.
  returned: always
  type: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries.gateway_support import run


def main() -> None:
    units = ["strongswan.service", "ipsec.service", "frr.service", "aws-vpn*"]
    spec = {"units": {"type": "list", "elements": "str", "default": units}}
    run(AnsibleModule(argument_spec=spec, supports_check_mode=True))


if __name__ == "__main__":
    main()
