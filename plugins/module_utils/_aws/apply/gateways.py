# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carries out the steps on customer gateways and virtual private gateways."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping

from ..._core.errors import ApiError, VpnError
from ..._core.model.resources import Ref, VpnGateway
from ..._core.nouns import AVAILABLE, CUSTOMER_GATEWAY, VPN_GATEWAY
from ..._core.plan import customer_gateways, identity, steps
from ..observe import region
from ..wait import waiters
from ..wait.waiters import Condition
from .run import UNKNOWN_SECONDS, Handler, Run

# What AWS answers when the VPC has a virtual private gateway.
VPC_TAKEN = "InvalidVpcState"


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
        # Made since the plan.
        raise VpnError(customer_gateways.taken_text(step.ref.key, gateway))
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
    def create() -> VpnGateway:
        made = run.ec2.create_vpn_gateway(str(step.ref), step.amazon_side_asn, step.tags)
        run.made.setdefault(step.ref, []).append(made.id)
        return made

    gateway = run.create_once(create, lambda: region.find_vpn_gateway(run.ec2, step.ref.key))
    run.ids[step.ref] = gateway.id
    return [] if gateway.state == AVAILABLE else [waiters.available(VPN_GATEWAY, gateway.id)]


def _attach_vpn_gateway(run: Run, step: steps.AttachVpnGateway) -> list[Condition]:
    gateway_id = run.id_of(step.vpn_gateway)
    attempt, until = 0, min(run.deadline, run.ec2.clock.now() + UNKNOWN_SECONDS)
    while True:
        try:
            run.ec2.attach_vpn_gateway(gateway_id, step.vpc_id)
            break
        except ApiError as error:
            attached = region.attached_vpn_gateway(run.ec2, step.vpc_id)
            if attached is not None and identity.is_ours(attached):
                # Refused, because the first attempt did attach it and only its answer got lost; or because a run on
                # other sites of the VPC came first. A VPC takes one gateway, so theirs is the one.
                if attached.id != gateway_id:
                    gateway_id = _give_way(run, step, gateway_id, attached.id)
                break
            if attached is not None or error.code != VPC_TAKEN or run.ec2.clock.now() >= until:
                raise
        # The one that the VPC has is not listed yet, or is just being detached.
        attempt += 1
        run.ec2.pause(attempt)
    return [waiters.vpn_gateway_attached(gateway_id, step.vpc_id)]


def _give_way(run: Run, step: steps.AttachVpnGateway, gateway_id: str, attached_id: str) -> str:
    """Uses the gateway that is attached; nothing uses ours yet."""
    run.instead[gateway_id] = attached_id
    if isinstance(step.vpn_gateway, Ref):
        run.ids[step.vpn_gateway] = attached_id
        for surplus in run.surplus(step.vpn_gateway):
            # Deleting what AWS does not know yet would leave it behind.
            waiters.wait(run.ec2, [waiters.made(VPN_GATEWAY, surplus)], run.deadline)
            _remove_vpn_gateway(run, surplus)
    return attached_id


def _detach_vpn_gateway(run: Run, step: steps.DetachVpnGateway) -> list[Condition]:
    def find() -> VpnGateway | None:
        """The gateway, unless the run that removed the other sites of the VPC has detached it already."""
        attached = region.attached_vpn_gateway(run.ec2, step.vpc_id)
        return attached if attached is not None and attached.id == step.resource_id else None

    run.remove(lambda: run.ec2.detach_vpn_gateway(step.resource_id, step.vpc_id), find)
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
