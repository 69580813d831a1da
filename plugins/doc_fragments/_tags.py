# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags of one resource."""

# Private to this collection: no stable interface for others.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  tags:
    description:
      - Tags of the resource. The collection itself sets C(Name) and the identity tags, whose keys begin with
        C(hybridnet:). A C(Name) in this option takes precedence.
      - AWS takes at most 50 tags on a resource. The tags of the collection are among them.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description:
      - Remove tags that are not in O(tags). Tags whose keys begin with C(aws:) or C(hybridnet:) are never removed.
    type: bool
    default: false
"""
