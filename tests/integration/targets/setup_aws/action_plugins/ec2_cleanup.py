# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Takes away whatever a target left: all that carries its name, in an order AWS accepts, through boto3 alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from ansible.plugins.action import ActionBase
from botocore.exceptions import ClientError

GONE = ("deleted", "deleting")
SECONDS = 900
# What AWS answers while something that was just deleted still counts.
NOT_YET = ("IncorrectState", "DependencyViolation", "InvalidCustomerGateway.InvalidState", "InvalidVpnGatewayState")


class Cleaner:
    """The EC2 of one target; everything is found by the prefix of its site, or of its Name."""

    def __init__(self, client: Any, prefix: str) -> None:
        self.client = client
        self.prefix = prefix
        self.removed: list[str] = []
        self.deadline = time.monotonic() + SECONDS

    def is_ours(self, found: dict[str, Any]) -> bool:
        tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
        return any(tags.get(key, "").startswith(self.prefix) for key in ("hybridnet:gateway", "Name"))

    def ours(self, call: str, answer: str, key: str, **request: Any) -> Iterator[str]:
        """Ids of what is ours and not gone yet."""
        for found in getattr(self.client, call)(**request)[answer]:
            if self.is_ours(found) and found.get("State") not in GONE:
                yield found[key]

    def remove(self, method: Callable[..., Any], **request: Any) -> None:
        """Deletes one thing, again while AWS says that something still holds it."""
        while True:
            try:
                method(**request)
            except ClientError as error:
                if error.response["Error"]["Code"] not in NOT_YET or time.monotonic() > self.deadline:
                    raise
                time.sleep(5)
            else:
                self.removed.append(next(iter(request.values())))
                return

    def clean(self) -> list[str]:
        client = self.client
        connections = list(self.ours("describe_vpn_connections", "VpnConnections", "VpnConnectionId"))
        for each in connections:
            self.remove(client.delete_vpn_connection, VpnConnectionId=each)
        for each in connections:
            self.wait_for_connection(each)
        for each in self.ours("describe_customer_gateways", "CustomerGateways", "CustomerGatewayId"):
            self.remove(client.delete_customer_gateway, CustomerGatewayId=each)
        for each in list(self.ours("describe_vpcs", "Vpcs", "VpcId")):
            self.remove_vpc(each)
        for each in list(self.ours("describe_vpn_gateways", "VpnGateways", "VpnGatewayId")):
            self.remove(client.delete_vpn_gateway, VpnGatewayId=each)
        for each in list(self.ours("describe_transit_gateways", "TransitGateways", "TransitGatewayId")):
            self.remove_transit_gateway(each)
        return self.removed

    def wait_for_connection(self, connection: str) -> None:
        request = {"VpnConnectionIds": [connection]}
        while self.client.describe_vpn_connections(**request)["VpnConnections"][0]["State"] != "deleted":
            if time.monotonic() > self.deadline:
                raise TimeoutError(connection)
            time.sleep(5)

    def remove_vpc(self, vpc: str) -> None:
        client = self.client
        attached = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
        for gateway in client.describe_vpn_gateways(Filters=attached)["VpnGateways"]:
            held = [each for each in gateway["VpcAttachments"] if each["State"] != "detached"]
            if held and gateway["State"] not in GONE:
                self.remove(client.detach_vpn_gateway, VpnGatewayId=gateway["VpnGatewayId"], VpcId=vpc)
                self.remove(client.delete_vpn_gateway, VpnGatewayId=gateway["VpnGatewayId"])
        inside = [{"Name": "vpc-id", "Values": [vpc]}]
        for table in client.describe_route_tables(Filters=inside)["RouteTables"]:
            if not any(each.get("Main") for each in table["Associations"]):
                self.remove(client.delete_route_table, RouteTableId=table["RouteTableId"])
        self.remove(client.delete_vpc, VpcId=vpc)

    def remove_transit_gateway(self, gateway: str) -> None:
        for each in self.client.describe_vpn_concentrators()["VpnConcentrators"]:
            if each.get("TransitGatewayId") == gateway and each["State"] not in GONE:
                self.remove(self.client.delete_vpn_concentrator, VpnConcentratorId=each["VpnConcentratorId"])
        own = [{"Name": "transit-gateway-id", "Values": [gateway]}]
        for table in self.client.describe_transit_gateway_route_tables(Filters=own)["TransitGatewayRouteTables"]:
            if self.is_ours(table) and table["State"] not in GONE:
                key = "TransitGatewayRouteTableId"
                self.remove(self.client.delete_transit_gateway_route_table, **{key: table[key]})
        self.remove(self.client.delete_transit_gateway, TransitGatewayId=gateway)


class ActionModule(ActionBase):
    """`ec2_cleanup: {prefix: hybridnet-test-vpn-sites}`."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        options = dict(self._templar.template((task_vars or {})["setup_aws_api"]))
        endpoint = options.pop("endpoint_url") or None
        session = boto3.Session(**{name: value for name, value in options.items() if value})
        client = session.client("ec2", endpoint_url=endpoint)
        removed = Cleaner(client, self._task.args["prefix"]).clean()
        return {**result, "changed": bool(removed), "removed": removed}
