# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host's variables: every option, its default, its type and its rules."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.host import read_host
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import Unreadable
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.variables import OPTIONS, PREFIX
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import value_rules

MARKER = "MarkerKey+20"
TGW = {"transit_gateway_id": "tgw-0123456789abcdef0"}
TABLE = "tgw-rtb-0123456789abcdef0"
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678"


def variables(**changes: Any) -> dict[str, Any]:
    """A correct site with BGP; a change to None takes the option away."""
    site = {
        "region": "eu-central-1",
        "target": {"transit_gateway_id": "tgw-0123456789abcdef0"},
        "public_ip": "198.51.100.10",
        "bgp_asn": 65010,
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        **changes,
    }
    given = {f"site_vpn_{key}": value for key, value in site.items() if value is not None}
    return {"inventory_hostname": "berlin", "ansible_host": "198.51.100.10", **given}


def problems(**changes: Any) -> list[str]:
    found: list[str] = check_sites([variables(**changes)])["problems"]
    return found


def vpn_gateway(**changes: Any) -> dict[str, Any]:
    return {"vpn_gateway": {"vpc_id": "vpc-0123456789abcdef0", **changes}}


def test_defaults() -> None:
    read = read_host(variables())
    assert read.host.problems == []
    assert read.entry == {
        "name": "berlin",
        "site": None,
        "public_ip": "198.51.100.10",
        "certificate_arn": None,
        "device_name": None,
        "bgp_asn": 65010,
        "local_cidrs": ["10.20.0.0/16"],
        "shared_networks": False,
    }
    assert read.gateway == {
        "endpoint_url": None,
        "ipsec": None,
        "unreachable": "stop",
        "allow_daemon_swap": False,
        "allow_weak_crypto": False,
        "environment": {},
        "gateway_address": None,
        "lan_address": None,
        "probe_host": None,
        "checks": [],
        "verify_wait": None,
        "probe_wait": None,
        "pings": None,
        "report_dir": None,
    }


def test_the_defaults_of_a_connection() -> None:
    read = read_host(variables())
    (connection,) = read.connections
    assert not read.has_list
    assert connection.entry == {
        "name": "main",
        "region": "eu-central-1",
        "profile": None,
        "assume_role_arn": None,
        "external_id": None,
        "role_session_name": None,
        "target": {"transit_gateway_id": "tgw-0123456789abcdef0"},
        "routing": "bgp",
        "remote_cidrs": ["10.0.0.0/16"],
        "preference": 1,
        "options": {},
        "pre_shared_key_storage": None,
        "tunnels": [],
        "tags": {},
    }
    assert connection.besides == {
        "vpc_probe_address": None,
        "vpc_probe_host": None,
        "vpc_route_tables": [],
        "probe_instance": False,
        "probe_subnet": None,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"bgp_asn": "65010"},
        {"local_cidrs": ["10.20.0.0/16", "10.20.9.0/24"]},
        {"local_cidrs": ["0.0.0.0/0"]},
        {"bgp_asn": None, "routing": "static"},
        {"endpoint_url": "http://127.0.0.1:5055"},
        {"endpoint_url": "https://[::1]:5055/ec2"},
        {"endpoint_url": ""},
        {"target": {"vpn_gateway_id": "vgw-0123456789abcdef0"}},
        {"target": vpn_gateway()},
        {"target": vpn_gateway(amazon_side_asn="64513", propagate_to=["rtb-0123456789abcdef0"])},
        {"target": vpn_gateway(propagate_to=[])},
        {"target": {"vpn_concentrator_id": "vcn-0123456789abcdef0"}},
        {"target": {"vpn_concentrator": {"transit_gateway_id": "tgw-0123456789abcdef0"}}},
        {"target": {"unattached": True}},
        {"target": {**TGW, "associate_with": TABLE, "propagate_to": [], "static_routes_to": [TABLE]}},
        {"public_ip": None, "certificate_arn": CERTIFICATE},
        {"device_name": "fw-1", "pre_shared_key_storage": "SecretsManager"},
        {"public_ip": "2001:db8::1", "options": {"outside_ip_address_type": "Ipv6"}},
        {
            "public_ip": "10.1.2.3",
            "options": {
                "outside_ip_address_type": "PrivateIpv4",
                "transport_transit_gateway_attachment_id": "tgw-attach-0123456789abcdef0",
            },
        },
        {
            "options": {"tunnel_inside_ip_version": "ipv6"},
            "local_cidrs": ["2001:db8:20::/48"],
            "remote_cidrs": ["2001:db8::/48"],
            "tunnels": [{"inside_ipv6_cidr": "fd00:20::/126"}],
        },
        {"options": {"enable_acceleration": "no", "tunnel_bandwidth": "large"}},
        {"tunnels": [{"phase1_lifetime_seconds": "3600", "phase2_dh_group_numbers": ["20", 21], "log_enabled": "no"}]},
        {"tunnels": [{"phase1_additional_key_exchanges": [{"round": 1, "methods": [36]}], "ike_versions": ["ikev2"]}]},
        {"tunnels": []},
        {"tunnels": [{"psk": "marker.key_1"}, None]},
        {"tunnels": [{"pre_shared_key": "marker.key_1"}]},
        {"tunnels": [{"inside_cidr": "169.254.20.0/30", "psk": None}, {"inside_cidr": "169.254.20.4/30"}]},
        {"tags": {"cost": 42, "team": "network"}},
        {"gateway_address": "10.1.2.3", "lan_address": "10.20.0.1", "vpc_probe_address": "10.0.0.100"},
        {"hosts": "berlin"},
        {
            "environment": {
                "AWS_PROFILE": "network@example",
                "AWS_ENDPOINT_URL_STS": "https://sts.example",
                "no_proxy": "",
            }
        },
        {"environment": {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""}},
        {"environment": {"AWS_METADATA_SERVICE_TIMEOUT": 5}},
    ],
)
def test_correct(changes: dict[str, Any]) -> None:
    assert problems(**changes) == []


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("empty", ["", []], ids=["text", "list"])
def test_an_empty_option_is_not_set(option: str, empty: Any) -> None:
    """As a survey sends it when there is no answer."""
    left_out = {name: value for name, value in variables().items() if name != f"{PREFIX}{option}"}
    assert check_sites([{**left_out, f"{PREFIX}{option}": empty}]) == check_sites([left_out])


