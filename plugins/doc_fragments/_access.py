# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Region and account of one entry of a list, and the lists of which they are all, or a part.

Fragments are merged at the top of the options only, so the options of an entry are put in their place here.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import yaml

_REGIONS = r"""
options:
  regions:
    description:
      - Regions and accounts to read, side by side. The selectors are for all of them.
      - By default the Region and the account of the task.
    type: list
    elements: dict
    suboptions: {}
"""

_ADOPTED = r"""
options:
  connections:
    description: The connections, each with its new name.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name of the host in the inventory that is the gateway. For a further connection of this gateway,
            C(GATEWAY/CONNECTION).
        type: str
        required: true
      vpn_connection_id:
        description: Id of the connection. Give exactly one of this and O(connections[].public_ip).
        type: str
      public_ip:
        description: Address of the customer gateway of the connection.
        type: str
"""


def _with_access(text: str, access: str) -> str:
    """A list, whose entries have Region and account besides what they have."""
    documented = yaml.safe_load(text)
    for option in documented["options"].values():
        option["suboptions"].update(yaml.safe_load(access)["options"])
    found: str = yaml.safe_dump(documented, sort_keys=False, width=10**6)
    return found


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  region:
    description:
      - AWS Region. By default the Region of the task.
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
    # Annotated: ansible-test reads plain assignments as the text itself, and these have to be computed.
    REGIONS: str = _with_access(_REGIONS, DOCUMENTATION)
    ADOPTED: str = _with_access(_ADOPTED, DOCUMENTATION)
