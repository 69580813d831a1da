# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ansible's containers, which are evaluated when they are read, as plain ones; and results that are never evaluated."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.utils.unsafe_proxy import wrap_var


def plain(value: Any) -> Any:
    """Evaluate lazy containers to the last leaf, so that what cannot be evaluated shows here."""
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in value}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    # What cannot be evaluated comes as an object that raises the reason when it is looked at.
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def text_only(value: Any) -> Any:
    """The same value, whose text Ansible does not evaluate.

    Until ansible-core 2.18, text that is put together from untrusted text is trusted again, and evaluated once it has
    become a fact.
    """
    return wrap_var(value)