def test_what_is_read() -> None:
    given = variables(
        bgp_asn="65010",
        target=vpn_gateway(amazon_side_asn="64513"),
        tunnels=[
            {"inside_cidr": "169.254.20.0/30", "psk": None},
            {"psk": "marker.key_1", "phase1_lifetime_seconds": "3600", "ike_versions": ["ikev2"]},
        ],
        options={"enable_acceleration": "false"},
        tags={"cost": 42},
    )
    read = read_host(given)
    assert read.entry["name"] == "berlin"
    assert read.entry["bgp_asn"] == 65010
    entry = read.connections[0].entry
    assert entry["target"] == {"vpn_gateway": {"vpc_id": "vpc-0123456789abcdef0", "amazon_side_asn": 64513}}
    assert entry["tunnels"] == [
        {"inside_cidr": "169.254.20.0/30"},
        {"pre_shared_key": "marker.key_1", "phase1_lifetime_seconds": 3600, "ike_versions": ["ikev2"]},
    ]
    assert entry["options"] == {"enable_acceleration": False}
    assert entry["tags"] == {"cost": "42"}


def test_what_is_left_out_of_a_virtual_private_gateway_is_not_asked_for() -> None:
    for target in (vpn_gateway(), vpn_gateway(propagate_to=[])):
        (connection,) = read_host(variables(target=target)).connections
        assert connection.entry["target"] == target


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"region": None}, "region: missing: the AWS Region of the VPN"),
        ({"region": "frankfurt"}, "region=frankfurt: not the name of an AWS Region"),
        ({"region": 7}, "region=7: a string is expected"),
        ({"endpoint_url": "http://192.0.2.1:5055"}, "endpoint_url=http://192.0.2.1:5055: only https is accepted"),
        ({"endpoint_url": "http://localhost.example.com"}, "endpoint_url=http://localhost.example.com: only https"),
        ({"endpoint_url": "ftp://192.0.2.1"}, "endpoint_url: not an http or https address"),
        ({"environment": {"AWS_SECRET_ACCESS_KEY": MARKER}}, "environment.AWS_SECRET_ACCESS_KEY: not allowed, because"),
        ({"environment": {"AWS_ACCESS_KEY_ID": MARKER}}, "environment.AWS_ACCESS_KEY_ID: not allowed, because"),
        ({"environment": {"AWS_SESSION_TOKEN": MARKER}}, "environment.AWS_SESSION_TOKEN: not allowed, because"),
        ({"environment": {"AWS_SECRET_KEY": MARKER}}, "environment.AWS_SECRET_KEY: not allowed, because"),
        ({"environment": {"AWS_PROFIL": MARKER}}, "environment.AWS_PROFIL: not allowed, because"),
        ({"environment": {f"AWS_SECRET_ACCESS_KEY={MARKER}": ""}}, "environment: not allowed, because"),
        (
            {"environment": {"https_proxy": f"user:{MARKER}@proxy"}},
            "environment.https_proxy: must not contain a user name",
        ),
        (
            {"environment": {"AWS_ENDPOINT_URL_EC2": f"https://u:{MARKER}@x"}},
            "environment.AWS_ENDPOINT_URL_EC2: must not",
        ),
        ({"environment": {"AWS_PROFILE": [MARKER]}}, "environment.AWS_PROFILE: a string is expected"),
        ({"environment": f"AWS_SECRET_ACCESS_KEY={MARKER}"}, "environment: a dictionary is expected"),
        ({"environment": [{"AWS_SECRET_ACCESS_KEY": MARKER}]}, "environment: a dictionary is expected"),
        ({"endpoint_url": f"http://u:{MARKER}@192.0.2.1"}, "endpoint_url: not an http or https address"),
        ({"target": None}, "target: missing: what the VPN ends on in AWS"),
        ({"target": "tgw-0123456789abcdef0"}, "target=tgw-0123456789abcdef0: a dictionary is expected"),
        (
            {"target": {}},
            "target: missing: what the VPN ends on in AWS: one of " + ", ".join(value_rules.TARGET_KEYS),
        ),
        (
            {"target": {"transit_gateway_id": "tgw-0123456789abcdef0", "vpn_gateway_id": "vgw-0123456789abcdef0"}},
            "target: exactly one of " + ", ".join(value_rules.TARGET_KEYS) + " is needed, found transit",
        ),
        (
            {"target": {"transit_gateway_id": "vgw-1"}},
            "target.transit_gateway_id=vgw-1: not the id of a transit gateway",
        ),
        ({"target": {"vpn_gateway_id": {}}}, "target.vpn_gateway_id=(a dictionary): an id is expected"),
        ({"target": {"vpn_gateway": "vpc-1"}}, "target.vpn_gateway=vpc-1: a dictionary with at least vpc_id"),
        ({"target": {"vpn_gateway": {}}}, "target.vpn_gateway.vpc_id: missing, or not a string"),
        ({"target": {"vpn_gateway": {"vpc_id": "x"}}}, "target.vpn_gateway.vpc_id=x: not the id of a VPC"),
        ({"target": vpn_gateway(amazon_side_asn=7224)}, "target.vpn_gateway.amazon_side_asn=7224: AWS takes a private"),
        ({"target": vpn_gateway(propagate_to="rtb-1")}, "target.vpn_gateway.propagate_to=rtb-1: a list is expected"),
        (
            {"target": vpn_gateway(propagate_to=["rtb-1"])},
            "target.vpn_gateway.propagate_to=rtb-1: not the id of a route",
        ),
        ({"target": vpn_gateway(vpc=1)}, "target.vpn_gateway.vpc: unknown option, did you mean vpc_id?"),
        ({"routing": "static "}, "routing=static : must be bgp or static, did you mean static?"),
        ({"ipsec": "openswan"}, "ipsec=openswan: must be strongswan or libreswan"),
        ({"public_ip": None}, "public_ip: missing: the public address of the gateway"),
        ({"public_ip": ""}, "public_ip: missing: the public address of the gateway"),
        ({"public_ip": "10.1.2.3"}, "public_ip=10.1.2.3: a private address, AWS cannot reach it: behind NAT"),
        ({"bgp_asn": None}, "bgp_asn: missing: BGP needs the ASN of the gateway"),
        ({"bgp_asn": 7224}, "bgp_asn=7224: reserved by AWS in every Region"),
        ({"bgp_asn": 9059, "region": "eu-west-1"}, "bgp_asn=9059: reserved by AWS in eu-west-1"),
        ({"bgp_asn": "1.10"}, "bgp_asn=1.10: an ASN is a whole number"),
        ({"bgp_asn": True}, "bgp_asn=True: an ASN is a whole number"),
        (
            {"bgp_asn": 64512, "target": vpn_gateway(amazon_side_asn=64512)},
            "bgp_asn=64512: equal to the ASN of the virtual private gateway",
        ),
        (
            {"bgp_asn": None, "routing": "static", "target": vpn_gateway(amazon_side_asn=65000)},
            "bgp_asn: not set, so 65000: equal to the ASN of the virtual private gateway",
        ),
        ({"local_cidrs": None}, "local_cidrs: missing: the list of networks behind the gateway"),
        ({"local_cidrs": []}, "local_cidrs: missing: the list of networks behind the gateway"),
        ({"local_cidrs": "10.20.0.0/16"}, "local_cidrs=10.20.0.0/16: a list is expected"),
        ({"local_cidrs": ["10.20.0.1/16"]}, "local_cidrs=10.20.0.1/16: has host bits set, the network is 10.20.0.0/16"),
        ({"local_cidrs": [["10.20.0.0/16"]]}, "local_cidrs=(a list): a list of strings is expected"),
        (
            {"local_cidrs": ["10.20.0.0/16", "10.30.0.0/16", "10.20.0.0/16"]},
            "local_cidrs=10.20.0.0/16: is in the list twice",
        ),
        ({"remote_cidrs": None}, "remote_cidrs: missing: the list of networks in AWS"),
        (
            {"remote_cidrs": ["10.20.0.0/16"]},
            "local_cidrs=10.20.0.0/16: also in remote_cidrs: remove it from one of the two lists",
        ),
        ({"tunnels": {"psk": MARKER}}, "tunnels: a list of at most two dictionaries is expected"),
        ({"tunnels": MARKER}, "tunnels: a list of at most two dictionaries is expected"),
        ({"shared_networks": "perhaps"}, "shared_networks=perhaps: must be true or false"),
        ({"tunnels": [MARKER]}, "tunnels[1]: a dictionary is expected, such as {inside_cidr: 169.254.20.0/30}"),
        ({"tunnels": [{}, {}, {}]}, "tunnels=3: a connection has 2 tunnels, 3 are described"),
        ({"tunnels": [{"psk": MARKER}]}, "tunnels[1].psk: a pre-shared key has only letters"),
        ({"tunnels": [{}, {"psk": 12345678}]}, "tunnels[2].psk: a pre-shared key is a string (quote it)"),
        ({"tunnels": [{"pks": MARKER}]}, "tunnels[1].pks: unknown option, did you mean psk?"),
        (
            {"tunnels": [{"inside_cidr": MARKER}]},
            "tunnels[1].inside_cidr: not a CIDR: the prefix length is missing",
        ),
        (
            {"tunnels": [{"inside_cidr": "169.254.5.0/30"}]},
            "tunnels[1].inside_cidr=169.254.5.0/30: reserved by AWS",
        ),
        (
            {"tunnels": [{"inside_cidr": "169.254.20.0/30"}, {"inside_cidr": "169.254.20.0/30"}]},
            "tunnels: tunnel 1 and tunnel 2 have the same inside CIDR 169.254.20.0/30",
        ),
        (
            {"tunnels": [{"psk": "marker.key_1", "pre_shared_key": "marker.key_2"}]},
            "tunnels[1].psk: the same option as pre_shared_key, give one of them",
        ),
        ({"tunnels": [{"startup_action": MARKER}]}, "tunnels[1].startup_action: one of add, start is expected"),
        (
            {"tunnels": [{"phase1_lifetime_seconds": 10}]},
            "tunnels[1].phase1_lifetime_seconds=10: 900 to 28800 seconds is expected",
        ),
        (
            {"tunnels": [{"phase1_lifetime_seconds": 900, "phase2_lifetime_seconds": 900}]},
            "tunnels[1].phase2_lifetime_seconds=900: phase 2 (900 seconds) must be shorter than phase 1",
        ),
        (
            {"tunnels": [{"startup_action": "start", "ike_versions": ["ikev1"]}]},
            "tunnels[1].startup_action=start: startup_action=start needs IKEv2",
        ),
        ({"options": ["a"]}, "options=(a list): a dictionary is expected"),
        ({"options": {"accelerated": True}}, "options.accelerated: unknown option"),
        (
            {"options": {"tunnel_bandwidth": "huge"}},
            "options.tunnel_bandwidth=huge: one of standard, large is expected",
        ),
        (
            {"options": {"enable_acceleration": True}, "target": {"vpn_gateway_id": "vgw-0123456789abcdef0"}},
            "options.enable_acceleration=True: needs a transit gateway",
        ),
        (
            {"options": {"tunnel_inside_ip_version": "ipv6"}, "local_cidrs": ["2001:db8:20::/48"]},
            "remote_cidrs=10.0.0.0/16: not an IPv6 network",
        ),
        ({"pre_shared_key_storage": "vault"}, "pre_shared_key_storage=vault: must be Standard or SecretsManager"),
        ({"certificate_arn": "arn"}, "certificate_arn=arn: not the ARN of a certificate"),
        ({"device_name": "x" * 300}, f"device_name={'x' * 97}...: a device name has 1 to 255 characters"),
        ({"public_ip": "2001:db8::1"}, "public_ip=2001:db8::1: not an IPv4 address"),
        ({"target": {"unattached": "yes"}}, "target.unattached=yes: true is expected"),
        ({"target": {"vpn_concentrator": {}}}, "target.vpn_concentrator.transit_gateway_id: missing"),
        (
            {"target": {"vpn_concentrator": "tgw-1"}},
            "target.vpn_concentrator=tgw-1: a dictionary with at least transit",
        ),
        ({"target": {"vpn_concentrator_id": 7}}, "target.vpn_concentrator_id=7: an id is expected"),
        (
            {"target": {"vpn_concentrator_id": "vcn-0123456789abcdef0"}, "routing": "static"},
            "routing=static: a VPN concentrator accepts only connections with BGP",
        ),
        ({"target": {**TGW, "associate_with": "rtb-1"}}, "target.associate_with=rtb-1: not the id of a transit"),
        ({"target": {**TGW, "associate_with": [TABLE]}}, "target.associate_with=(a list): a string is expected"),
        ({"target": {**TGW, "propagate_to": TABLE}}, f"target.propagate_to={TABLE}: a list is expected"),
        (
            {"target": {"vpn_gateway_id": "vgw-0123456789abcdef0", "static_routes_to": [TABLE]}},
            "target.static_routes_to: only with transit_gateway_id",
        ),
        ({"tags": ["a"]}, "tags=(a list): a dictionary is expected"),
        ({"tags": {"aws:x": "1"}}, "tags.aws:x: AWS reserves keys that start with aws:"),
        (
            {"tags": {"hybridnet:gateway": "1"}},
            "tags.hybridnet:gateway: the collection reserves keys that start with hybridnet:",
        ),
        ({"tags": {"a": {}}}, "tags.a: the value of a tag is a string"),
        ({"tags": {"a": "x" * 257}}, "tags.a: a tag has a key of 1 to 128 and a value of up to 256 characters"),
        ({"gateway_address": "fe80::1"}, "gateway_address=fe80::1: not an IPv4 address"),
        ({"lan_address": "10.30.0.1"}, "lan_address=10.30.0.1: is in none of site_vpn_local_cidrs (10.20.0.0/16)"),
        ({"vpc_probe_address": "10.30.0.1"}, "vpc_probe_address=10.30.0.1: is in none of site_vpn_remote_cidrs"),
        ({"probe_host": ["a"]}, "probe_host=(a list): a string is expected"),
        ({"bgp_ans": 65010}, "bgp_ans: unknown option, did you mean site_vpn_bgp_asn?"),
        ({"preshared": MARKER}, "preshared: unknown option"),
        ({"public_ip": Unreadable("'lab' is undefined")}, "public_ip: cannot be evaluated: 'lab' is undefined"),
        ({"bgp_asn": "x" * 300}, f"bgp_asn={'x' * 97}...: "),
    ],
)
def test_problem(changes: dict[str, Any], problem: str) -> None:
    (found,) = problems(**changes)
    assert found.startswith(f"berlin: site_vpn_{problem}")
    assert MARKER not in found


def test_every_problem_is_found_at_once() -> None:
    found = problems(
        region=None, bgp_asn=7224, public_ip="10.0.0.1", local_cidrs=["x"], tunnels=[{"psk": "0"}], routin="bgp"
    )
    assert len(found) == 6


def test_a_host_that_says_nothing() -> None:
    found = check_sites([{"inventory_hostname": "oslo"}])["problems"]
    assert sorted(problem.split(": ")[1] for problem in found) == [
        "site_vpn_bgp_asn",
        "site_vpn_local_cidrs",
        "site_vpn_public_ip",
        "site_vpn_region",
        "site_vpn_remote_cidrs",
        "site_vpn_target",
    ]
