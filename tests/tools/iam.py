# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What IAM policies allow: an evaluator for the policies of the permissions guide, and a guard that applies it.

moto knows neither the resources of an EC2 call nor these conditions. This knows only what the policies use, and raises
on any other element, operator and key. Which resources and keys a call has follows AWS's service authorization
reference (https://docs.aws.amazon.com/service-authorization/latest/reference/list_ec2.html):

- A call is looked at once for each resource that it names or makes, and needs a permission for each.
- A resource that a call makes has the tags of the request, one that is there has its own tags, and CreateTags and
  DeleteTags have both.
- The tags of a creation need CreateTags on the new resource too; only then there is ec2:CreateAction.
"""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl

from moto.core.utils import get_service_model
from moto.ec2.models import ec2_backends
from vpn_emulator import server, service_quotas, tunnel_logs
from vpn_emulator.account import DEFAULT_ACCOUNT
from vpn_emulator.ec2 import parameters
from werkzeug.serving import make_server

Policy = Mapping[str, Any]

READS = ("Describe", "Get", "Search")
EC2, QUOTAS, LOGS = "ec2", service_quotas.SERVICE, tunnel_logs.SERVICE
PARAMETERS = {
    "CustomerGatewayId": "customer-gateway",
    "GatewayId": "vpn-gateway",
    "RouteTableId": "route-table",
    "TransitGatewayAttachmentId": "transit-gateway-attachment",
    "TransitGatewayId": "transit-gateway",
    "TransitGatewayRouteTableId": "transit-gateway-route-table",
    "TransportTransitGatewayAttachmentId": "transit-gateway-attachment",
    "VpcId": "vpc",
    "VpnConcentratorId": "vpn-concentrator",
    "VpnConnectionId": "vpn-connection",
    "VpnGatewayId": "vpn-gateway",
}
PREFIXES = {
    "cgw": "customer-gateway",
    "rtb": "route-table",
    "tgw": "transit-gateway",
    "tgw-attach": "transit-gateway-attachment",
    "vcn": "vpn-concentrator",
    "vgw": "vpn-gateway",
    "vpc": "vpc",
    "vpn": "vpn-connection",
}
MAKES = {
    "CreateCustomerGateway": "customer-gateway",
    "CreateVpnConcentrator": "vpn-concentrator",
    "CreateVpnConnection": "vpn-connection",
    "CreateVpnGateway": "vpn-gateway",
}
# It looks at the connection alone, and not at its new ends.
ONLY_THE_CONNECTION = {"ModifyVpnConnection"}

# The tags of a resource, by its id.
Tags = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True)
class Question:
    """May this action touch this resource?"""

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    service: str = EC2


def questions(action: str, request: Mapping[str, Any], tags: Tags, place: str) -> Iterator[Question]:
    """All that a call asks; place is the Region and the account, as in an ARN."""

    def arn(kind: str, name: str) -> str:
        return f"arn:aws:ec2:{place}:{kind}/{name}"

    if action.startswith(READS):
        yield Question(action, "*")
    elif action in ("CreateTags", "DeleteTags"):
        for name in request["Resources"]:
            context = {**_own(tags(name)), **_asked(request["Tags"])}
            yield Question(action, arn(PREFIXES[name.rpartition("-")[0]], name), context)
    else:
        for kind, name in _named(action, request):
            yield Question(action, arn(kind, name), _own(tags(name)))
        if action in MAKES:
            given = [tag for each in request.get("TagSpecifications", []) for tag in each["Tags"]]
            made = arn(MAKES[action], "*")
            yield Question(action, made, _asked(given))
            if given:
                yield Question("CreateTags", made, {**_asked(given), "ec2:CreateAction": (action,)})


def _named(action: str, request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for parameter, value in {**request, **request.get("Options", {})}.items():
        if parameter not in PARAMETERS or (action in ONLY_THE_CONNECTION and parameter != "VpnConnectionId"):
            continue
        yield PARAMETERS[parameter], value


def _own(tags: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {f"aws:ResourceTag/{key}": (value,) for key, value in tags.items()}


def _asked(tags: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    found = {tag["Key"]: tag.get("Value", "") for tag in tags}
    return {"aws:TagKeys": tuple(found), **{f"aws:RequestTag/{key}": (value,) for key, value in found.items()}}


def is_allowed(policies: Sequence[Policy], question: Question) -> bool:
    """Whether a statement allows it; there are none that deny."""
    return any(_allows(statement, question) for policy in policies for statement in policy["Statement"])


def _allows(statement: Mapping[str, Any], question: Question) -> bool:
    unknown = set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}
    if unknown or statement["Effect"] != "Allow":
        raise ValueError(f"the evaluator does not know {sorted(unknown) or statement['Effect']}")
    conditions = [
        _holds(operator, key, [values] if isinstance(values, str) else values, question.context)
        for operator, tested in statement.get("Condition", {}).items()
        for key, values in tested.items()
    ]
    resources = [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]
    return (
        f"{question.service}:{question.action}" in statement["Action"]
        and any(fnmatchcase(question.resource, pattern) for pattern in resources)
        and all(conditions)
    )


def _holds(operator: str, key: str, values: Sequence[str], context: Mapping[str, tuple[str, ...]]) -> bool:
    if not re.fullmatch(r"ec2:CreateAction|aws:TagKeys|aws:(Resource|Request)Tag/.+", key):
        raise ValueError(f"the evaluator does not know {key}")
    if operator == "StringEquals":
        return any(given in values for given in context.get(key, ()))
    if operator == "Null":
        return (key not in context) == (values == ["true"])
    if operator == "ForAllValues:StringEquals":
        return all(given in values for given in context.get(key, ()))
    raise ValueError(f"the evaluator does not know {operator}")


class Guard:
    """WSGI: in front of the emulator, it refuses as EC2 does what the policies do not allow."""

    def __init__(self, application: Any, policies: Sequence[Policy]) -> None:
        self._application = application
        self.policies = policies
        # Of the calls that were allowed.
        self.actions: set[str] = set()
        self.url = ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        services = "|".join((EC2, QUOTAS, LOGS))
        signed = re.search(rf"Credential=([^/]+)/\d+/([^/]+)/({services})/", environ.get("HTTP_AUTHORIZATION", ""))
        if signed is not None:
            if signed[3] != EC2:
                asked = [_of_another_service(signed[3], environ["HTTP_X_AMZ_TARGET"], body)]
            else:
                asked = list(self._questions(dict(parse_qsl(body.decode())), key=signed[1], region=signed[2]))
            refused = [each for each in asked if not is_allowed(self.policies, each)]
            if refused:
                return _refuse(refused[0], start_response)
            self.actions |= {each.action for each in asked if each.service == EC2}
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer

    def _questions(self, form: Mapping[str, str], *, key: str, region: str) -> Iterator[Question]:
        account = key if re.fullmatch("[0-9]{12}", key) else DEFAULT_ACCOUNT
        store: Mapping[str, Mapping[str, str]] = ec2_backends[account][region].tags
        shape = get_service_model("ec2").operation_model(form["Action"]).input_shape
        request = parameters.read(shape, form)
        yield from questions(form["Action"], request, lambda name: store.get(name, {}), f"{region}:{account}")


def _of_another_service(service: str, target: str, body: bytes) -> Question:
    group = json.loads(body).get("logGroupName")
    resource = f"arn:aws:logs:eu-central-1:{DEFAULT_ACCOUNT}:log-group:{group}" if group else "*"
    return Question(target.partition(".")[2], resource, service=service)


@contextmanager
def served(policies: Sequence[Policy]) -> Iterator[Guard]:
    """The emulator of this process once more, at an address where the policies apply."""
    guard = Guard(server.Application(), policies)
    http = make_server("127.0.0.1", 0, guard, threaded=True, request_handler=server.QuietRequestHandler)
    guard.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield guard
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


def _refuse(question: Question, start_response: Callable[..., Any]) -> Iterable[bytes]:
    if question.service != EC2:
        body = b'{"__type": "AccessDeniedException", "Message": "not authorized"}'
        start_response("400 Bad Request", [("Content-Type", "application/x-amz-json-1.1")])
        return [body]
    message = f"You are not authorized to perform: ec2:{question.action} on resource: {question.resource}"
    error = f"<Error><Code>UnauthorizedOperation</Code><Message>{message}</Message></Error>"
    body = f"<Response><Errors>{error}</Errors><RequestID>guard</RequestID></Response>".encode()
    start_response("403 Forbidden", [("Content-Type", "text/xml"), ("Content-Length", str(len(body)))])
    return [body]
