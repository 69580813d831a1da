# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""The steps on customer gateways and virtual private gateways."""

from __future__ import annotations

from collections.abc import Mapping

from .._core import steps
from .._core.errors import VpnError
from . import observe, waiters
from .run import Handler, Run
from .waiters import Condition


def _create_customer_gateway(run: Run, step: steps.CreateCustomerGateway) -> list[Condition]:
    gateway = run.ec2.create_customer_gateway(str(step.ref), step.public_ip, step.bgp_asn, step.device_name, step.tags)
    if gateway.tags and any(gateway.tags.get(key) != value for key, value in step.tags.items()):
        raise VpnError(
            f"AWS answered with {gateway.id}, which exists already under other tags: it was made at the same time"
            " by somebody else"
        )
    run.ids[step.ref] = gateway.id
    return [] if gateway.state == "available" else [waiters.customer_gateway_available(gateway.id)]


def _delete_customer_gateway(run: Run, step: steps.DeleteCustomerGateway) -> list[Condition]:
    run.ec2.delete_customer_gateway(step.customer_gateway_id)
    return []


def _create_vpn_gateway(run: Run, step: steps.CreateVpnGateway) -> list[Condition]:
    gateway = run.create_once(
        lambda: run.ec2.create_vpn_gateway(str(step.ref), step.amazon_side_asn, step.tags),
        lambda: observe.find_vpn_gateway(run.ec2, step.ref.key),
    )
    run.ids[step.ref] = gateway.id
    return [waiters.vpn_gateway_available(gateway.id)]


def _attach_vpn_gateway(run: Run, step: steps.AttachVpnGateway) -> list[Condition]:
    gateway_id = run.id_of(step.vpn_gateway)
    try:
        run.ec2.attach_vpn_gateway(gateway_id, step.vpc_id)
    except VpnError:
        # A repetition after a lost answer is refused because the first one did attach it.
        gateway = observe.vpn_gateways_by_id(run.ec2, [gateway_id]).get(gateway_id)
        if gateway is None or gateway.attachment(step.vpc_id) is None:
            raise
    return [waiters.vpn_gateway_attached(gateway_id, step.vpc_id)]


def _detach_vpn_gateway(run: Run, step: steps.DetachVpnGateway) -> list[Condition]:
    run.ec2.detach_vpn_gateway(step.vpn_gateway_id, step.vpc_id)
    return [waiters.vpn_gateway_detached(step.vpn_gateway_id)]


def _delete_vpn_gateway(run: Run, step: steps.DeleteVpnGateway) -> list[Condition]:
    run.ec2.delete_vpn_gateway(step.vpn_gateway_id)
    return []


HANDLERS: Mapping[type, Handler] = {
    steps.CreateCustomerGateway: _create_customer_gateway,
    steps.DeleteCustomerGateway: _delete_customer_gateway,
    steps.CreateVpnGateway: _create_vpn_gateway,
    steps.AttachVpnGateway: _attach_vpn_gateway,
    steps.DetachVpnGateway: _detach_vpn_gateway,
    steps.DeleteVpnGateway: _delete_vpn_gateway,
}
