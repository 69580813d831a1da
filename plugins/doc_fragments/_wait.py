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
      - Wait until AWS has finished.
      - If a step needs the result of an earlier one, the module always waits. An example is a static route of a new
        connection.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long the whole task may wait for AWS, in seconds. AWS usually needs 5 to 10 minutes for a new connection,
        and up to 40.
      - After a timeout the task fails and shows the last states. Run it again to resume.
    type: int
    default: 2400
"""
