# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options on waiting for AWS."""

# Private to this collection: no stable interface for others.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to return only when AWS has finished.
      - Steps that need an earlier one to be finished, such as static routes of a new connection, are waited for in any
        case.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long the whole task may wait for AWS, in seconds. AWS usually takes 5 to 10 minutes for a new connection,
        and up to 40.
      - A timeout fails with the states last seen. Running again resumes.
    type: int
    default: 2400
"""
