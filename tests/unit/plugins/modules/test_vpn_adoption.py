# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vpn_adoption against the emulated AWS: what others made, taken over, is planned as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.filter.site_list import FilterModule

Run = Callable[..., dict[str, Any]]
MARKER = "MARKER_psk.1"
ADDRESS = "198.51.100.10"
# What AWS cannot know.
NETWORKS = {"site_vpn_local_cidrs": ["10.20.0.0/16"], "site_vpn_remote_cidrs": ["10.0.0.0/16"]}
IPV6_NETWORKS = {"site_vpn_local_cidrs": ["2001:db8:20::/48"], "site_vpn_remote_cidrs": ["2001:db8::/48"]}


def tag(kind: str, **tags: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]


class Elsewhere:
    """A client of another tool, which makes connections as it likes."""

    def __init__(self, ec2: Any, world: dict[str, str]) -> None:
        self.ec2 = ec2
        self.world = world

    def device(self, **request: Any) -> str:
        given = {"Type": "ipsec.1", "BgpAsn": 65010, "IpAddress": ADDRESS, **request}
        given = {key: value for key, value in given.items() if value is not None}
        return str(self.ec2.create_customer_gateway(**given)["CustomerGateway"]["CustomerGatewayId"])

    def gateway(self) -> str:
        gateway = self.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
        self.ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=self.world["vpc"])
        return str(gateway)

    def connection(self, device: str | None = None, **request: Any) -> str:
        target = {"VpnGatewayId", "TransitGatewayId", "VpnConcentratorId"} & set(request)
        given = {
            "Type": "ipsec.1",
            "CustomerGatewayId": device or self.device(),
            **({} if target else {"TransitGatewayId": self.world["tgw"]}),
            **request,
        }
        given = {key: value for key, value in given.items() if value is not None}
        return str(self.ec2.create_vpn_connection(**given)["VpnConnection"]["VpnConnectionId"])

    def tags(self, resource_id: str) -> dict[str, str]:
        found = self.ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [resource_id]}])["Tags"]
        return {entry["Key"]: entry["Value"] for entry in found}


@pytest.fixture
def elsewhere(ec2: Any, world: dict[str, str]) -> Elsewhere:
    return Elsewhere(ec2, world)


def planned(run: Run, variables: dict[str, Any]) -> dict[str, Any]:
    """What vpn_sites would do with one host that has these variables."""
    options = variables.get("site_vpn_options", {})
    networks = IPV6_NETWORKS if options.get("tunnel_inside_ip_version") == "ipv6" else NETWORKS
    host = {"inventory_hostname": "berlin", **networks, **variables}
    inventory = FilterModule().filters()["site_list"]([host])
    assert inventory["problems"] == []
    return run("vpn_sites", check=True, gateways=inventory["gateways"])


def tunnels(**options: Any) -> dict[str, Any]:
    """Both tunnels alike."""
    return {"TunnelOptions": [dict(options), dict(options)]}


def plain(_elsewhere: Elsewhere) -> None:
    _elsewhere.connection()


def with_keys_and_inside_cidrs(elsewhere: Elsewhere) -> None:
    options = [
        {"TunnelInsideCidr": "169.254.40.0/30", "PreSharedKey": MARKER},
        {"TunnelInsideCidr": "169.254.41.0/30", "PreSharedKey": MARKER},
    ]
    elsewhere.connection(Options={"TunnelOptions": options})


def static_on_a_gateway(elsewhere: Elsewhere) -> None:
    connection = elsewhere.connection(VpnGatewayId=elsewhere.gateway(), Options={"StaticRoutesOnly": True})
    for cidr in ("10.30.0.0/16", "10.31.0.0/16"):
        elsewhere.ec2.create_vpn_connection_route(VpnConnectionId=connection, DestinationCidrBlock=cidr)


def routes_within_routes(elsewhere: Elsewhere) -> None:
    connection = elsewhere.connection(VpnGatewayId=elsewhere.gateway(), Options={"StaticRoutesOnly": True})
    for cidr in ("0.0.0.0/0", "10.30.0.0/16", "10.30.1.0/24"):
        elsewhere.ec2.create_vpn_connection_route(VpnConnectionId=connection, DestinationCidrBlock=cidr)


