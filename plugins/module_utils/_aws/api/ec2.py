# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The EC2 API, one function for each call: takes and returns the model, and decides nothing."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.model.resources import Connection, CustomerGateway, RouteTable, TransitGateway, TunnelWanted, VpnGateway
from ..._core.options import fields
from . import answers, convert, support
from .caller import Caller
from .concentrators import ConcentratorCalls
from .filters import Filter
from .pace import Clock
from .transit import TransitCalls
from .tunnels import TunnelCalls


class Ec2(TunnelCalls, TransitCalls, ConcentratorCalls, Caller):
    """The EC2 API of one Region for one account."""

    def __init__(self, client: Any, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self._client = client

    @property
    def endpoint_url(self) -> str:
        """Where the calls go, whether an option, a variable of the environment or a profile says so."""
        return str(self._client.meta.endpoint_url)

    def knows(self, operation: str, *path: str) -> bool:
        """Whether the SDK knows the parameter of the operation; no call is made for it."""
        return support.knows(self._client.meta.service_model, operation, *path)

    # Reading.

    def customer_gateways(self, filters: Sequence[Filter]) -> list[CustomerGateway]:
        raw = self.pages(self._client.describe_customer_gateways, "CustomerGateways", filters)
        return [convert.customer_gateway(entry) for entry in raw]

    def vpn_gateways(self, filters: Sequence[Filter]) -> list[VpnGateway]:
        raw = self.pages(self._client.describe_vpn_gateways, "VpnGateways", filters)
        return [convert.vpn_gateway(entry) for entry in raw]

    def transit_gateways(self, filters: Sequence[Filter]) -> list[TransitGateway]:
        raw = self.pages(self._client.describe_transit_gateways, "TransitGateways", filters)
        return [convert.transit_gateway(entry) for entry in raw]

    def route_tables(self, filters: Sequence[Filter]) -> list[RouteTable]:
        raw = self.pages(self._client.describe_route_tables, "RouteTables", filters)
        return [convert.route_table(entry) for entry in raw]

    def vpc_ids(self, filters: Sequence[Filter]) -> list[str]:
        raw = self.pages(self._client.describe_vpcs, "Vpcs", filters)
        return [answers.needed_id(entry, "VpcId", "vpc") for entry in raw]

    def connections(self, filters: Sequence[Filter], keep_secrets: bool = False) -> list[Connection]:
        """VPN connections, keys sealed unless they are asked for."""
        raw = self.pages(self._client.describe_vpn_connections, "VpnConnections", filters)
        return [convert.connection(entry, keep_secrets) for entry in raw]

    # Creating. What AWS would make twice is called once; repeating it is the caller's decision.

    def create_customer_gateway(
        self,
        subject: str,
        *,
        public_ip: str | None,
        bgp_asn: int,
        device_name: str | None,
        tags: Mapping[str, str],
        certificate_arn: str | None = None,
    ) -> CustomerGateway:
        """AWS answers an identical creation with the existing customer gateway, so repeating it is safe."""
        answer = self.repeatable(
            self._client.create_customer_gateway,
            subject,
            **convert.customer_gateway_request(public_ip, bgp_asn, device_name, certificate_arn),
            TagSpecifications=convert.tag_specification("customer-gateway", tags),
        )
        return convert.customer_gateway(answer["CustomerGateway"])

    def create_vpn_gateway(self, subject: str, amazon_side_asn: int | None, tags: Mapping[str, str]) -> VpnGateway:
        answer = self.once(
            self._client.create_vpn_gateway,
            subject,
            Type="ipsec.1",
            TagSpecifications=convert.tag_specification("vpn-gateway", tags),
            **({} if amazon_side_asn is None else {"AmazonSideAsn": amazon_side_asn}),
        )
        return convert.vpn_gateway(answer["VpnGateway"])

    def create_connection(
        self,
        subject: str,
        *,
        ends: Mapping[str, str],
        options: Mapping[str, Any],
        tunnels: Sequence[TunnelWanted],
        tags: Mapping[str, str],
        pre_shared_key_storage: str | None = None,
    ) -> Connection:
        wire = convert.to_wire(fields.CONNECTION, options)
        if tunnels:
            wire["TunnelOptions"] = [convert.to_wire(fields.TUNNEL, tunnel.options) for tunnel in tunnels]
        answer = self.once(
            self._client.create_vpn_connection,
            subject,
            Type="ipsec.1",
            **ends,
            **_storage(pre_shared_key_storage),
            Options=wire,
            TagSpecifications=convert.tag_specification("vpn-connection", tags),
        )
        return convert.connection(answer["VpnConnection"])

    # Changing.

    def attach_vpn_gateway(self, gateway_id: str, vpc_id: str) -> None:
        self.repeatable(self._client.attach_vpn_gateway, gateway_id, VpnGatewayId=gateway_id, VpcId=vpc_id)

    def detach_vpn_gateway(self, gateway_id: str, vpc_id: str) -> None:
        self.until_gone(self._client.detach_vpn_gateway, gateway_id, VpnGatewayId=gateway_id, VpcId=vpc_id)

    def enable_propagation(self, gateway_id: str, table_id: str) -> None:
        call = self._client.enable_vgw_route_propagation
        self.repeatable(call, f"{gateway_id} {table_id}", GatewayId=gateway_id, RouteTableId=table_id)

    def disable_propagation(self, gateway_id: str, table_id: str) -> None:
        call = self._client.disable_vgw_route_propagation
        self.repeatable(call, f"{gateway_id} {table_id}", GatewayId=gateway_id, RouteTableId=table_id)

    def modify_connection(self, connection_id: str, ends: Mapping[str, str]) -> str:
        """Moves a connection; the state it is in then."""
        call = self._client.modify_vpn_connection
        return _state(self.repeatable(call, connection_id, VpnConnectionId=connection_id, **ends))

    def modify_connection_options(self, connection_id: str, options: Mapping[str, Any]) -> str:
        """Changes options of the connection itself; the state it is in then."""
        call = self._client.modify_vpn_connection_options
        wire = convert.to_wire(fields.CONNECTION, options)
        return _state(self.repeatable(call, connection_id, VpnConnectionId=connection_id, **wire))

    def modify_tunnel(
        self,
        connection_id: str,
        outside_address: str,
        *,
        options: Mapping[str, Any],
        pre_shared_key_storage: str | None = None,
    ) -> str:
        """Changes options of one tunnel; the state of its connection then."""
        answer = self.repeatable(
            self._client.modify_vpn_tunnel_options,
            f"{connection_id} tunnel {outside_address}",
            VpnConnectionId=connection_id,
            VpnTunnelOutsideIpAddress=outside_address,
            TunnelOptions=convert.to_wire(fields.TUNNEL, options),
            **_storage(pre_shared_key_storage),
        )
        return _state(answer)

    def create_route(self, connection_id: str, cidr: str) -> None:
        call = self._client.create_vpn_connection_route
        self.repeatable(call, f"{connection_id} {cidr}", VpnConnectionId=connection_id, DestinationCidrBlock=cidr)

    def delete_route(self, connection_id: str, cidr: str) -> None:
        call = self._client.delete_vpn_connection_route
        self.until_gone(call, f"{connection_id} {cidr}", VpnConnectionId=connection_id, DestinationCidrBlock=cidr)

    def set_tags(self, resource_id: str, tags: Mapping[str, str]) -> None:
        call = self._client.create_tags
        self.repeatable(call, resource_id, Resources=[resource_id], Tags=convert.tag_list(tags))

    def remove_tags(self, resource_id: str, keys: Sequence[str]) -> None:
        call = self._client.delete_tags
        self.repeatable(call, resource_id, Resources=[resource_id], Tags=[{"Key": key} for key in keys])

    # Removing.

    def delete_connection(self, connection_id: str) -> None:
        self.until_gone(self._client.delete_vpn_connection, connection_id, VpnConnectionId=connection_id)

    def delete_vpn_gateway(self, gateway_id: str) -> None:
        self.until_gone(self._client.delete_vpn_gateway, gateway_id, VpnGatewayId=gateway_id)

    def delete_customer_gateway(self, gateway_id: str) -> None:
        self.until_gone(self._client.delete_customer_gateway, gateway_id, CustomerGatewayId=gateway_id)


def _state(answer: Mapping[str, Any]) -> str:
    return str(answer.get("VpnConnection", {}).get("State", ""))


def _storage(mode: str | None) -> dict[str, str]:
    return {} if mode is None else {"PreSharedKeyStorage": mode}
