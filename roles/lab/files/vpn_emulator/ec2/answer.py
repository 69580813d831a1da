# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are plain dictionaries under the API's own names."""

from __future__ import annotations

from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionContext, ActionResult


class Answer(ActionResult):  # type: ignore[misc]  # moto ships no types we follow
    """Serialized without moto's guessing of attribute names, which takes most of the time of a large describe."""

    def execute_result(self, context: ActionContext) -> TYPE_RESPONSE:
        serializer = context.serializer_class(operation_model=context.operation_model, value_picker=_pick)
        serialized = serializer.serialize(self.result)
        return serialized["status_code"], serialized["headers"], serialized["body"]


def _pick(context: Any) -> Any:
    return context.obj.get(context.key)
