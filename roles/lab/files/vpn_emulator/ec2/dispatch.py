# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a request to its answer: count it, apply faults, check parameters, run the action, write the result as XML."""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.responses import EC2Response
from moto.utilities.aws_headers import gen_amzn_requestid_long

from ..account import Account
from ..calls import Call, ids_of
from ..environment import current
from ..faults import INVISIBLE, INVISIBLE_TAGS, LOST_ANSWER, REFUSE, SERVER_ERROR, SLOW, THROTTLE, Fault
from . import desired, errors, parameters, tags

if TYPE_CHECKING:
    from .models import Vpn

_READS = ("Describe", "Get", "Search", "List", "Export")
_NEED_TELEMETRY = ("DescribeVpnConnections", "GetActiveVpnTunnelStatus")

# Structures that the model requires, and that leave nothing on the wire when they are empty.
_OPTIONAL_WHEN_EMPTY = {"ModifyVpnTunnelOptions": {"TunnelOptions"}}

# Told to the server by this header of the answer: close the connection instead of answering.
DROP_HEADER = "X-Vpn-Emulator-Drop"

_log = logging.getLogger("vpn_emulator")


@lru_cache(maxsize=1)
def _actions() -> frozenset[str]:
    """All that EC2 has."""
    return frozenset(get_service_model("ec2").operation_names)


