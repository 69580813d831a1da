# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carries out the steps on customer gateways and virtual private gateways."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping

from ..._core.errors import VpnError
from ..._core.model.resources import Ref, VpnGateway
from ..._core.nouns import AVAILABLE, CUSTOMER_GATEWAY, VPN_GATEWAY
from ..._core.plan import identity, steps
from ..observe import region
from ..wait import waiters
from ..wait.waiters import Condition
from .run import Handler, Run


def _create_customer_gateway(run: Run, step: steps.CreateCustomerGateway) -> list[Condition]:
    gateway = run.ec2.create_customer_gateway(
        str(step.ref),
        public_ip=step.public_ip,
        bgp_asn=step.bgp_asn,
        device_name=step.device_name,
        tags=step.tags,
        certificate_arn=step.certificate_arn,
    )
    if gateway.tags and any(gateway.tags.get(key) != value for key, value in step.tags.items()):
        raise VpnError(f"AWS returned {gateway.id}, which has other tags: another tool created it at the same time")
    run.ids[step.ref] = gateway.id
    return [] if gateway.state == AVAILABLE else [waiters.available(CUSTOMER_GATEWAY, gateway.id)]


def _delete_customer_gateway(run: Run, step: steps.DeleteCustomerGateway) -> list[Condition]:
    gateway_id = step.customer_gateway_id
    run.remove(
        lambda: run.ec2.delete_customer_gateway(gateway_id),
        lambda: region.customer_gateways_by_id(run.ec2, [gateway_id]).get(gateway_id),
    )
    return []


def _create_vpn_gateway(run: Run, step: steps.CreateVpnGateway) -> list[Condition]:
    gateway = run.create_once(
        lambda: run.ec2.create_vpn_gateway(str(step.ref), step.amazon_side_asn, step.tags),
        lambda: region.find_vpn_gateway(run.ec2, step.ref.key),
    )
    run.made.add(gateway.id)
    run.ids[step.ref] = gateway.id
    return [] if gateway.state == AVAILABLE else [waiters.available(VPN_GATEWAY, gateway.id)]


def _attach_vpn_gateway(run: Run, step: steps.AttachVpnGateway) -> list[Condition]:
    gateway_id = run.id_of(step.vpn_gateway)
    try:
        run.ec2.attach_vpn_gateway(gateway_id, step.vpc_id)
    except VpnError:
        attached = region.attached_vpn_gateway(run.ec2, step.vpc_id)
        if attached is None or not identity.is_ours(attached):
            raise
        # Refused, because the first attempt did attach it and only its answer got lost; or because a run on other
        # sites of the VPC came first. A VPC takes one gateway, so theirs is the one, and nothing uses ours yet.
        if attached.id != gateway_id:
            gateway_id = _use_attached(run, step, gateway_id, attached)
    return [waiters.vpn_gateway_attached(gateway_id, step.vpc_id)]


def _use_attached(run: Run, step: steps.AttachVpnGateway, gateway_id: str, attached: VpnGateway) -> str:
    if isinstance(step.vpn_gateway, Ref):
        run.ids[step.vpn_gateway] = attached.id
    if gateway_id in run.made:
        # Deleting what AWS does not know yet would leave it behind.
        waiters.wait(run.ec2, [waiters.available(VPN_GATEWAY, gateway_id)], run.deadline)
        _remove_vpn_gateway(run, gateway_id)
    return attached.id


def _detach_vpn_gateway(run: Run, step: steps.DetachVpnGateway) -> list[Condition]:
    run.ec2.detach_vpn_gateway(step.resource_id, step.vpc_id)
    return [waiters.vpn_gateway_detached(step.resource_id)]


def _delete_vpn_gateway(run: Run, step: steps.DeleteVpnGateway) -> list[Condition]:
    _remove_vpn_gateway(run, step.resource_id)
    return []


def _remove_vpn_gateway(run: Run, gateway_id: str) -> None:
    run.remove(
        lambda: run.ec2.delete_vpn_gateway(gateway_id),
        lambda: region.vpn_gateways_by_id(run.ec2, [gateway_id]).get(gateway_id),
    )


HANDLERS: Mapping[type, Handler] = {
    steps.CreateCustomerGateway: _create_customer_gateway,
    steps.DeleteCustomerGateway: _delete_customer_gateway,
    steps.CreateVpnGateway: _create_vpn_gateway,
    steps.AttachVpnGateway: _attach_vpn_gateway,
    steps.DetachVpnGateway: _detach_vpn_gateway,
    steps.DeleteVpnGateway: _delete_vpn_gateway,
}
