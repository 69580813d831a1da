# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every variable of the inventory, with its documentation: what is not here is refused as unknown.

The page of all variables is written from this table by C(make docs-options), in the order of the table.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from dataclasses import dataclass

from ..model.resources import SECRETS_MANAGER, STANDARD

PREFIX = "site_vpn_"


@dataclass(frozen=True)
class Variable:
    """One variable without its prefix, in the markup of Ansible's documentation."""

    name: str
    type: str
    doc: str
    example: object
    # What holds when it is left out. Of choices it is the first, unless it says something else.
    default: str = ""
    choices: tuple[str, ...] = ()
    limits: str = ""


_GATEWAY = (
    Variable(
        "public_ip",
        "str",
        "Address of the gateway as AWS sees it. Behind NAT it is the address of the NAT device. It can be an IPv6 or a"
        " private IPv4 address if C(site_vpn_options) has the matching C(outside_ip_address_type). You can omit it only"
        " with C(site_vpn_certificate_arn).",
        "198.51.100.10",
        default="None. It is needed without a certificate.",
    ),
    Variable(
        "bgp_asn",
        "int",
        "ASN of the gateway: a private ASN, or your public ASN. On a virtual private gateway it must differ from the"
        " ASN of the AWS side. AWS reserves 7224, and in some Regions another one.",
        65010,
        default="None. It is needed with BGP.",
    ),
    Variable(
        "local_cidrs",
        "list",
        "Networks behind the gateway. With BGP the gateway announces them. With static routing on a virtual private"
        " gateway they are the static routes of the connection.",
        ["10.20.0.0/16"],
        default="None. At least one is needed.",
    ),
    Variable(
        "site",
        "str",
        "Where the gateway stands. Gateways of one site can have the same networks.",
        "oslo",
        default="The name of the gateway.",
    ),
    Variable(
        "shared_networks",
        "bool",
        "Other sites that also set this can have some of the same networks.",
        True,
        default="V(false)",
    ),
    Variable(
        "device_name",
        "str",
        "Name of the device in AWS. AWS allows one customer gateway for each address, ASN and name.",
        "berlin-1",
        default="No name.",
        limits="Up to 255 characters.",
    ),
    Variable(
        "certificate_arn",
        "str",
        "Certificate of the gateway in AWS Certificate Manager. The tunnels then authenticate with certificates. Only"
        " the role C(cloud) supports it, not the gateways of this version.",
        "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
        default="The tunnels use pre-shared keys.",
    ),
    Variable(
        "ipsec",
        "str",
        "IPsec daemon on the gateway.",
        "strongswan",
        choices=("strongswan", "libreswan"),
        default="strongSwan on Debian and Ubuntu, Libreswan on distributions with rpm.",
    ),
    Variable(
        "allow_daemon_swap",
        "bool",
        "If another IPsec daemon runs on the gateway or starts at boot, that of C(site_vpn_ipsec) takes its place."
        " The tunnels of the gateway are down meanwhile. If they do not come up again, the other daemon is put back and"
        " the run fails. Gateways of one site are changed one after the other. Only on Debian and Ubuntu.",
        True,
        default="V(false). The run stops before it changes anything.",
    ),
    Variable(
        "gateway_address",
        "str",
        "Address of the gateway itself, if it is behind NAT or has several addresses.",
        "192.168.1.10",
        default="The address of the interface with the default route.",
    ),
    Variable(
        "lan_address",
        "str",
        "Address of the gateway in C(site_vpn_local_cidrs). It is the source of the gateway's own traffic into AWS.",
        "10.20.0.1",
        default="The kernel of the gateway chooses an address.",
    ),
    Variable(
        "allow_weak_crypto",
        "bool",
        "The gateway accepts SHA1 and the DH groups 2, 5, 22, 23 and 24, for a tunnel that allows only these.",
        True,
        default="V(false)",
    ),
)
_CONNECTION = (
    Variable(
        "target",
        "dict",
        "What the connection ends on in AWS: exactly one of C(transit_gateway_id), C(vpn_gateway_id), C(vpn_gateway),"
        " C(vpn_concentrator_id), C(vpn_concentrator) and C(unattached). C(vpn_gateway) is a virtual private gateway"
        " that the playbook creates for a VPC. It takes C(vpc_id), C(amazon_side_asn), and C(propagate_to), the route"
        " tables of the VPC that learn the networks. C(vpn_concentrator) takes the C(transit_gateway_id) of a VPN"
        " concentrator that the playbook creates. C(unattached: true) is for Cloud WAN, only with the role C(cloud)."
        " With C(transit_gateway_id) you can give route tables of the transit gateway: C(associate_with),"
        " C(propagate_to) and C(static_routes_to).",
        {"transit_gateway_id": "tgw-0123456789abcdef0"},
        default="None. It is needed.",
    ),
    Variable(
        "remote_cidrs",
        "list",
        "Networks in AWS that the site reaches.",
        ["10.0.0.0/16"],
        default="None. At least one is needed.",
    ),
    Variable(
        "vpc_route_tables",
        "list",
        "Route tables of VPCs that get routes to C(site_vpn_local_cidrs) by the transit gateway. The VPCs are in the"
        " Region and account of the connection, and attached to the transit gateway.",
        ["rtb-0123456789abcdef0"],
        default="The playbook does not change route tables of VPCs.",
    ),
    Variable("routing", "str", "How routes are exchanged.", "static", choices=("bgp", "static")),
    Variable(
        "preference",
        "int",
        "Order of the connections of a gateway to the same network. 1 is preferred. With BGP, connections with the same"
        " number share the traffic.",
        2,
        default="V(1)",
        limits="1 to 9.",
    ),
    Variable(
        "tunnels",
        "list",
        "Options of the tunnels. The first entry is for tunnel 1. The options are in a table below. Keep a C(psk) in"
        " Ansible Vault. If you omit it, AWS generates a key, and the playbook reads it.",
        [{"inside_cidr": "169.254.20.0/30"}, {"inside_cidr": "169.254.20.4/30"}],
        default="AWS chooses. An existing tunnel keeps its options.",
        limits="At most 2 entries.",
    ),
    Variable(
        "options",
        "dict",
        "Options of the connection itself. The options are in a table below.",
        {"tunnel_bandwidth": "large"},
        default="AWS chooses. An existing connection keeps its options.",
    ),
    Variable(
        "pre_shared_key_storage",
        "str",
        "Where AWS keeps the keys. Only the role C(cloud) supports V(SecretsManager), not the gateways of this"
        " version.",
        STANDARD,
        default="V(Standard). An existing connection does not change.",
        choices=(STANDARD, SECRETS_MANAGER),
    ),
    Variable(
        "tags",
        "dict",
        "Tags of everything that is created for the connection. A virtual private gateway or VPN concentrator gets the"
        " tags that all its sites have.",
        {"project": "wide-area-network"},
        default="Only the tags by which the collection finds its resources.",
    ),
    Variable(
        "connections",
        "list",
        "Several connections of the gateway, each with a C(name). What a connection does not give, it takes from the"
        " variables of the host.",
        [{"name": "main"}, {"name": "dublin", "region": "eu-west-1", "preference": 2}],
        default="One connection, C(main), which the other variables describe.",
    ),
)
_ACCESS = (
    Variable("region", "str", "AWS Region of the connection.", "eu-central-1", default="None. It is needed."),
    Variable(
        "profile",
        "str",
        "Profile in the configuration of the AWS SDK on the controller.",
        "network",
        default="The credentials of the run.",
    ),
    Variable(
        "assume_role_arn",
        "str",
        "IAM role that is assumed, usually in another account.",
        "arn:aws:iam::111122223333:role/vpn",
        default="No role is assumed.",
    ),
    Variable(
        "external_id",
        "str",
        "External id, if the trust policy of the role asks for one. Only with C(site_vpn_assume_role_arn).",
        "example-corp",
        default="No external id.",
        limits="2 to 1224 letters, digits and characters of C(_+=,.@:/-).",
    ),
    Variable(
        "role_session_name",
        "str",
        "Name of the session in AWS CloudTrail. Only with C(site_vpn_assume_role_arn).",
        "vpn-rollout",
        default="V(hybridnet.aws_vpn)",
        limits="2 to 64 letters, digits and characters of C(_+=,.@-).",
    ),
    Variable(
        "endpoint_url",
        "str",
        "URL of the EC2 API, for example of a VPC endpoint or of the emulator. One run uses one endpoint.",
        "https://ec2.eu-central-1.amazonaws.com",
        default="The endpoint of the Region.",
        limits="Only https. http only to the controller itself.",
    ),
    Variable(
        "environment",
        "dict",
        "Environment variables for the AWS SDK. Other users of the controller can read them, so only variables without"
        " secrets are allowed.",
        {"HTTPS_PROXY": "http://proxy.example.com:3128"},
        default="The environment of the controller.",
    ),
)
_VERIFICATION = (
    Variable(
        "probe_host",
        "str",
        "Host behind the gateway that pings into AWS through each tunnel: its name in the inventory, or its IPv4"
        " address.",
        "berlin-host",
        default="The gateway itself pings.",
    ),
    Variable(
        "vpc_probe_host",
        "str",
        "Host in the VPC that pings back: its name in the inventory, or its IPv4 address.",
        "vpc-host",
        default="No pings back.",
    ),
    Variable(
        "vpc_probe_address",
        "str",
        "IPv4 address in C(site_vpn_remote_cidrs) that answers pings.",
        "10.0.0.100",
        default="No pings into AWS.",
    ),
    Variable(
        "probe_instance",
        "bool",
        "The playbook creates a small EC2 instance in C(site_vpn_probe_subnet) that answers the pings, with the address"
        " C(site_vpn_vpc_probe_address). Connections with the same subnet share it. C(teardown.yml) deletes it.",
        True,
        default="V(false)",
    ),
    Variable(
        "probe_subnet",
        "str",
        "Subnet of the instance. It needs a route to the gateway in AWS, see C(site_vpn_vpc_route_tables) and"
        " C(propagate_to) of a virtual private gateway.",
        "subnet-0123456789abcdef0",
        default="None. It is needed with C(site_vpn_probe_instance).",
    ),
    Variable(
        "checks",
        "list",
        "The checks of a tunnel that count. What they do is in the documentation of the filter C(tunnel_verdict).",
        ["ike", "esp", "bgp"],
        default="All but V(mtu), V(rekey) and V(failover).",
        limits="The same for all gateways of a run.",
    ),
    Variable(
        "verify_wait",
        "int",
        "How long a run waits in all until every tunnel is up from both ends, in seconds.",
        300,
        default="V(90)",
        limits="From 0. The same for all gateways of a run.",
    ),
    Variable(
        "probe_wait",
        "int",
        "How long a run waits for the first answer on a path before it counts pings, in seconds. Not longer than"
        " C(site_vpn_verify_wait).",
        60,
        default="V(30)",
        limits="From 0.",
    ),
    Variable("pings", "int", "Number of pings on each path.", 10, default="V(5)", limits="From 1."),
    Variable(
        "report_dir",
        "str",
        "Directory on the controller for the report of the checks, as JSON and in the format of JUnit.",
        "reports/",
        default="No files are written.",
        limits="The same for all gateways of a run.",
    ),
    Variable(
        "unreachable",
        "str",
        "What happens if Ansible cannot reach the gateway. With V(stop) the run stops before it changes anything. With"
        " V(skip) it goes on without the gateway and fails at the end.",
        "skip",
        choices=("stop", "skip"),
    ),
)
# What a run asks about itself, once.
_RUN = (
    Variable(
        "hosts",
        "str",
        "Group, host or pattern of the gateways.",
        "edge_routers",
        default="V(vpn_gateways)",
    ),
    Variable(
        "batch",
        "str",
        "How many gateways are configured and verified at the same time. The run stops after a batch with a failure.",
        "25%",
        default="All gateways.",
        limits="A number from 1, or a percentage from 1% to 100%.",
    ),
)

CHAPTERS = (
    ("The gateway", _GATEWAY),
    ("Its connections", _CONNECTION),
    ("Region and account", _ACCESS),
    ("Verification", _VERIFICATION),
    ("The run", _RUN),
)
# Every option of a gateway, and those of a run.
PLAY_OPTIONS = tuple(row.name for row in _RUN)
OPTIONS = tuple(row.name for _title, rows in CHAPTERS for row in rows if row.name not in PLAY_OPTIONS)
_CHOICES = {row.name: row.choices for _title, rows in CHAPTERS for row in rows if row.choices}


def choices(name: str) -> tuple[str, ...]:
    """The words that a variable can have."""
    return _CHOICES[name]
