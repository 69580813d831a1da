# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carries out the steps on tags, of any resource."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping

from ..._core.plan import steps
from ..wait.waiters import Condition
from .run import Handler, Run


def _set_tags(run: Run, step: steps.SetTags) -> list[Condition]:
    run.ec2.set_tags(step.resource_id, step.tags)
    return []


def _remove_tags(run: Run, step: steps.RemoveTags) -> list[Condition]:
    run.ec2.remove_tags(step.resource_id, step.keys)
    return []


HANDLERS: Mapping[type, Handler] = {
    steps.SetTags: _set_tags,
    steps.RemoveTags: _remove_tags,
}
