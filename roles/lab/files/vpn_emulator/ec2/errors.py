# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EC2 errors of the VPN actions, by code.

Codes are AWS's; the wording of a message is only AWS's where it was seen in public. Clients match on codes.
"""

from __future__ import annotations

from collections.abc import Iterable

from moto.ec2.exceptions import EC2ClientError


class FaultError(EC2ClientError):  # type: ignore[misc]  # moto ships no types we follow
    """An error with another HTTP status than 400."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(code, message)
        self.status = status


def throttled() -> FaultError:
    return FaultError("RequestLimitExceeded", "Request limit exceeded.", 503)


def server_error() -> FaultError:
    return FaultError("InternalError", "An internal error has occurred", 500)


def injected(code: str) -> EC2ClientError:
    return EC2ClientError(code, "Refused by an injected fault")


def limit(code: str) -> EC2ClientError:
    return EC2ClientError(code, "The maximum number has been reached.")


def invalid_value(name: str, value: object = None, rule: str = "") -> EC2ClientError:
    """A bad parameter. Pass no value for a secret one."""
    shown = "" if value is None else f" ({value})"
    text = f"Value{shown} for parameter {name} is invalid."
    return EC2ClientError("InvalidParameterValue", f"{text} {rule}".rstrip())


def invalid_parameter(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameter", message)


def invalid_combination(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterCombination", message)


def two_targets() -> EC2ClientError:
    message = "The request must not contain both parameter vpnGatewayId and transitGatewayId"
    return EC2ClientError("InvalidParameterValue", message)


def missing(names: Iterable[str]) -> EC2ClientError:
    return EC2ClientError("MissingParameter", f"The request must contain the parameter {', '.join(names)}")


def unsupported(message: str) -> EC2ClientError:
    return EC2ClientError("UnsupportedOperation", message)


def unknown_parameter(name: str) -> EC2ClientError:
    return EC2ClientError("UnknownParameter", f"The parameter {name} is not recognized")


def unreadable() -> EC2ClientError:
    return EC2ClientError("MalformedQueryString", "The query string contains a syntax error")


def missing_action() -> EC2ClientError:
    return EC2ClientError("MissingAction", "The request is missing an action or a required parameter.")


def unknown_action(action: str) -> EC2ClientError:
    return EC2ClientError("InvalidAction", f"The action {action} is not valid for this web service.")


def dry_run() -> EC2ClientError:
    return EC2ClientError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")


def in_use(what: str) -> EC2ClientError:
    """AWS documents both IncorrectState and DependencyViolation; public clients retry on this one."""
    return EC2ClientError("IncorrectState", f"The {what} is in use.")


def no_tag_key() -> EC2ClientError:
    return EC2ClientError("InvalidTagKey.Malformed", "The tag key is not valid: it cannot be empty or null.")


def reserved_tag(key: str) -> EC2ClientError:
    rule = "Tag keys starting with 'aws:' are reserved for internal use"
    return EC2ClientError("InvalidParameterValue", f"Value ( {key} ) for parameter key is invalid. {rule}")


def duplicate_tag(key: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", f"Duplicate tag key '{key}' specified.")


def long_tag(part: str, longest: int) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", f"Tag {part} exceeds the maximum length of {longest} characters")


def tag_limit() -> EC2ClientError:
    return EC2ClientError("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")


def same_asn() -> EC2ClientError:
    """Seen for a BGP connection; that AWS says it of a static one and of a modified one too is not verified."""
    return EC2ClientError(
        "AsnConflict", "The ASN of the specified customer gateway and virtual private gateway are the same."
    )


def customer_gateway_not_found(gateway_id: str) -> EC2ClientError:
    return EC2ClientError("InvalidCustomerGatewayID.NotFound", f"The customerGateway ID '{gateway_id}' does not exist")


def customer_gateway_malformed(gateway_id: str) -> EC2ClientError:
    return EC2ClientError("InvalidCustomerGatewayId.Malformed", f"Invalid id: '{gateway_id}'")


def customer_gateway_state(gateway_id: str, state: str) -> EC2ClientError:
    return EC2ClientError("InvalidCustomerGatewayState", f"The customer gateway '{gateway_id}' is {state}")


def vpn_gateway_not_found(gateway_id: str) -> EC2ClientError:
    return EC2ClientError(
        "InvalidVpnGatewayID.NotFound", f"The virtual private gateway ID '{gateway_id}' does not exist"
    )


def vpn_gateway_state(gateway_id: str, state: str) -> EC2ClientError:
    return EC2ClientError("InvalidVpnGatewayState", f"The virtual private gateway '{gateway_id}' is {state}")


def attachment_not_found(gateway_id: str, vpc_id: str) -> EC2ClientError:
    message = f"The attachment with vpn gateway ID '{gateway_id}' and vpc ID '{vpc_id}' does not exist"
    return EC2ClientError("InvalidVpnGatewayAttachment.NotFound", message)


def attachment_limit(gateway_id: str) -> EC2ClientError:
    message = f"The virtual private gateway '{gateway_id}' is attached to another VPC"
    return EC2ClientError("VpnGatewayAttachmentLimitExceeded", message)


def vpc_has_gateway(vpc_id: str) -> EC2ClientError:
    return EC2ClientError("InvalidVpcState", f"The VPC '{vpc_id}' already has a virtual private gateway attached")


def gateway_not_attached(gateway_id: str, vpc_id: str) -> EC2ClientError:
    message = f"The virtual private gateway '{gateway_id}' is not attached to the VPC '{vpc_id}'"
    return EC2ClientError("Gateway.NotAttached", message)


def connection_not_found(connection_id: str) -> EC2ClientError:
    return EC2ClientError("InvalidVpnConnectionID.NotFound", f"The vpnConnection ID '{connection_id}' does not exist")


def connection_state(connection_id: str, state: str) -> EC2ClientError:
    message = f"The VPN connection '{connection_id}' must be in the available state; it is {state}"
    return EC2ClientError("InvalidVpnConnection.InvalidState", message)


def connection_type(connection_id: str) -> EC2ClientError:
    message = f"The VPN connection '{connection_id}' does not support static routes"
    return EC2ClientError("InvalidVpnConnection.InvalidType", message)


def route_not_found(connection_id: str, cidr: str) -> EC2ClientError:
    return EC2ClientError("InvalidRoute.NotFound", f"No route {cidr} on the VPN connection '{connection_id}'")


def transit_gateway_not_found(gateway_id: str) -> EC2ClientError:
    message = f"Transit Gateway {gateway_id} was deleted or does not exist."
    return EC2ClientError("InvalidTransitGatewayID.NotFound", message)


def transit_gateway_in_use(gateway_id: str, kind: str, attachment_ids: Iterable[str]) -> EC2ClientError:
    """Public clients try again on this wording."""
    return EC2ClientError("IncorrectState", f"{gateway_id} has non-deleted {kind}: {', '.join(attachment_ids)}.")


def transit_target_not_found(gateway_id: str) -> EC2ClientError:
    """The same, as the VPN calls say it."""
    message = f"The transitGateway ID '{gateway_id}' does not exist"
    return EC2ClientError("InvalidTransitGatewayID.NotFound", message)


def no_outside_address() -> EC2ClientError:
    message = "All tunnel endpoints of this emulator's data plane are in use"
    return EC2ClientError("InsufficientAddressCapacity", message)


def no_inside_cidr() -> EC2ClientError:
    """What AWS would say is not known: its quotas end before its CIDRs do."""
    return EC2ClientError("InsufficientAddressCapacity", "All inside CIDRs of the gateway are in use")


def transit_table_not_found(table_id: str) -> EC2ClientError:
    message = f"Transit Gateway Route Table {table_id} was deleted or does not exist."
    return EC2ClientError("InvalidRouteTableID.NotFound", message)


def transit_attachment_not_found(attachment_id: str) -> EC2ClientError:
    message = f"Transit Gateway Attachment {attachment_id} was deleted or does not exist."
    return EC2ClientError("InvalidTransitGatewayAttachmentID.NotFound", message)


def already_associated(attachment_id: str) -> EC2ClientError:
    message = f"Transit Gateway Attachment {attachment_id} is already associated to a route table."
    return EC2ClientError("Resource.AlreadyAssociated", message)


def association_not_found(attachment_id: str, table_id: str) -> EC2ClientError:
    message = f"Transit Gateway Attachment {attachment_id} is not associated with {table_id}."
    return EC2ClientError("InvalidAssociation.NotFound", message)


def propagation_exists(attachment_id: str, table_id: str) -> EC2ClientError:
    message = f"Propagation {attachment_id} already exists in Transit Gateway Route Table {table_id}."
    return EC2ClientError("TransitGatewayRouteTablePropagation.Duplicate", message)


def propagation_not_found(attachment_id: str, table_id: str) -> EC2ClientError:
    message = f"Propagation {attachment_id} does not exist in Transit Gateway Route Table {table_id}."
    return EC2ClientError("TransitGatewayRouteTablePropagation.NotFound", message)


def relation_state(resource_id: str, state: str) -> EC2ClientError:
    return EC2ClientError("IncorrectState", f"{resource_id} is in invalid state: {state}")


def transit_route_exists(table_id: str, cidr: object) -> EC2ClientError:
    message = f"Route {cidr} already exists in Transit Gateway Route Table {table_id}."
    return EC2ClientError("RouteAlreadyExists", message)


def transit_route_not_found(table_id: str, cidr: object) -> EC2ClientError:
    message = f"Route {cidr} does not exist in Transit Gateway Route Table {table_id}."
    return EC2ClientError("InvalidRoute.NotFound", message)


def bad_token() -> EC2ClientError:
    return EC2ClientError("InvalidNextToken", "The token is invalid")


def concentrator_not_found(concentrator_id: str) -> EC2ClientError:
    message = f"The VPN concentrator ID '{concentrator_id}' does not exist"
    return EC2ClientError("InvalidVpnConcentratorID.NotFound", message)


def concentrator_state(concentrator_id: str, state: str) -> EC2ClientError:
    return EC2ClientError("IncorrectState", f"The VPN concentrator '{concentrator_id}' is {state}")
