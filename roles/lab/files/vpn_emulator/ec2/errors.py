# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EC2 errors of the VPN actions, by code.

Codes are AWS's; the wording of a message is only AWS's where it was seen in public. Clients match on codes.
"""

from __future__ import annotations

from collections.abc import Iterable

from moto.ec2.exceptions import EC2ClientError


def invalid_value(name: str, value: object = None, rule: str = "") -> EC2ClientError:
    """A bad parameter. Pass no value for a secret one."""
    shown = "" if value is None else f" ({value})"
    text = f"Value{shown} for parameter {name} is invalid."
    return EC2ClientError("InvalidParameterValue", f"{text} {rule}".rstrip())


def invalid_combination(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterCombination", message)


def missing(names: Iterable[str]) -> EC2ClientError:
    return EC2ClientError("MissingParameter", f"The request must contain the parameter {', '.join(names)}")


def unsupported(message: str) -> EC2ClientError:
    return EC2ClientError("UnsupportedOperation", message)


def unknown_action(action: str) -> EC2ClientError:
    return EC2ClientError("InvalidAction", f"The action {action} is not valid for this web service.")


def internal() -> EC2ClientError:
    return EC2ClientError("InternalError", "An internal error has occurred")


def dry_run() -> EC2ClientError:
    return EC2ClientError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")


def in_use(what: str) -> EC2ClientError:
    """AWS documents both IncorrectState and DependencyViolation; public clients retry on this one."""
    return EC2ClientError("IncorrectState", f"The {what} is in use.")


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


def no_outside_address() -> EC2ClientError:
    message = "All tunnel endpoints of this emulator's data plane are in use"
    return EC2ClientError("InsufficientAddressCapacity", message)
