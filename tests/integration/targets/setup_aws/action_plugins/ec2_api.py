# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One call of the EC2 API through boto3: how the targets make what they need, and look at what is there.

Nothing of the collection is used, so that a fault in it cannot hide itself.
"""

from __future__ import annotations

import json
from typing import Any

import boto3
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """`ec2_api: {call: describe_vpcs, VpcIds: [vpc-1]}`; the answer is the result."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        request = dict(self._task.args)
        options = dict(self._templar.template((task_vars or {})["setup_aws_api"]))
        endpoint = options.pop("endpoint_url") or None
        session = boto3.Session(**{name: value for name, value in options.items() if value})
        client = session.client("ec2", endpoint_url=endpoint)
        answer = getattr(client, request.pop("call"))(**request)
        answer.pop("ResponseMetadata", None)
        # Times become text, as in a result of any module.
        return {**result, "changed": False, **json.loads(json.dumps(answer, default=str))}
