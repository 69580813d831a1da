# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law, over generated Regions and generated wishes.

A Region is brought into some state, by our own hand or by somebody else's; then connections of gateways are asked for.
A gateway can have several, and two gateways stand at one site and have the same networks. The run must converge: apply,
observe, plan again is empty, and what was predicted is what is observed, but for what AWS fills in.
A combination that is refused must be refused for what is there, and nothing is written.
Several Regions and accounts in one run are the subject of the estates of vpn_sites.

The examples are the same in every run. `LAW_EXAMPLES=2000 pytest -k law_properties` tries that many others.
"""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.names import (
    GATEWAY_TAG,
    connection_of,
    gateway_of,
    tagged_name,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Consent,
    TransitRouting,
    TunnelWanted,
    VpnConcentratorWanted,
    VpnGatewayWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Field, Kind
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

EXAMPLES = int(os.environ.get("LAW_EXAMPLES", "0"))
# More than this share of refusals would mean that little is tested.
REFUSED_AT_MOST = 0.25
# So many examples at least ask for two gateways of one site, and for several connections of one gateway.
OF_EACH_SHAPE = 3

EVERYTHING = Consent(allow_interruption=True, force_tunnel_change=True, allow_replacement=True)
CONSENTS = st.sampled_from([EVERYTHING, dataclasses.replace(EVERYTHING, delete_first=True)])
# Where each gateway stands.
SITES = {"berlin": "berlin", "oslo-1": "oslo", "oslo-2": "oslo"}
GATEWAYS = tuple(SITES)
# Connections by their names; one gateway has three.
NAMES = ("berlin", "oslo-1", "oslo-2", "oslo-2/b", "oslo-2/c")
ARNS = tuple(f"arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/{name}" for name in "ab")

Options = dict[str, Any]


# Values of options.


def value_of(row: Field) -> SearchStrategy[Any]:
    """Values AWS takes for one row of the field table."""
    if row.kind is Kind.VALUES:
        return st.lists(st.sampled_from(row.choices or ()), min_size=1, unique=True)
    if row.type == "bool":
        return st.booleans()
    if row.choices:
        return st.sampled_from(row.choices)
    low, high = row.minimum or 0, row.maximum or 3600
    return st.sampled_from(sorted({low, high, row.default or low, (low + high) // 2}))


# Rows that other rows depend on are drawn together, so that a wish goes with whatever is there.
LIFETIMES = st.sampled_from(
    [
        {"phase1_lifetime_seconds": 28800, "phase2_lifetime_seconds": 3600, "rekey_margin_time_seconds": 270},
        {"phase1_lifetime_seconds": 901, "phase2_lifetime_seconds": 900, "rekey_margin_time_seconds": 450},
        {"phase1_lifetime_seconds": 7200, "phase2_lifetime_seconds": 1200, "rekey_margin_time_seconds": 60},
    ]
)
IKE = st.sampled_from(
    [
        {"ike_versions": ["ikev1"], "startup_action": "add", "phase1_additional_key_exchanges": []},
        {"ike_versions": ["ikev2"], "startup_action": "start"},
        {"ike_versions": ["ikev1", "ikev2"], "startup_action": "start"},
        {
            "ike_versions": ["ikev2"],
            "phase1_dh_group_numbers": [20, 21],
            "phase1_additional_key_exchanges": [
                {"round": 1, "methods": [36], "requirement": "required"},
                {"round": 3, "methods": [35, 37], "requirement": "optional"},
            ],
        },
        {
            "ike_versions": ["ikev2"],
            "phase1_dh_group_numbers": [14],
            "phase1_additional_key_exchanges": [{"round": 7, "methods": [], "requirement": "optional"}],
        },
    ]
)
LOGS = st.sampled_from(
    [
        {"log_enabled": True, "log_group_arn": ARNS[0], "log_output_format": "text"},
        {"log_enabled": True, "log_group_arn": ARNS[1]},
        {"log_enabled": False},
        {"bgp_log_enabled": True, "bgp_log_group_arn": ARNS[0], "bgp_log_output_format": "json"},
        {"bgp_log_enabled": False},
    ]
)
KEYS = st.sampled_from(["MARKER_first.1", "MARKER_other.2"]).map(lambda key: {"pre_shared_key": Secret(key)})
TOGETHER = {
    *("phase1_lifetime_seconds", "phase2_lifetime_seconds", "rekey_margin_time_seconds", "ike_versions"),
    *("startup_action", "phase1_additional_key_exchanges", "phase2_additional_key_exchanges"),
    *("phase1_dh_group_numbers", "phase2_dh_group_numbers", "pre_shared_key", "inside_cidr", "inside_ipv6_cidr"),
    *(row.name for row in fields.TUNNEL if "log_" in row.name),
}
SINGLE = st.one_of(
    [value_of(row).map(lambda value, name=row.name: {name: value}) for row in fields.TUNNEL if row.name not in TOGETHER]
)


def merged(parts: list[Options]) -> Options:
    return {name: value for part in parts for name, value in part.items()}


TUNNEL_OPTIONS = st.lists(st.one_of(SINGLE, SINGLE, LIFETIMES, IKE, LOGS, KEYS), max_size=5).map(merged)
TAGS = st.dictionaries(st.sampled_from(["env", "Name", "owner"]), st.sampled_from(["a", "b"]), max_size=2)
# With BGP the tunnels carry 169.254.0.0/16 too, and always the networks of the site.
SELECTORS: list[Options] = [
    {},
    {"remote_ipv4_network_cidr": "128.0.0.0/1"},
    {"remote_ipv4_network_cidr": "160.0.0.0/3", "local_ipv4_network_cidr": "0.0.0.0/0"},
]
ACCELERATION: list[Options] = [{"enable_acceleration": False}, {"enable_acceleration": True}]
BANDWIDTH: list[Options] = [{"tunnel_bandwidth": "standard"}, {"tunnel_bandwidth": "large"}]
SIX: Options = {"tunnel_inside_ip_version": "ipv6"}


@dataclasses.dataclass(frozen=True)
class Wish:
    """One connection, before there is a Region to take ids from."""

    target: str
    routing: str
    address: int
    asn: int
    tunnels: tuple[Options, ...]
    options: Options
    storage: str | None
    networks: tuple[int, ...]
    tags: Mapping[str, str]
    device: Options
    preference: int
    propagate: tuple[int, ...] | None
    tables: tuple[int | None, tuple[int, ...] | None, tuple[int, ...] | None] | None = None

    def entry(self, name: str, aws: Any, of_gateway: Wish, of_site: Wish) -> ConnectionEntry:
        """The connection in a Region; the others say what all connections of its gateway and site have in common."""
        number, gateway = NAMES.index(name), GATEWAYS.index(gateway_of(name))
        site = SITES[gateway_of(name)]
        networks = of_site.own_networks(sorted(SITES.values()).index(site))
        base = ConnectionEntry(
            gateway=gateway_of(name),
            connection=connection_of(name),
            place=site,
            preference=self.preference,
            public_ip=f"198.51.{100 + gateway}.{of_gateway.address}",
            bgp_asn=of_gateway.asn + gateway,
            routing=self.routing,
            local_cidrs=networks,
            remote_cidrs=("172.31.0.0/16",),
            tunnels=tuple(TunnelWanted(self._tunnel(number, *each)) for each in enumerate(self.tunnels)),
            options=self.options,
            pre_shared_key_storage=self.storage,
            tags=self.tags,
        )
        routing = self._routing(networks, aws, is_first=self is of_site)
        return dataclasses.replace(base, **of_gateway.device, **self._target(name, aws), **routing)

    def own_networks(self, site: int) -> tuple[str, ...]:
        """Each site has networks of its own."""
        return tuple(f"10.{20 + 10 * site + number}.0.0/16" for number in self.networks)

    def _tunnel(self, connection: int, number: int, options: Options) -> Options:
        """Inside networks differ between connections and tunnels, as they must on one virtual private gateway."""
        if options.get("inside_cidr"):
            last = 4 * (2 * options["inside_cidr"] + number)
            return {**options, "inside_cidr": f"169.254.{20 + connection}.{last}/30"}
        return options

    def _target(self, name: str, aws: Any) -> dict[str, Any]:
        if self.target == "vpc":
            table_ids = None if self.propagate is None else tuple(aws.tables[number] for number in self.propagate)
            return {
                "vpn_gateway": VpnGatewayWanted(
                    vpc_id=aws.vpc,
                    amazon_side_asn=None,
                    propagate_to=table_ids,
                    tags=tags.vpc_tags(aws.vpc, {}),
                    named_by=name,
                )
            }
        if self.target == "concentrator":
            wanted = VpnConcentratorWanted(aws.tgw, tags.transit_tags(aws.tgw, {}), named_by=name)
            return {"vpn_concentrator": wanted}
        return {
            "tgw": {"transit_gateway_id": aws.tgw},
            "other": {"transit_gateway_id": aws.other_tgw},
            "none": {"unattached": True},
        }[self.target]

    def _routing(self, networks: tuple[str, ...], aws: Any, is_first: bool) -> dict[str, Any]:
        if self.tables is None or self.target != "tgw":
            return {}
        first, second, third = self.tables
        # A table has one static route to the networks that connections of a site have in common.
        third = third if is_first else None

        def ids(numbers: tuple[int, ...] | None) -> tuple[str, ...] | None:
            return None if numbers is None else tuple(aws.transit_tables[number] for number in numbers)

        associate = None if first is None else aws.transit_tables[first]
        return {"transit_routing": TransitRouting(associate, ids(second), ids(third), networks)}


@st.composite
def wishes(draw: st.DrawFn, theme: str) -> Wish:
    """A connection; the theme says what varies most."""
    target = draw(st.sampled_from(THEMES[theme]))
    routing = "bgp" if target == "concentrator" else draw(st.sampled_from(["bgp", "static"]))
    options: Options = {}
    if theme in ("connection options", "bandwidth"):
        options = merged(draw(st.lists(st.sampled_from(options_of(target, theme)), max_size=2)))
    tunnels = draw(st.lists(TUNNEL_OPTIONS if theme == "tunnels" else st.just({}), max_size=2))
    inside = [draw(st.sampled_from([{}, {}, {"inside_cidr": 1}, {"inside_cidr": 2}])) for _each in tunnels]
    with_inside = [{**tunnel, **network} for tunnel, network in zip(tunnels, inside, strict=True)]
    table_lists = st.none() | st.lists(st.sampled_from([0, 1]), unique=True).map(tuple)
    return Wish(
        target,
        routing,
        address=draw(st.sampled_from([10, 11])),
        asn=draw(st.sampled_from([64600, 4200000000])),
        tunnels=tuple(with_inside),
        options=options,
        storage=draw(st.sampled_from([None, "Standard", "SecretsManager"])) if theme == "tunnels" else None,
        networks=tuple(draw(st.lists(st.sampled_from([0, 1, 2]), min_size=1, unique=True))),
        tags=draw(TAGS),
        device=draw(st.sampled_from([{}, {}, {"device_name": "edge"}])),
        preference=draw(st.sampled_from([1, 2])),
        propagate=draw(table_lists),
        tables=draw(st.none() | st.tuples(st.sampled_from([None, 0, 1]), table_lists, table_lists)),
    )


def options_of(target: str, theme: str) -> list[Options]:
    """Connection options AWS takes with a target; it takes no large bandwidth together with acceleration."""
    if target == "vpc":
        return SELECTORS
    return [*SELECTORS, *(BANDWIDTH if theme == "bandwidth" else ACCELERATION)]


THEMES = {
    "targets": ["tgw", "other", "vpc", "vpc", "concentrator", "none"],
    "tunnels": ["tgw", "vpc"],
    "connection options": ["tgw", "other", "vpc", "none"],
    "bandwidth": ["tgw", "other", "vpc", "none"],
    "transit routing": ["tgw", "tgw", "tgw", "other"],
}
NUMBERS = {"targets": 90, "tunnels": 120, "connection options": 50, "bandwidth": 30, "transit routing": 70}
Wishes = dict[str, Wish]


def gateways_of(given: Wishes, aws: Any) -> list[ConnectionEntry]:
    """The connections of the gateways; the first of each gateway and site says what all of them have in common."""
    # All that are on the virtual private gateway of the VPC must describe the same one.
    propagate = next((wish.propagate for _name, wish in sorted(given.items()) if wish.target == "vpc"), None)
    wishes_of_all = {name: dataclasses.replace(wish, propagate=propagate) for name, wish in given.items()}
    wished = [(name, gateway_of(name), wish) for name, wish in sorted(wishes_of_all.items())]
    of_gateways = {gateway: wish for _name, gateway, wish in reversed(wished)}
    of_sites = {SITES[gateway]: wish for _name, gateway, wish in reversed(wished)}
    return [wish.entry(name, aws, of_gateways[gateway], of_sites[SITES[gateway]]) for name, gateway, wish in wished]


def states(theme: str) -> SearchStrategy[Wishes]:
    return st.dictionaries(st.sampled_from(NAMES), wishes(theme), min_size=1, max_size=3)


# Somebody else's hand.


def wire(table: tuple[Field, ...], options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as a request spells them, without the code under test."""
    request: dict[str, Any] = {}
    for row in table:
        value = options.get(row.name)
        if value is None:
            continue
        if row.kind is Kind.VALUES:
            value = [{"Value": each} for each in value]
        elif row.kind is Kind.HIDDEN:
            value = value.reveal()
        elif row.kind is Kind.KEY_EXCHANGES:
            value = [
                {
                    "AdditionalKeyExchangeRound": each["round"],
                    "KeyExchangeMethods": [{"Value": method} for method in each["methods"]],
                    "Requirement": each["requirement"],
                }
                for each in value
            ]
        place = request
        for step in row.path:
            place = place.setdefault(step, {})
        place[row.request] = value
    return request


