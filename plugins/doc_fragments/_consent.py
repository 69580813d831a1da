# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Private to this collection: options that allow traffic to be interrupted."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  allow_interruption:
    description:
      - Consent to steps that interrupt both tunnels of a connection for several minutes, which is moving it to another
        customer gateway (a changed public address or ASN) or to another target.
      - Without it such a plan is refused before the first write.
    type: bool
    default: false
  force_tunnel_change:
    description:
      - Change options of a tunnel although its twin is not up, or of both tunnels in one run, one after the other.
      - Without it such a plan is refused before the first write, because it would leave the site without a tunnel.
    type: bool
    default: false
"""
