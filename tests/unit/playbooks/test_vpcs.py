# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The VPCs behind the connections: routes to the sites, and an instance that answers pings, by the whole playbooks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import permissions
import pytest
import yaml

GUIDE = Path(__file__).resolve().parents[3] / "docs/docsite/rst/guide_vpcs.rst"
ADDRESS = "10.0.1.10"
TAKEN = {
    "CreateRoute": "RouteAlreadyExists",
    "CreateSecurityGroup": "InvalidGroup.Duplicate",
    "RunInstances": "InvalidIPAddress.InUse",
}
READS = ("Describe", "Get", "Search")


class Vpcs:
    """A VPC on a transit gateway, a subnet whose table has routes of others, two gateways at oslo and one at rome."""

    def __init__(self, emulator: Any, ec2: Any, directory: Path, answers: dict[str, Any]) -> None:
        self.emulator, self.ec2, self.directory = emulator, ec2, directory
        # Every action of the playbooks.
        self.seen: set[str] = set()
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnet = ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        self.gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        self.attach(self.gateway)
        self.table = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.group_name = f"hybridnet.aws_vpn probe {self.subnet}"
        self.internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=self.internet, VpcId=self.vpc)
        ec2.create_route(RouteTableId=self.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=self.internet)
        ec2.create_route(RouteTableId=self.table, DestinationCidrBlock="10.9.0.0/16", TransitGatewayId=self.gateway)
        self.own_routes = self.routes()
        own = self._of_guide("host_vars/oslo.yml")
        address, network = own.pop("site_vpn_public_ip"), own.pop("site_vpn_local_cidrs")
        self.hosts = {
            "oslo-1": self._host(address, *network, site_vpn_site="oslo"),
            "oslo-2": self._host("192.0.2.22", *network, site_vpn_site="oslo"),
            "rome": self._host("192.0.2.30", "10.50.0.0/16"),
        }
        self.group = {
            "ansible_connection": "answering",
            "ansible_python_interpreter": "/usr/bin/python3",
            "answers": answers,
            "site_vpn_endpoint_url": emulator.url,
            "site_vpn_tags": {"project": "wan"},
            **own,
            **self._of_guide("group_vars/vpn_gateways.yml"),
        }

    def _of_guide(self, name: str) -> dict[str, Any]:
        """The variables that the guide shows for a file, with the ids that there are."""
        text = GUIDE.read_text(encoding="utf-8")
        for made_up, existing in (("tgw", self.gateway), ("rtb", self.table), ("subnet", self.subnet)):
            text = text.replace(f"{made_up}-0123456789abcdef0", existing)
        block = re.search(rf"^    # {re.escape(name)}\n((?:    .*\n)+)", text, re.MULTILINE)
        assert block, name
        variables: dict[str, Any] = yaml.safe_load(block[1])
        return variables

    @staticmethod
    def _host(address: str, network: str, **more: Any) -> dict[str, Any]:
        return {"site_vpn_public_ip": address, "site_vpn_local_cidrs": [network], **more}

    def attach(self, gateway: str) -> None:
        self.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=gateway, VpcId=self.vpc, SubnetIds=[self.subnet]
        )

    def inventory(self) -> tuple[str, str]:
        path = self.directory / "inventory.yml"
        path.write_text(yaml.safe_dump({"vpn_gateways": {"hosts": self.hosts, "vars": self.group}}), encoding="utf-8")
        return "-i", str(path)

    def routes(self) -> dict[str, str]:
        (table,) = self.ec2.describe_route_tables(RouteTableIds=[self.table])["RouteTables"]
        return {
            route["DestinationCidrBlock"]: route.get("TransitGatewayId") or route["GatewayId"]
            for route in table["Routes"]
        }

    def instances(self) -> list[dict[str, Any]]:
        states = [{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}]
        found = self.ec2.describe_instances(Filters=states)["Reservations"]
        return [instance for each in found for instance in each["Instances"]]

    def pingers(self) -> dict[str, list[str]]:
        """By the name of a security group of the VPC, who can ping."""
        found = self.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])["SecurityGroups"]
        return {
            group["GroupName"]: sorted(
                entry["CidrIp"]
                for rule in group["IpPermissions"]
                for entry in rule["IpRanges"]
                if (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("icmp", 8, -1)
            )
            for group in found
            if group["GroupName"] != "default"
        }

    def forget_calls(self) -> None:
        self.seen |= set(self.emulator.calls)
        self.emulator.calls.clear()

    def writes(self) -> list[str]:
        return [action for action in self.emulator.calls if not action.startswith(READS)]


@pytest.fixture
def vpcs(emulator: Any, ec2: Any, tmp_path: Path, answers: dict[str, Any]) -> Vpcs:
    made = Vpcs(emulator, ec2, tmp_path, answers)
    emulator.calls.clear()
    return made


def test_the_vpc_side_comes_in_one_run_and_goes_with_the_last_gateway_that_needs_it(play: Any, vpcs: Vpcs) -> None:
    run = ("site_vpn", *vpcs.inventory(), "--tags", "preflight,aws")
    check_the_plan(vpcs, *play(*run, "--check"))
    # What a run beside this one makes AWS say.
    for action, error in TAKEN.items():
        vpcs.emulator.faults.add("refuse", action, code=error)
    check_what_is_made(vpcs, *play(*run))
    check_that_nothing_is_written(vpcs, *play(*run))
    check_the_teardowns(vpcs, play)
    # What is broken by hand comes back.
    vpcs.ec2.delete_route(RouteTableId=vpcs.table, DestinationCidrBlock="10.50.0.0/16")
    vpcs.ec2.stop_instances(InstanceIds=[vpcs.instances()[0]["InstanceId"]])
    code, output = play(*run, "--limit", "rome")
    assert code == 0, output
    assert "10.50.0.0/16" in vpcs.routes()
    assert [instance["State"]["Name"] for instance in vpcs.instances()] == ["running"]
    down = ("teardown", *vpcs.inventory(), "--limit", "rome")
    code, output = play(*down, teardown_confirm=1)
    assert code == 0, output
    assert (vpcs.routes(), vpcs.pingers(), vpcs.instances()) == (vpcs.own_routes, {}, [])
    vpcs.forget_calls()
    check_that_nothing_is_written(vpcs, *play(*down, teardown_confirm=1))
    (own,) = permissions.policies(GUIDE.read_text(encoding="utf-8"))
    everything, *_others = permissions.policies(permissions.GUIDE.read_text(encoding="utf-8"))
    others = {*permissions.allowed(everything), "GetServiceQuota", "StopInstances"}
    assert sorted(vpcs.seen - others) == sorted(set(permissions.allowed(own)) - others)


def check_the_plan(vpcs: Vpcs, code: int, output: str) -> None:
    assert code == 0, output
    assert f"{vpcs.table} (eu-central-1): create route 10.40.0.0/16 to {vpcs.gateway}" in output
    assert f"{vpcs.subnet} (eu-central-1): create instance with address {ADDRESS}" in output
    assert vpcs.routes() == vpcs.own_routes


def check_what_is_made(vpcs: Vpcs, code: int, output: str) -> None:
    assert code == 0, output
    assert vpcs.routes() == {**vpcs.own_routes, "10.40.0.0/16": vpcs.gateway, "10.50.0.0/16": vpcs.gateway}
    (instance,) = vpcs.instances()
    assert (instance["PrivateIpAddress"], instance["SubnetId"]) == (ADDRESS, vpcs.subnet)
    tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
    assert (tags["project"], tags["hybridnet:collection"]) == ("wan", "hybridnet.aws_vpn")
    assert [group["GroupName"] for group in instance["SecurityGroups"]] == [vpcs.group_name]
    assert vpcs.pingers() == {vpcs.group_name: ["10.40.0.0/16", "10.50.0.0/16"]}
    vpcs.forget_calls()


def check_that_nothing_is_written(vpcs: Vpcs, code: int, output: str) -> None:
    assert code == 0, output
    assert vpcs.writes() == []
    vpcs.forget_calls()


def check_the_teardowns(vpcs: Vpcs, play: Any) -> None:
    """Both gateways of oslo, one after the other: both stay in the inventory."""
    before, down = vpcs.routes(), ("teardown", *vpcs.inventory())
    code, output = play(*down, "--limit", "oslo-2", teardown_confirm=1)
    assert code == 0, output
    assert vpcs.routes() == before  # oslo-1 needs them
    code, output = play(*down, "--limit", "oslo-1", "--check")
    assert f"delete route 10.40.0.0/16 to {vpcs.gateway}" in output
    assert vpcs.routes() == before
    code, output = play(*down, "--limit", "oslo-1", teardown_confirm=1)
    assert code == 0, output
    assert vpcs.routes() == {**vpcs.own_routes, "10.50.0.0/16": vpcs.gateway}
    assert vpcs.pingers() == {vpcs.group_name: ["10.50.0.0/16"]}
    assert len(vpcs.instances()) == 1
    vpcs.forget_calls()


def test_a_route_of_others_is_not_replaced(play: Any, vpcs: Vpcs) -> None:
    vpcs.ec2.create_route(RouteTableId=vpcs.table, DestinationCidrBlock="10.50.0.0/16", GatewayId=vpcs.internet)
    before = vpcs.routes()
    vpcs.forget_calls()
    code, output = play("site_vpn", *vpcs.inventory(), "--tags", "preflight,aws")
    assert code != 0
    rule = f"has a route to 10.50.0.0/16 by {vpcs.internet}: remove it, or leave this table out"
    assert f"rome: site_vpn_vpc_route_tables={vpcs.table}: {rule}" in output
    assert vpcs.writes() == []
    assert vpcs.routes() == before