def steps_by_hand(aws: Any, site: ConnectionEntry, with_name: bool) -> Iterator[str]:
    """Makes a connection by the plain API, step by step, with the identity but otherwise as somebody else would."""
    hand = {"made-by": "hand"}
    identities = {
        "customer-gateway": tags.gateway_tags(site.gateway, hand),
        "vpn-connection": tags.connection_tags(site.name, hand),
    }

    def specification(kind: str) -> list[dict[str, Any]]:
        given = [{"Key": key, "Value": value} for key, value in identities[kind].items() if with_name or key != "Name"]
        return [{"ResourceType": kind, "Tags": given}]

    device = aws.client.create_customer_gateway(
        Type="ipsec.1",
        IpAddress=site.public_ip,
        **({"BgpAsnExtended": site.bgp_asn} if site.bgp_asn > 2147483647 else {"BgpAsn": site.bgp_asn}),
        TagSpecifications=specification("customer-gateway"),
    )["CustomerGateway"]
    yield "customer gateway"
    target: dict[str, Any] = {}
    if site.transit_gateway_id:
        target = {"TransitGatewayId": site.transit_gateway_id}
    elif site.vpn_gateway:
        target = {"VpnGatewayId": gateway_by_hand(aws)}
        yield "gateway"
    connection = aws.client.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=device["CustomerGatewayId"],
        **target,
        Options={
            "StaticRoutesOnly": site.routing == "static",
            **wire(fields.CONNECTION, site.options),
            "TunnelOptions": [wire(fields.TUNNEL, tunnel.options) for tunnel in site.tunnels],
        },
        TagSpecifications=specification("vpn-connection"),
    )["VpnConnection"]
    yield "connection"
    if site.routing == "static" and site.vpn_gateway:
        for cidr in ("10.22.0.0/16", "10.99.0.0/16"):
            request = {"VpnConnectionId": connection["VpnConnectionId"], "DestinationCidrBlock": cidr}
            aws.client.create_vpn_connection_route(**request)
    yield "routes"