def static_on_a_transit_gateway(elsewhere: Elsewhere) -> None:
    elsewhere.connection(Options={"StaticRoutesOnly": True})


def both_logs(elsewhere: Elsewhere) -> None:
    group = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn"
    log = {"LogEnabled": True, "LogGroupArn": group, "LogOutputFormat": "json"}
    bgp = {"BgpLogEnabled": True, "BgpLogGroupArn": group, "BgpLogOutputFormat": "text"}
    elsewhere.connection(Options={"TunnelOptions": [{"LogOptions": {"CloudWatchLogOptions": {**log, **bgp}}}, {}]})


def ipv6_inside_with_its_own_networks(elsewhere: Elsewhere) -> None:
    tunnels = [{"TunnelInsideIpv6Cidr": "fd00:20::/126"}, {"TunnelInsideIpv6Cidr": "fd00:20::4/126"}]
    selectors = {"LocalIpv6NetworkCidr": "2001:db8:20::/48", "RemoteIpv6NetworkCidr": "2001:db8::/48"}
    elsewhere.connection(Options={"TunnelInsideIpVersion": "ipv6", "TunnelOptions": tunnels, **selectors})


def a_certificate_and_no_address(elsewhere: Elsewhere) -> None:
    arn = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    elsewhere.connection(elsewhere.device(IpAddress=None, CertificateArn=arn))


def ipv6_outside(elsewhere: Elsewhere) -> None:
    device = elsewhere.device(IpAddress="2001:db8::10")
    elsewhere.connection(device, Options={"OutsideIpAddressType": "Ipv6"})


def a_connection_that_was_moved(elsewhere: Elsewhere) -> None:
    connection = elsewhere.connection()
    elsewhere.ec2.modify_vpn_connection(VpnConnectionId=connection, VpnGatewayId=elsewhere.gateway())


def bgp_on_a_gateway(elsewhere: Elsewhere) -> None:
    elsewhere.connection(VpnGatewayId=elsewhere.gateway())


def a_large_asn_and_a_device_name(elsewhere: Elsewhere) -> None:
    device = elsewhere.device(BgpAsn=None, BgpAsnExtended=4200000010, DeviceName="fw-1")
    elsewhere.connection(device)


def names_of_their_own(elsewhere: Elsewhere) -> None:
    device = elsewhere.device(TagSpecifications=tag("customer-gateway", Name="cgw-berlin", env="lab", cost="1"))
    elsewhere.connection(device, TagSpecifications=tag("vpn-connection", Name="vpn-berlin", env="lab", cost="2"))


def one_name_for_both(elsewhere: Elsewhere) -> None:
    device = elsewhere.device(TagSpecifications=tag("customer-gateway", Name="berlin-old"))
    elsewhere.connection(device, TagSpecifications=tag("vpn-connection", Name="berlin-old"))


def no_target(elsewhere: Elsewhere) -> None:
    elsewhere.connection(TransitGatewayId=None)


def every_tunnel_option(elsewhere: Elsewhere) -> None:
    log = {"LogEnabled": True, "LogGroupArn": "arn:aws:logs:eu-central-1:123456789012:log-group:vpn:*"}
    options = tunnels(
        Phase1LifetimeSeconds=3600,
        Phase2LifetimeSeconds=1800,
        RekeyMarginTimeSeconds=300,
        RekeyFuzzPercentage=50,
        ReplayWindowSize=512,
        DPDTimeoutSeconds=45,
        DPDTimeoutAction="restart",
        Phase1EncryptionAlgorithms=[{"Value": "AES256"}, {"Value": "AES256-GCM-16"}],
        Phase2EncryptionAlgorithms=[{"Value": "AES256-GCM-16"}],
        Phase1IntegrityAlgorithms=[{"Value": "SHA2-512"}, {"Value": "SHA2-256"}],
        Phase2IntegrityAlgorithms=[{"Value": "SHA2-256"}],
        Phase1DHGroupNumbers=[{"Value": 20}, {"Value": 14}],
        Phase2DHGroupNumbers=[{"Value": 20}],
        IKEVersions=[{"Value": "ikev2"}],
        StartupAction="start",
        EnableTunnelLifecycleControl=True,
        LogOptions={"CloudWatchLogOptions": {**log, "LogOutputFormat": "text"}},
    )
    elsewhere.connection(Options=options)


