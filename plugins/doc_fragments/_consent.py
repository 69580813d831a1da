# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options that allow traffic to be interrupted or a connection to be replaced."""

# Private to this collection: no stable interface for others.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  allow_interruption:
    description:
      - Allow steps that interrupt both tunnels of a connection for several minutes. These steps move the connection to
        another customer gateway (another address, ASN, device name or certificate) or to another target, or change its
        networks or bandwidth.
      - Without it such a plan is refused before the first write.
    type: bool
    default: false
  force_tunnel_change:
    description:
      - Allow changes of a tunnel although the other tunnel is not up, and changes of both tunnels in one run, one after
        the other.
      - Without it such a plan is refused before the first write, because it would leave the site without a tunnel.
      - A tunnel that is down itself needs no consent, as no traffic is lost.
    type: bool
    default: false
  allow_replacement:
    description:
      - Allow the replacement of a connection if AWS cannot make a change in place. The new connection has new outside
        addresses and, unless you give keys, new keys. The gateway at the site must be configured for it.
      - Without it such a plan is refused before the first write.
    type: bool
    default: false
  replacement_order:
    description:
      - With V(create_first) the old connection stays until a later run finds a tunnel of the new connection up. Until
        then both count towards the quota of connections.
      - With V(delete_first) the old connection is deleted before the new one is created. Use it if quotas or fixed
        inside CIDRs do not allow both. Until the new connection is up, the site has no VPN.
    type: str
    choices: [create_first, delete_first]
    default: create_first
"""
