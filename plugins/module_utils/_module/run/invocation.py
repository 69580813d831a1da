# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module class whose invocation goes to the system's log without a secret in it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule


class DiscreetModule(AnsibleModule):  # type: ignore[misc]  # ansible ships no types
    """AnsibleModule, but for secrets with characters that Python escapes.

    The log gets lists and dicts as Python writes them, where the end of a line is two characters. A secret that has
    one, such as the content of a file, or a key read from a file, is then not recognised and stays in clear.
    """

    def _log_invocation(self) -> None:
        self.no_log_values.update({repr(value)[1:-1] for value in self.no_log_values})
        super()._log_invocation()
