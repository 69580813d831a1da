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
      - Consent to steps that interrupt both tunnels of a connection for several minutes, which is moving it to another
        customer gateway (a changed address, ASN, device name or certificate) or to another target, and changing its
        networks or bandwidth.
      - Without it such a plan is refused before the first write.
    type: bool
    default: false
  force_tunnel_change:
    description:
      - Change options of a tunnel although its twin is not up, or of both tunnels in one run, one after the other.
      - Without it such a plan is refused before the first write, because it would leave the site without a tunnel.
    type: bool
    default: false
  allow_replacement:
    description:
      - Consent to a new connection in place of one that AWS cannot change as asked. It has new outside addresses and,
        unless you give keys, new keys, so the gateway at the site must be set up for it.
      - Without it such a plan is refused before the first write.
    type: bool
    default: false
  replacement_order:
    description:
      - With V(create_first) the old connection stays until a later run finds a tunnel of the new one up; meanwhile both
        count towards the quota of connections.
      - With V(delete_first) the old one is gone before the new one is made, where quotas or pinned inside networks
        leave no room for both. The site is without a VPN meanwhile.
    type: str
    choices: [create_first, delete_first]
    default: create_first
"""