def gateway_by_hand(aws: Any) -> str:
    """The gateway of the VPC with its identity, attached or, as after a crash, not yet."""
    attached = [{"Name": "tag:hybridnet:vpc", "Values": [aws.vpc]}]
    for found in aws.client.describe_vpn_gateways(Filters=attached)["VpnGateways"]:
        return str(found["VpnGatewayId"])
    tagging = [{"Key": key, "Value": value} for key, value in tags.vpc_tags(aws.vpc, {}).items()]
    made = aws.client.create_vpn_gateway(
        Type="ipsec.1", TagSpecifications=[{"ResourceType": "vpn-gateway", "Tags": tagging}]
    )
    return str(made["VpnGateway"]["VpnGatewayId"])


@dataclasses.dataclass(frozen=True)
class Hand:
    """Who made what is there: us, or somebody else, perhaps stopping half way."""

    is_ours: bool
    steps: int = 4
    with_name: bool = True

    def make(self, aws: Any, existing: list[ConnectionEntry]) -> None:
        if self.is_ours:
            aws.run(*existing, consent=EVERYTHING)
            return
        for site in existing:
            for number, _step in enumerate(steps_by_hand(aws, site, self.with_name), 1):
                if number >= self.steps:
                    break


HANDS = st.one_of(st.just(Hand(True)), st.builds(Hand, st.just(False), st.integers(1, 4), st.booleans()))


