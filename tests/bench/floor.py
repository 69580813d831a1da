# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least one can do: the sites with nothing but botocore, one client, one thread, no checks beyond what exists."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import botocore.session

IDENTITY = {"Key": "bench", "Value": "floor"}


def tagged(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [IDENTITY, {"Key": "Name", "Value": name}]}]


def by_name(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {}
    for entry in entries:
        if entry["State"] not in ("deleting", "deleted"):
            found[next(tag["Value"] for tag in entry["Tags"] if tag["Key"] == "Name")] = entry
    return found


class Floor:
    """Desired state laid beside what is there, call by call."""

    def __init__(self, given: dict[str, Any], is_dry: bool) -> None:
        self.sites = given["bench_gateways"]
        self.vpc = given["bench_vpc"]
        self.is_dry = is_dry
        self.changed = False
        session = botocore.session.get_session()
        self.ec2: Any = session.create_client("ec2", region_name=given["bench_region"], endpoint_url=given["bench_url"])

    def call(self, method: str, **request: Any) -> dict[str, Any]:
        self.changed = True
        answer: dict[str, Any] = {} if self.is_dry else getattr(self.ec2, method)(**request)
        return answer

    def look(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        ours = [{"Name": "tag:bench", "Values": ["floor"]}]
        return (
            by_name(self.ec2.describe_customer_gateways(Filters=ours)["CustomerGateways"]),
            by_name(self.ec2.describe_vpn_gateways(Filters=ours)["VpnGateways"]),
            by_name(self.ec2.describe_vpn_connections(Filters=ours)["VpnConnections"]),
        )

    def gateway(self, gateways: dict[str, Any]) -> str:
        if "gateway" in gateways:
            return str(gateways["gateway"]["VpnGatewayId"])
        tags = tagged("vpn-gateway", "gateway")
        made = self.call("create_vpn_gateway", Type="ipsec.1", TagSpecifications=tags)
        gateway_id = str(made.get("VpnGateway", {}).get("VpnGatewayId"))
        self.call("attach_vpn_gateway", VpnGatewayId=gateway_id, VpcId=self.vpc)
        return gateway_id

    def wait(self) -> dict[str, Any]:
        while True:
            connections = self.look()[2]
            if all(each["State"] == "available" for each in connections.values()):
                return connections
            time.sleep(1)

    def run(self) -> None:
        devices, gateways, connections = self.look()
        gateway_id = self.gateway(gateways)
        for site in self.sites:
            if site["name"] not in connections:
                self.connect(site, devices.get(site["name"], {}).get("CustomerGatewayId"), gateway_id)
        if self.changed and not self.is_dry:
            connections = self.wait()
        for site in self.sites:
            if site["name"] in connections:
                self.adjust(site, connections[site["name"]])

    def connect(self, site: dict[str, Any], device: str | None, gateway_id: str) -> None:
        if device is None:
            made = self.call(
                "create_customer_gateway",
                Type="ipsec.1",
                IpAddress=site["public_ip"],
                BgpAsn=site["bgp_asn"],
                TagSpecifications=tagged("customer-gateway", site["name"]),
            )
            device = made.get("CustomerGateway", {}).get("CustomerGatewayId")
        key = site["tunnels"][0]["pre_shared_key"]
        self.call(
            "create_vpn_connection",
            Type="ipsec.1",
            CustomerGatewayId=device,
            VpnGatewayId=gateway_id,
            Options={"StaticRoutesOnly": True, "TunnelOptions": [{"PreSharedKey": key}]},
            TagSpecifications=tagged("vpn-connection", site["name"]),
        )

    def adjust(self, site: dict[str, Any], connection: dict[str, Any]) -> None:
        connection_id = connection["VpnConnectionId"]
        there = {route["DestinationCidrBlock"] for route in connection.get("Routes", [])}
        for cidr in set(site["local_cidrs"]) - there:
            self.call("create_vpn_connection_route", VpnConnectionId=connection_id, DestinationCidrBlock=cidr)
        tunnel, key = connection["Options"]["TunnelOptions"][0], site["tunnels"][0]["pre_shared_key"]
        if tunnel.get("PreSharedKey") != key:
            self.call(
                "modify_vpn_tunnel_options",
                VpnConnectionId=connection_id,
                VpnTunnelOutsideIpAddress=tunnel["OutsideIpAddress"],
                TunnelOptions={"PreSharedKey": key},
            )


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text())
    floor = Floor(given, sys.argv[2] == "check")
    floor.run()
    Path(given["bench_outcome"]).write_text("changed" if floor.changed else "same")


if __name__ == "__main__":
    main()
