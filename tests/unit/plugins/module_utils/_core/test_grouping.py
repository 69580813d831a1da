# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values by their key, in the order given."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.grouping import grouped


def test_values_of_one_key_come_together_in_their_order() -> None:
    found = grouped([("b", 2), ("a", 1), ("b", 1), ("b", 2)])
    assert list(found.items()) == [("b", [2, 1, 2]), ("a", [1])]


def test_nothing_is_no_group() -> None:
    assert grouped([]) == {}
