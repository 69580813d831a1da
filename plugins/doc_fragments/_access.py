# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Region and account of one entry of a list."""

# Private to this collection: no stable interface for others.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  region:
    description:
      - AWS Region of the connection. By default the Region of the task.
    type: str
  profile:
    description:
      - Profile in the configuration of the AWS SDK whose credentials are used. By default the credentials of the task.
    type: str
  assume_role_arn:
    description:
      - ARN of an IAM role, for example in another account, that is assumed with these credentials. The session is
        renewed when the task takes longer than one session lasts.
      - With O(endpoint_url) the role is assumed at that endpoint too.
    type: str
  external_id:
    description:
      - External id that the trust policy of the role asks for.
    type: str
  role_session_name:
    description:
      - Name of the role session, as AWS CloudTrail shows it. By default V(hybridnet.aws_vpn).
    type: str
"""