# The law.


def law(aws: Any, existing: Wishes, asked: Wishes, hand: Hand, consent: Consent, tally: Counter[str]) -> None:
    """One example."""
    before, wanted = gateways_of(existing, aws), gateways_of(asked, aws)
    if sites.problems(before) or sites.problems(wanted):
        tally["senseless"] += 1
        return
    tally.update(shapes(wanted))
    hand.make(aws, before)
    others = snapshot(aws, without=wanted)
    plan = aws.plan(*wanted, consent=consent)
    if plan.refusals:
        tally["refused"] += 1
        empty = fresh(aws)
        assert not empty.plan(*gateways_of(asked, empty), consent=consent).refusals, plan.refusals
        return
    aws.run(*wanted, consent=consent)
    tally["changed" if plan.has_changes else "unchanged"] += 1
    assert snapshot(aws, without=wanted) == others
    if finish(aws, wanted, consent):
        tally["outgoing removed"] += 1


def shapes(wanted: list[ConnectionEntry]) -> Iterator[str]:
    """What of several gateways and connections there is in an example."""
    gateways = Counter(each.gateway for each in wanted)
    if len(gateways) > len({each.site for each in wanted}):
        yield "gateways of a site"
    if len(gateways) < len(wanted):
        yield "connections of a gateway"