def key_exchanges(elsewhere: Elsewhere) -> None:
    rounds = [
        {"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": [{"Value": 36}], "Requirement": "required"},
        {"AdditionalKeyExchangeRound": 2, "KeyExchangeMethods": [{"Value": 37}], "Requirement": "optional"},
    ]
    options = tunnels(
        IKEVersions=[{"Value": "ikev2"}],
        Phase1AdditionalKeyExchanges=rounds,
        Phase2AdditionalKeyExchanges=rounds[:1],
    )
    elsewhere.connection(Options=options)


def accelerated_with_selectors(elsewhere: Elsewhere) -> None:
    elsewhere.connection(
        Options={
            "EnableAcceleration": True,
            "StaticRoutesOnly": True,
            "LocalIpv4NetworkCidr": "10.20.0.0/16",
            "RemoteIpv4NetworkCidr": "10.0.0.0/8",
        }
    )


def ipv6_inside(elsewhere: Elsewhere) -> None:
    elsewhere.connection(Options={"TunnelInsideIpVersion": "ipv6"})


def keys_in_secrets_manager(elsewhere: Elsewhere) -> None:
    elsewhere.connection(PreSharedKeyStorage="SecretsManager")


def a_changed_tunnel(elsewhere: Elsewhere) -> None:
    connection = elsewhere.connection()
    (found,) = elsewhere.ec2.describe_vpn_connections(VpnConnectionIds=[connection])["VpnConnections"]
    outside = found["Options"]["TunnelOptions"][1]["OutsideIpAddress"]
    elsewhere.ec2.modify_vpn_tunnel_options(
        VpnConnectionId=connection,
        VpnTunnelOutsideIpAddress=outside,
        TunnelOptions={"DPDTimeoutSeconds": 60, "StartupAction": "start", "IKEVersions": [{"Value": "ikev2"}]},
    )


def large_tunnels(elsewhere: Elsewhere) -> None:
    elsewhere.connection(Options={"TunnelBandwidth": "large"})


def on_a_concentrator(elsewhere: Elsewhere) -> None:
    made = elsewhere.ec2.create_vpn_concentrator(Type="ipsec.1", TransitGatewayId=elsewhere.world["tgw"])
    elsewhere.connection(VpnConcentratorId=made["VpnConcentrator"]["VpnConcentratorId"])


