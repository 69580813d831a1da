# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter aws_environment: what breaks the rules of the environment becomes one error of the filter."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.inventory.environment import problems, variables
from ._plain import plain


def aws_environment(environment: Any) -> dict[str, str]:
    """The variables, if all of them are allowed."""
    given = plain(environment)
    found = problems(given)
    if found:
        raise AnsibleFilterError("\n".join(str(problem.below("environment")) for problem in found))
    return variables(given)
