# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Break something in the account of the lab, `account.py RUN HOW SITE TUNNEL`, or restore it: `account.py RUN restore`.

RUN is the run directory of the lab. TUNNEL is 1, 2, or 0 for both. `account.py RUN show` prints the outside addresses
of the tunnels of each site.
"""

from __future__ import annotations

import base64
import configparser
import json
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import boto3

SITES = {"198.51.100.10": "berlin", "192.0.2.10": "madrid"}
LANS = {"berlin": "10.20.0.0/16", "madrid": "10.30.0.0/16"}
NARROW, WIDE, MORE = "10.0.0.0/16", "0.0.0.0/0", "10.9.0.0/16"
LIMIT = "bgp_routes_per_transit_gateway_connection"
# What is about a tunnel. The rest is done once.
OF_A_TUNNEL = ("other_key", "reports_down", "accepts_nothing")


class Account:
    """The API of the lab, and what the emulator has besides."""

    def __init__(self, run: Path) -> None:
        credentials = configparser.ConfigParser()
        credentials.read(run / "credentials")
        own = credentials["rehearsal"]
        self.lab = json.loads((run / "aws.json").read_text(encoding="utf-8"))
        self._access_key = own["aws_access_key_id"]
        self.ec2 = boto3.client(
            "ec2",
            region_name=self.lab["region"],
            endpoint_url=self.lab["endpoint_url"],
            aws_access_key_id=self._access_key,
            aws_secret_access_key=own["aws_secret_access_key"],
        )
        found = self.ec2.describe_vpn_connections()["VpnConnections"]
        gateways = {each["CustomerGatewayId"]: each["IpAddress"] for each in self._customer_gateways()}
        self.connections = {
            SITES[gateways[each["CustomerGatewayId"]]]: each for each in found if each["State"] == "available"
        }

    def _customer_gateways(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ec2.describe_customer_gateways()["CustomerGateways"]
        return found

    def addresses(self) -> dict[str, list[str]]:
        """By site."""
        return {
            site: [tunnel["OutsideIpAddress"] for tunnel in each["Options"]["TunnelOptions"]]
            for site, each in self.connections.items()
        }

    def emulator(self, method: str, path: str, body: Any = None) -> None:
        emulator = HTTPConnection(self.lab["endpoint_url"].rpartition("/")[2])
        login = base64.b64encode(f"lab:{self._access_key}".encode()).decode()
        emulator.request(method, f"/vpn-emulator/{path}", json.dumps(body), {"Authorization": f"Basic {login}"})
        answer = emulator.getresponse()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.read().decode()}")

    def break_it(self, how: str, site: str, tunnel: int) -> None:
        endpoint = f"endpoints/{self.addresses()[site][tunnel - 1]}"
        connection = self.connections[site]
        table = self.lab["route_table_id"]
        if how == "other_key":
            self.emulator("PUT", endpoint, {"pre_shared_key": "another.key.at.the.endpoint"})
        elif how == "reports_down":
            self.emulator("PUT", f"{endpoint}/telemetry", {"status": "DOWN"})
        elif how == "accepts_nothing":
            self.emulator("PUT", f"{endpoint}/telemetry", {"status": "UP", "accepted_routes": 0})
        elif how == "prefix_limit":
            self.emulator("PUT", "quotas", {LIMIT: 0})
        elif how == "no_vpc_route":
            self.ec2.delete_route(RouteTableId=table, DestinationCidrBlock=LANS[site])
        elif how == "no_propagation":
            self.ec2.disable_vgw_route_propagation(RouteTableId=table, GatewayId=connection["VpnGatewayId"])
        elif how == "second_network":
            self.ec2.associate_vpc_cidr_block(VpcId=self.lab["vpc_id"], CidrBlock=MORE)
        elif how == "narrow":
            self.set_networks(site, NARROW)
        else:
            raise SystemExit(f"not known: {how}")

    def set_networks(self, site: str, remote: str) -> None:
        """The network of the VPC that the connection carries."""
        connection = self.connections[site]
        if connection["Options"].get("RemoteIpv4NetworkCidr", WIDE) != remote:
            self.ec2.modify_vpn_connection_options(
                VpnConnectionId=connection["VpnConnectionId"], RemoteIpv4NetworkCidr=remote
            )
            waiter = self.ec2.get_waiter("vpn_connection_available")
            waiter.wait(VpnConnectionIds=[connection["VpnConnectionId"]], WaiterConfig={"Delay": 2})

    def restore(self) -> None:
        table = self.lab["route_table_id"]
        for site, addresses in self.addresses().items():
            self.set_networks(site, WIDE)
            for address in addresses:
                self.emulator("DELETE", f"endpoints/{address}")
                self.emulator("DELETE", f"endpoints/{address}/telemetry")
        self.emulator("PUT", "quotas", {LIMIT: 1000})
        self.ec2.enable_vgw_route_propagation(RouteTableId=table, GatewayId=self.connections["madrid"]["VpnGatewayId"])
        (shown,) = self.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
        if LANS["berlin"] not in [route.get("DestinationCidrBlock") for route in shown["Routes"]]:
            self.ec2.create_route(
                RouteTableId=table,
                DestinationCidrBlock=LANS["berlin"],
                TransitGatewayId=self.lab["transit_gateway_id"],
            )
        (vpc,) = self.ec2.describe_vpcs(VpcIds=[self.lab["vpc_id"]])["Vpcs"]
        for each in vpc["CidrBlockAssociationSet"]:
            if each["CidrBlock"] == MORE and each["CidrBlockState"]["State"] == "associated":
                self.ec2.disassociate_vpc_cidr_block(AssociationId=each["AssociationId"])


def main() -> None:
    run, what, *where = sys.argv[1:]
    account = Account(Path(run))
    if what == "show":
        print(json.dumps(account.addresses()))
    elif what == "restore":
        account.restore()
    else:
        site, number = where
        tunnels = [int(number)] if int(number) else [1, 2]
        for tunnel in tunnels if what in OF_A_TUNNEL else tunnels[:1]:
            account.break_it(what, site, tunnel)


if __name__ == "__main__":
    main()
