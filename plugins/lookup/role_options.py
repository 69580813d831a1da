# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lookup role_options: the options of a role of this collection, empty ones with their default."""

from __future__ import annotations

DOCUMENTATION = r"""
name: role_options
short_description: Read the options of a role of this collection
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Returns the options of a role. A variable that is empty, C("") or C([]), as a survey sends it when there is no
    answer, counts as not set. The option then has the default of the role.
  - Checks types and choices as the argument_specs of the role describe them.
  - A variable with the same name and C(__site_vpn_) in front has precedence. The playbooks of this collection set it.
  - Does not return secrets, lists of dictionaries and required dictionaries.
options:
  _terms:
    description: Name of the role, without the name of the collection.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show how long the role verify waits
  ansible.builtin.debug:
    msg: "{{ lookup('hybridnet.aws_vpn.role_options', 'verify').wait }}"
"""

RETURN = r"""
_raw:
  description: The options, by their name without the name of the role.
  type: list
  elements: dict
"""

from typing import Any

from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):  # type: ignore[misc]  # ansible ships no types
    """Evaluates the variables where they are used, as Ansible does."""

    def run(self, terms: list[str], variables: Any = None, **_options: Any) -> list[dict[str, Any]]:
        from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._role_options import role_options

        return [role_options(str(role), variables or {}, self._templar.template) for role in terms]