SHAPES = [
    plain,
    with_keys_and_inside_cidrs,
    static_on_a_gateway,
    routes_within_routes,
    static_on_a_transit_gateway,
    both_logs,
    ipv6_inside_with_its_own_networks,
    a_certificate_and_no_address,
    ipv6_outside,
    a_connection_that_was_moved,
    bgp_on_a_gateway,
    a_large_asn_and_a_device_name,
    names_of_their_own,
    one_name_for_both,
    no_target,
    every_tunnel_option,
    key_exchanges,
    accelerated_with_selectors,
    ipv6_inside,
    keys_in_secrets_manager,
    a_changed_tunnel,
    large_tunnels,
    on_a_concentrator,
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_the_next_plan_is_empty(run: Run, elsewhere: Elsewhere, shape: Callable[[Elsewhere], None]) -> None:
    shape(elsewhere)
    (made,) = elsewhere.ec2.describe_vpn_connections()["VpnConnections"]
    claim = {"name": "berlin", "vpn_connection_id": made["VpnConnectionId"]}
    adopted = run("vpn_adoption", connections=[claim], adopt=True)
    assert adopted["changed"] is True
    assert MARKER not in adopted["printed"]
    again = run("vpn_adoption", connections=[claim], adopt=True)
    assert again["changed"] is False
    assert again["connections"]["berlin"]["is_adopted"] is True
    assert again["host_vars"] == adopted["host_vars"]
    assert again["left_out"] == {"berlin": []}
    plan = planned(run, adopted["host_vars"]["berlin"])
    assert plan.get("msg") is None
    assert plan["plan"]["lines"][1:] == []
    assert plan["changed"] is False


def test_look_check_then_adopt(run: Run, elsewhere: Elsewhere) -> None:
    names_of_their_own(elsewhere)
    claims = [{"name": "berlin", "public_ip": ADDRESS}]
    looked = run("vpn_adoption", connections=claims)
    assert looked["changed"] is False
    found = looked["connections"]["berlin"]
    assert (found["public_ip"], found["is_adopted"], found["transit_gateway_id"]) == (
        ADDRESS,
        False,
        elsewhere.world["tgw"],
    )
    assert looked["unknown"] == {"berlin": ["site_vpn_local_cidrs", "site_vpn_remote_cidrs"]}
    checked = run("vpn_adoption", check=True, connections=claims, adopt=True)
    assert checked["changed"] is True
    assert "hybridnet:gateway" not in elsewhere.tags(found["vpn_connection_id"])
    done = run("vpn_adoption", connections=claims, adopt=True)
    assert (done["plan"], done["diff"]) == (checked["plan"], checked["diff"])
    ours = {"hybridnet:collection": "hybridnet.aws_vpn", "hybridnet:gateway": "berlin"}
    main = {"hybridnet:connection": "main"}
    tags = {"Name": "vpn-berlin", "env": "lab", "cost": "2", **ours, **main}
    assert elsewhere.tags(found["vpn_connection_id"]) == tags
    assert elsewhere.tags(found["customer_gateway_id"]) == {"Name": "cgw-berlin", "env": "lab", "cost": "1", **ours}


def test_one_refusal_and_nothing_is_adopted(run: Run, elsewhere: Elsewhere) -> None:
    connection = elsewhere.connection()
    claims = [{"name": "berlin", "vpn_connection_id": connection}, {"name": "madrid", "public_ip": "192.0.2.1"}]
    refused = run("vpn_adoption", connections=claims, adopt=True)
    assert refused["failed"] is True
    assert len(refused["problems"]) == 1
    assert f"it has {connection} ({ADDRESS} to {elsewhere.world['tgw']})" in refused["msg"]
    assert elsewhere.tags(connection) == {}


def test_no_key_of_aws_is_shown(run: Run, elsewhere: Elsewhere, ec2: Any) -> None:
    elsewhere.connection()
    (found,) = ec2.describe_vpn_connections()["VpnConnections"]
    keys = [tunnel["PreSharedKey"] for tunnel in found["Options"]["TunnelOptions"]]
    printed = run("vpn_adoption", connections=[{"name": "berlin", "public_ip": ADDRESS}], adopt=True)["printed"]
    assert all(keys) and not any(key in printed for key in keys)


def test_what_ansible_would_mask_is_left_out_and_named(run: Run, elsewhere: Elsewhere) -> None:
    """A secret key of the SDK has 40 characters, but nobody checks that, and Ansible masks it wherever it is part."""
    made = elsewhere.connection(elsewhere.device(TagSpecifications=tag("customer-gateway", Name="berlin-old")))
    claims = [{"name": "madrid", "vpn_connection_id": made}]
    whole = run("vpn_adoption", connections=claims)["host_vars"]["madrid"]
    found = run("vpn_adoption", connections=claims, secret_key="gp")
    assert "****" not in str(found["host_vars"])
    assert found["host_vars"]["madrid"] == {name: value for name, value in whole.items() if value != "bgp"}
    assert [line.split(" is left out: ")[0] for line in found["left_out"]["madrid"]] == ["site_vpn_routing"]
    number = run("vpn_adoption", connections=claims, secret_key="65010")
    assert "site_vpn_bgp_asn" not in number["host_vars"]["madrid"]
    assert any("madrid: site_vpn_bgp_asn is left out" in str(each) for each in number["warnings"])


@pytest.mark.parametrize("claim", [{}, {"public_ip": ADDRESS, "vpn_connection_id": "vpn-0123456789abcdef0"}])
def test_one_selector_is_needed(run: Run, claim: dict[str, str]) -> None:
    assert run("vpn_adoption", connections=[{"name": "berlin", **claim}])["failed"] is True


def test_an_adopted_connection_is_removed_but_its_gateway_stays(run: Run, elsewhere: Elsewhere, ec2: Any) -> None:
    bgp_on_a_gateway(elsewhere)
    run("vpn_adoption", connections=[{"name": "berlin", "public_ip": ADDRESS}], adopt=True)
    removed = run("vpn_sites", state="absent", all_sites=True)
    assert removed["plan"]["counts"]["delete"] == 2
    assert [each["State"] for each in ec2.describe_vpn_gateways()["VpnGateways"]] == ["available"]
