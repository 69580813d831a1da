# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a request becomes an answer: counting, DryRun, required parameters, one at a time, errors as AWS prints them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from botocore.model import OperationNotFoundError
from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.responses import EC2Response

from ..environment import current
from . import desired, errors

if TYPE_CHECKING:
    from .models import Vpn

_READS = ("Describe", "Get", "Search", "List", "Export")
_FIRST, _SECOND = "Options.TunnelOptions.1.", "Options.TunnelOptions.2."
_NEED_TELEMETRY = ("DescribeVpnConnections", "GetActiveVpnTunnelStatus")


_log = logging.getLogger("vpn_emulator")


class Dispatch(EC2Response):  # type: ignore[misc]  # moto ships no types we follow
    params: dict[str, Any]
    current_account: str

    @property
    def vpn(self) -> Vpn:
        return cast("Vpn", self.ec2_backend.vpn)

    def tags_for(self, resource_type: str) -> dict[str, str]:
        tags: dict[str, str] = self._parse_tag_specification(resource_type).get(resource_type, {})
        return tags

    def filters(self) -> dict[str, Any]:
        filters: dict[str, Any] = self._filters_from_querystring()
        return filters

    def setup_class(self, request: Any, full_url: Any = None, headers: Any = None, use_raw_body: Any = None) -> None:
        """An action that is in no service model has no parameters to parse; call_action refuses it."""
        try:
            super().setup_class(request, full_url, headers, use_raw_body)
        except OperationNotFoundError:
            self.params = {}
            self.current_account = self.get_current_account()

    def parse_parameters(self, request: Any) -> None:
        """An empty first TunnelOptions entry leaves nothing on the wire but the number of the second; moto stops there.

        What AWS makes of it is not known. Here an entry belongs to the tunnel of its number.
        """
        super().parse_parameters(request)
        values = request.values
        if not any(key.startswith(_SECOND) for key in values) or any(key.startswith(_FIRST) for key in values):
            return
        moved = {key.replace(_SECOND, _FIRST, 1): value for key, value in values.items()}
        operation = get_service_model(self.boto3_service_name).operation_model(self._get_action())
        self.params = PROTOCOL_PARSERS["ec2"](operation).parse({"values": moved})
        self.params["Options"]["TunnelOptions"].insert(0, {})

    def call_action(self) -> TYPE_RESPONSE:
        """Replaces moto's dispatch: that answers what it does not know with a page of HTML."""
        action = self._get_action()
        result: Any
        is_dry_run = False
        try:
            result = self._run(action)
        except ServiceException as error:
            is_dry_run = error.code == "DryRunOperation"
            result = ActionResult(error)
        except NotImplementedError as error:
            result = ActionResult(errors.unsupported(f"{action}: {error}"))
        except Exception:  # noqa: BLE001  # the outermost handler: a client must get AWS's kind of answer
            _log.exception("%s failed", action)
            return self._internal_error()
        status: Any
        headers: Any
        body: Any
        if isinstance(result, ActionResult):
            status, headers, body = self.serialized(result)
            if is_dry_run:
                status = 412
        elif isinstance(result, str):
            status, headers, body = 200, self.response_headers, result
        else:
            status, headers, body = self._transform_response(self.response_headers, result)
        headers, body = self._enrich_response(headers, body)
        return status, headers, body

    def _internal_error(self) -> TYPE_RESPONSE:
        status, headers, body = self.serialized(ActionResult(errors.internal()))
        return 500, headers, body

    def _run(self, action: str) -> Any:
        environment = current()
        environment.account(self.current_account).calls[action] += 1
        method = getattr(self, camelcase_to_underscores(action), None) if action else None
        if method is None:
            raise errors.unknown_action(action)
        if action in _NEED_TELEMETRY and environment.data_plane is not None:
            # May take a while, so before the lock.
            environment.data_plane.refresh_status()
        with environment.lock:
            self._require_parameters(action)
            if self.params.get("DryRun"):
                raise errors.dry_run()
            result = method()
            if not action.startswith(_READS):
                desired.submit(environment)
        return result

    def _require_parameters(self, action: str) -> None:
        shape = get_service_model(self.boto3_service_name).operation_model(action).input_shape
        absent = [name for name in (shape.required_members if shape else []) if self.params.get(name) is None]
        if absent:
            raise errors.missing(absent)