def snapshot(aws: Any, without: list[ConnectionEntry]) -> list[Any]:
    """Connections of others, those of the same gateway included, and customer gateways of other gateways."""
    names, gateways = {each.name for each in without}, {each.gateway for each in without}

    def tags_of(found: dict[str, Any]) -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}

    connections, devices = aws.client.describe_vpn_connections(), aws.client.describe_customer_gateways()
    kept = [
        *(each for each in connections["VpnConnections"] if tagged_name(tags_of(each)) not in names),
        *(each for each in devices["CustomerGateways"] if tags_of(each).get(GATEWAY_TAG) not in gateways),
    ]
    volatile = ("VgwTelemetry", "CustomerGatewayConfiguration")
    return [{key: value for key, value in each.items() if key not in volatile} for each in kept]


def finish(aws: Any, wanted: list[ConnectionEntry], consent: Consent) -> bool:
    """Once a successor carries traffic, its predecessor goes with the next run."""
    outgoing = [
        each
        for each in aws.connections.values()
        if any(tag["Key"] == "hybridnet:outgoing" for tag in each.get("Tags", []))
    ]
    if not outgoing:
        return False
    for connection_id in set(aws.connections) - {each["VpnConnectionId"] for each in outgoing}:
        aws.up(connection_id)
    aws.run(*wanted, consent=consent)
    assert not {each["VpnConnectionId"] for each in outgoing} & set(aws.connections)
    return True


def fresh(another: Any) -> Any:
    """An empty Region with route tables of the transit gateway, instead of what there was."""
    another.emulator.reset()
    aws = type(another)(another.emulator, another.client)
    aws.transit_tables = [
        aws.client.create_transit_gateway_route_table(TransitGatewayId=aws.tgw)["TransitGatewayRouteTable"][
            "TransitGatewayRouteTableId"
        ]
        for _each in "ab"
    ]
    return aws


@pytest.mark.parametrize("theme", THEMES)
def test_law(quick_aws: Any, theme: str) -> None:
    tally: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES or NUMBERS[theme],
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(existing=states(theme), wanted=states(theme), hand=HANDS, consent=CONSENTS)
    def examples(existing: Wishes, wanted: Wishes, hand: Hand, consent: Consent) -> None:
        law(fresh(quick_aws), existing, wanted, hand, consent, tally)

    examples()
    print(f"{theme}: {dict(tally)}")
    assert tally["refused"] <= REFUSED_AT_MOST * (tally["changed"] + tally["unchanged"])
    assert tally["senseless"] <= REFUSED_AT_MOST * (tally["changed"] + tally["unchanged"])
    assert min(tally["gateways of a site"], tally["connections of a gateway"]) >= OF_EACH_SHAPE