class Dispatch(EC2Response):  # type: ignore[misc]  # moto ships no types we follow
    params: dict[str, Any]
    querystring: dict[str, Any]
    response_headers: dict[str, str]
    current_account: str
    region: str

    @property
    def vpn(self) -> Vpn:
        return cast("Vpn", self.ec2_backend.vpn)

    @property
    def account(self) -> Account:
        return current().account(self.current_account)

    def tags_for(self, resource_type: str) -> dict[str, str]:
        return tags.of_new_resource(self.params, resource_type)

    def filters(self) -> dict[str, Any]:
        filters: dict[str, Any] = self._filters_from_querystring()
        return filters

    def setup_class(self, request: Any, full_url: Any = None, headers: Any = None, use_raw_body: Any = None) -> None:
        """A request that cannot be read is refused when it is answered."""
        self.params = {}
        self.refusal: ServiceException | None = None
        try:
            super().setup_class(request, full_url, headers, use_raw_body)
        except (EOFError, OSError, UnicodeError, zlib.error):
            self.refusal = errors.unreadable()
            self.querystring = {}
            self.headers, self.response_headers, self.region = request.headers, {}, self.default_region
            self.current_account = self.get_current_account()

    def parse_parameters(self, _request: Any) -> None:
        """Replaces moto's reader."""
        action = self._get_action()
        if action not in _actions():
            return
        shape = get_service_model(self.boto3_service_name).operation_model(action).input_shape
        try:
            self.params = parameters.read(shape, {name: values[0] for name, values in self.querystring.items()})
        except ServiceException as error:
            self.refusal = error

    def _get_action(self) -> str:
        """EC2 has it nowhere else."""
        return str((self.querystring.get("Action") or [""])[0])

    def determine_response_protocol(self, _service_model: Any) -> str:
        """Whatever type of content the client says it sends."""
        return "ec2"

    def call_action(self) -> TYPE_RESPONSE:
        """Replaces moto's dispatch: that answers what it does not know with a page of HTML."""
        action = self._get_action()
        with current().lock:
            account = self.account
            account.calls[action] += 1
            call = account.log.add(action, account.id, self.region)
            faults = account.faults.for_call(action)
        call.ids = ids_of(self.params)
        call.writes_tags = bool(self.params.get("TagSpecifications"))
        call.fault = " ".join(faults)
        self._dawdle(faults)
        status, headers, body = self._answer(call, faults)
        self._dawdle(faults)
        if LOST_ANSWER in faults:
            return self._lose_answer(faults[LOST_ANSWER], headers)
        return status, headers, body

    @staticmethod
    def _dawdle(faults: dict[str, Fault]) -> None:
        """Without the lock, so that other calls go on."""
        if SLOW in faults:
            time.sleep(faults[SLOW].delay())

    def _answer(self, call: Call, faults: dict[str, Fault]) -> TYPE_RESPONSE:
        """The serialized result, or AWS's kind of error."""
        failure: ServiceException | None = None
        try:
            status, headers, body = self._serialized(self._run(call.action, faults))
        except ServiceException as error:
            failure = error
        except NotImplementedError as error:
            failure = errors.unsupported(f"{call.action}: {error}")
        except Exception as error:  # noqa: BLE001  # the outermost handler: a client must get AWS's kind of answer
            _log.exception("%s failed", call.action)
            failure = self._failure_of(call.action, error)
        if failure is not None:
            call.error = str(failure.code)
            status, headers, body = self._serialized(ActionResult(failure))
            status = 412 if failure.code == "DryRunOperation" else getattr(failure, "status", status)
            body = parameters.NOT_XML.sub("\ufffd", str(body))
        headers, body = self._enrich_response(headers, body)
        return status, headers, body

    def _failure_of(self, action: str, error: Exception) -> ServiceException:
        """AWS would name what is wrong with the request; moto's own actions do not check it."""
        name = camelcase_to_underscores(action)
        if getattr(type(self), name, None) is getattr(EC2Response, name, None):
            return errors.unsupported(f"{action}: not with these parameters, in the emulator ({type(error).__name__})")
        return errors.server_error()

    @staticmethod
    def _enrich_response(headers: dict[str, Any], body: Any) -> tuple[dict[str, Any], Any]:
        """Give it an id, as moto does, without looking for the place in megabytes by a pattern."""
        request_id = gen_amzn_requestid_long(headers)
        if "status" in headers:
            headers["status"] = str(headers["status"])
        if isinstance(body, str):
            before, place, after = body.rpartition(">request-id<")
            body = f"{before}>{request_id}<{after}" if place else body
        return headers, body

    def _serialized(self, result: Any) -> TYPE_RESPONSE:
        if isinstance(result, ActionResult):
            return cast(TYPE_RESPONSE, self.serialized(result))
        if isinstance(result, str):
            return 200, self.response_headers, result
        return cast(TYPE_RESPONSE, self._transform_response(self.response_headers, result))

    def _lose_answer(self, fault: Fault, headers: dict[str, Any]) -> TYPE_RESPONSE:
        """What the call did is done; the client does not learn of it."""
        if fault.answer == "close":
            return 200, {**headers, DROP_HEADER: "yes"}, ""
        _status, headers, body = self._serialized(ActionResult(errors.server_error()))
        headers, body = self._enrich_response(headers, body)
        return 500, headers, body

    def _run(self, action: str, faults: dict[str, Fault]) -> Any:
        environment = current()
        method = self._method(action)
        if action in _NEED_TELEMETRY and environment.data_plane is not None:
            # May take a while, so before the lock.
            environment.data_plane.refresh_status()
        with environment.lock:
            self._raise_injected(action, faults)
            if self.refusal is not None:
                raise self.refusal
            self._require_parameters(action)
            tags.check_request(action, self.params)
            tags.complete(action, self.params)
            if self.params.get("DryRun"):
                raise errors.dry_run()
            self.account.created.clear()
            tags_before = self._tags_before(faults)
            result = method()
            self._delay_visibility(faults, tags_before)
            if not action.startswith(_READS):
                desired.submit(environment)
        return result

    def _method(self, action: str) -> Callable[[], Any]:
        if not action:
            raise self.refusal or errors.missing_action()
        method = getattr(self, camelcase_to_underscores(action), None) if action in _actions() else None
        if method is None:
            raise errors.unknown_action(action)
        return cast("Callable[[], Any]", method)

    def _raise_injected(self, action: str, faults: dict[str, Fault]) -> None:
        kind = "reading" if action.startswith(_READS) else "mutating"
        has_token = self.account.buckets.take(kind, self.region, action)
        if THROTTLE in faults or not has_token:
            raise errors.throttled()
        if SERVER_ERROR in faults:
            raise errors.server_error()
        if REFUSE in faults:
            raise errors.injected(faults[REFUSE].code)

    def _tags_before(self, faults: dict[str, Fault]) -> dict[str, dict[str, str]]:
        """Of the resources that a CreateTags or DeleteTags names."""
        if INVISIBLE_TAGS not in faults:
            return {}
        return {one: dict(self.ec2_backend.tags.get(one) or {}) for one in self.params.get("Resources") or []}

    def _delay_visibility(self, faults: dict[str, Fault], tags_before: dict[str, dict[str, str]]) -> None:
        """Eventual consistency: what this call wrote is not to be seen for a while."""
        account = self.account
        now = account.clock.now()
        if INVISIBLE in faults:
            for resource in account.created:
                resource.visible_from = now + faults[INVISIBLE].seconds
        if INVISIBLE_TAGS in faults:
            until = now + faults[INVISIBLE_TAGS].seconds
            created: dict[str, dict[str, str]] = {resource.id: {} for resource in account.created}
            account.old_tags |= {one: (until, tags) for one, tags in {**tags_before, **created}.items()}

    def _require_parameters(self, action: str) -> None:
        shape = get_service_model(self.boto3_service_name).operation_model(action).input_shape
        required = set(shape.required_members if shape else []) - _OPTIONAL_WHEN_EMPTY.get(action, set())
        absent = sorted(name for name in required if self.params.get(name) is None)
        if absent:
            raise errors.missing(absent)
