# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adoption: which connection is meant, whose it is, what is tagged, and what the inventory gets to say."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.host_vars import (
    TEMPLATE,
    HostVars,
    host_vars,
    unknown,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Connection,
    CustomerGateway,
    Observed,
    StaticRoute,
    Tunnel,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.adoption import (
    LISTED,
    Claim,
    ClaimedConnection,
    find,
    is_adopted,
    plan,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.text import shown

MARKER = "MARKER_psk.1"
VPN = "vpn-0123456789abcdef0"
OTHER = "vpn-0123456789abcdef1"
BERLIN = tags.connection_tags("berlin", {})
GATEWAY = tags.gateway_tags("berlin", {})


def device(device_id: str = "cgw-1", public_ip: str | None = "198.51.100.10", **changes: Any) -> CustomerGateway:
    return dataclasses.replace(CustomerGateway(device_id, "available", public_ip, 65010), **changes)


def connection(connection_id: str = VPN, **changes: Any) -> Connection:
    tunnels = tuple(
        Tunnel(number, f"203.0.113.{number}", f"169.254.{number}0.0/30", Secret(MARKER)) for number in (1, 2)
    )
    base = Connection(
        id=connection_id,
        state="available",
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="bgp",
        tunnels=tunnels,
    )
    return dataclasses.replace(base, **changes)


def region(*connections: Connection, devices: tuple[CustomerGateway, ...] | None = None) -> Observed:
    return Observed(
        connections=connections or (connection(),), customer_gateways=(device(),) if devices is None else devices
    )


def refusal(observed: Observed, *claims: Claim) -> str:
    with pytest.raises(InvalidInput) as error:
        find(claims, observed)
    return str(error.value)


BY_ADDRESS = Claim("berlin", public_ip="198.51.100.10")
BY_ID = Claim("berlin", VPN)


@pytest.mark.parametrize("claim", [BY_ADDRESS, BY_ID])
def test_found(claim: Claim) -> None:
    (found,) = find([claim], region(connection(), connection(OTHER, state="deleted")))
    assert (found.name, found.connection.id, found.customer_gateway.id) == ("berlin", VPN, "cgw-1")
    assert not is_adopted(found)


def test_an_ipv6_address_is_found_however_it_is_written() -> None:
    observed = region(devices=(device(public_ip="2001:db8::1"),))
    assert find([Claim("berlin", public_ip="2001:0db8:0::1")], observed)


def test_none() -> None:
    text = refusal(region(), Claim("berlin", public_ip="192.0.2.1"))
    assert "berlin: this Region has no VPN connection with a customer gateway at 192.0.2.1" in text
    assert f"it has {VPN} (198.51.100.10 to tgw-1)" in text
    assert "it has none at all" in refusal(Observed(), BY_ID)


def test_several_are_listed_and_none_is_taken() -> None:
    other = connection(OTHER, transit_gateway_id=None, vpn_gateway_id="vgw-1", tags={"Name": "old"})
    text = refusal(region(connection(), other), BY_ADDRESS)
    assert "berlin: 2 VPN connections have a customer gateway at 198.51.100.10" in text
    assert f"{OTHER} (old, 198.51.100.10 to vgw-1). Set vpn_connection_id to the right one" in text


def test_a_long_list_is_cut() -> None:
    many = [connection(f"vpn-{number:017d}") for number in range(LISTED + 5)]
    assert "and 5 more" in refusal(region(*many), BY_ADDRESS)


def test_every_refusal_at_once() -> None:
    text = refusal(region(), Claim("berlin", "vpn-1"), Claim("madrid", public_ip="192.0.2.1"), Claim("madrid", VPN))
    assert "not the id of a VPN connection" in text
    assert "madrid: this Region has no VPN connection" in text
    assert "name=madrid is given more than once" in text


@pytest.mark.parametrize(
    ("observed", "text"),
    [
        (region(connection(tags=tags.connection_tags("oslo", {}))), f"{VPN} already belongs to oslo"),
        (region(devices=(device(tags=tags.gateway_tags("oslo", {})),)), "cgw-1 already belongs to oslo"),
        (region(connection(tags={"hybridnet:collection": "other"})), "of another collection"),
        (region(connection(tags={**BERLIN, OUTGOING_TAG: "true"})), "is outgoing"),
        (
            region(connection(), connection(OTHER, customer_gateway_id="cgw-2", tags=BERLIN)),
            f"berlin already has connection {OTHER}, and can have only one",
        ),
        (
            region(devices=(device(), device("cgw-2", "192.0.2.1", tags=GATEWAY))),
            "berlin already has customer gateway cgw-2, and can have only one",
        ),
        (region(devices=()), f"the customer gateway of {VPN} is not in this account"),
    ],
)
def test_what_belongs_to_others_is_refused(observed: Observed, text: str) -> None:
    assert text in refusal(observed, BY_ID)


def test_a_customer_gateway_belongs_to_one_gateway() -> None:
    text = refusal(region(connection(), connection(OTHER)), BY_ID, Claim("oslo", OTHER))
    assert "berlin, oslo: cgw-1 can belong to one of them only" in text


def test_tags_are_set_with_consent_only() -> None:
    observed = region(connection(tags={"Name": "old", "env": "lab"}))
    found = find([BY_ID], observed)
    assert not plan(found, observed, adopt=False).has_changes
    made = plan(found, observed, adopt=True)
    assert [(action.resource, action.detail) for action in made.actions] == [
        ("vpn_connection", "set tags hybridnet:collection, hybridnet:connection, hybridnet:gateway"),
        ("customer_gateway", "set tags Name, hybridnet:collection, hybridnet:gateway"),
    ]
    assert made.after["berlin"]["vpn_connection"]["tags"] == {**BERLIN, "Name": "old", "env": "lab"}


def test_what_is_adopted_stays_as_it_is() -> None:
    observed = region(connection(tags=BERLIN), devices=(device(tags=GATEWAY),))
    found = find([BY_ID], observed)
    assert is_adopted(found[0])
    assert not plan(found, observed, adopt=True).has_changes


def test_a_customer_gateway_others_use_too_is_worth_a_word() -> None:
    observed = region(connection(), connection(OTHER))
    (warning,) = plan(find([BY_ID], observed), observed, adopt=True).warnings
    assert f"cgw-1 is also used by {OTHER}" in warning


def in_frankfurt(found: Sequence[ClaimedConnection]) -> list[ClaimedConnection]:
    return [dataclasses.replace(each, access=Access("eu-central-1")) for each in found]


def written(observed: Observed) -> HostVars:
    return host_vars(in_frankfurt(find([BY_ID], observed)))


def many(number: int) -> tuple[Observed, list[Claim]]:
    """A Region, and a claim for each connection of it."""
    devices = tuple(
        device(f"cgw-{each:017x}", f"10.{each >> 16}.{each >> 8 & 255}.{each & 255}") for each in range(number)
    )
    connections = [connection(f"vpn-{each:017x}", customer_gateway_id=devices[each].id) for each in range(number)]
    claims = [Claim(f"site-{each}", public_ip=devices[each].public_ip) for each in range(number)]
    return region(*connections, devices=devices), claims


def adopt_all(observed: Observed, claims: list[Claim]) -> None:
    assert len(plan(find(claims, observed), observed, adopt=True).actions) == 2 * len(claims)


def refuse_all(observed: Observed, claims: list[Claim]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        find([dataclasses.replace(claim, public_ip=f"192.{claim.public_ip}") for claim in claims], observed)
    assert len(refusal.value.problems) == len(claims)


@pytest.mark.parametrize("work", [adopt_all, refuse_all])
def test_the_time_grows_with_the_number_of_connections_and_no_faster(
    work: Callable[[Observed, list[Claim]], None],
) -> None:
    """Each claim compared with each connection would be 16 million comparisons, which take a minute and more."""
    observed, claims = many(4000)
    began = time.process_time()
    work(observed, claims)
    assert time.process_time() - began < 5


def variables(observed: Observed) -> dict[str, Any]:
    return dict(written(observed).variables)


def test_host_vars_of_a_plain_connection() -> None:
    given = variables(region())
    assert given == {
        "site_vpn_region": "eu-central-1",
        "site_vpn_target": {"transit_gateway_id": "tgw-1"},
        "site_vpn_routing": "bgp",
        "site_vpn_public_ip": "198.51.100.10",
        "site_vpn_bgp_asn": 65010,
        "site_vpn_tunnels": [{"inside_cidr": "169.254.10.0/30"}, {"inside_cidr": "169.254.20.0/30"}],
    }
    assert unknown(given) == ["site_vpn_local_cidrs", "site_vpn_remote_cidrs"]


OPTIONS = {
    "enable_acceleration": True,
    "tunnel_inside_ip_version": "ipv4",
    "local_ipv4_network_cidr": "10.20.0.0/16",
    "remote_ipv4_network_cidr": "0.0.0.0/0",
    "static_routes_only": True,
}
TUNNEL = {
    "startup_action": "start",
    "phase1_encryption_algorithms": ["AES256"],
    "phase2_integrity_algorithms": [],
    "phase1_lifetime_seconds": 28800,
    "log_enabled": False,
    "log_output_format": "json",
    "dpd_timeout_seconds": 7,
}


def test_host_vars_of_a_connection_with_everything() -> None:
    one = connection(
        routing="static",
        options=OPTIONS,
        routes=(StaticRoute("10.21.0.0/16", "available"), StaticRoute("10.22.0.0/16", "deleting")),
        tunnels=(
            Tunnel(
                number=1,
                outside_address="203.0.113.1",
                inside_cidr="169.254.10.0/30",
                pre_shared_key=None,
                options=TUNNEL,
            ),
        ),
        pre_shared_key_arn="arn:aws:secretsmanager:eu-central-1:1:secret:s",
        tags={"env": "lab", "Name": "old", "cost": "1", "aws:cloudformation:stack-name": "s"},
    )
    end = device(
        device_name="fw", certificate_arn="arn:aws:acm:eu-central-1:1:certificate/1", tags={**one.tags, "cost": "2"}
    )
    given = variables(region(one, devices=(end,)))
    assert given["site_vpn_options"] == {"enable_acceleration": True, "local_ipv4_network_cidr": "10.20.0.0/16"}
    assert given["site_vpn_local_cidrs"] == ["10.21.0.0/16"]
    assert given["site_vpn_device_name"] == "fw"
    assert given["site_vpn_certificate_arn"].endswith("certificate/1")
    assert given["site_vpn_pre_shared_key_storage"] == "SecretsManager"
    assert given["site_vpn_tags"] == {"Name": "old", "env": "lab"}
    # What AWS would not take back, such as an empty list or a number beyond its own limits, is left alone.
    assert list(written(region(one, devices=(end,))).left_out) == ["site_vpn_tunnels[1].dpd_timeout_seconds"]
    kept = ("phase1_encryption_algorithms", "phase1_lifetime_seconds", "startup_action", "log_enabled")
    assert given["site_vpn_tunnels"] == [{"inside_cidr": "169.254.10.0/30", **{key: TUNNEL[key] for key in kept}}]


@pytest.mark.parametrize(
    ("ends", "target"),
    [
        ({"transit_gateway_id": None}, {"unattached": True}),
        ({"transit_gateway_id": None, "vpn_gateway_id": "vgw-1"}, {"vpn_gateway_id": "vgw-1"}),
        ({"vpn_concentrator_id": "vcn-1"}, {"vpn_concentrator_id": "vcn-1"}),
    ],
)
def test_target(ends: dict[str, Any], target: dict[str, Any]) -> None:
    assert variables(region(connection(**ends)))["site_vpn_target"] == target


TEMPLATES = ["{{ x }}", "a {% if x %}", "{# x", "#jinja2:variable_start_string:'[['\n[[ x ]]"]


@pytest.mark.parametrize("text", TEMPLATES)
def test_no_template_is_written(text: str) -> None:
    spoiled = {"env": text, text: "lab", "kept": "{ % #jinja"}
    log = {
        "log_enabled": True,
        "log_group_arn": f"arn:aws:logs:x:123456789012:log-group:{text}",
        "startup_action": "add",
    }
    one = connection(
        tags=spoiled,
        tunnels=(Tunnel(1, "203.0.113.1", "169.254.10.0/30", None, log),),
        routing="static",
        routes=(StaticRoute("10.21.0.0/16", "available"), StaticRoute(text, "available")),
    )
    arn = f"arn:aws:acm:eu-central-1:123456789012:certificate/{text}"
    end = device(device_name=text, certificate_arn=arn, tags=spoiled)
    given = written(region(one, devices=(end,)))
    assert text not in str(given.variables)
    assert given.variables["site_vpn_tags"] == {"kept": "{ % #jinja"}
    assert given.variables["site_vpn_tunnels"] == [{"inside_cidr": "169.254.10.0/30", "startup_action": "add"}]
    assert {place for place, reason in given.left_out.items() if reason == TEMPLATE} == {
        "site_vpn_certificate_arn",
        "site_vpn_device_name",
        f"site_vpn_tags.{shown(text)}",
        "site_vpn_tags.env",
        # A part of a list would ask for another change.
        f"site_vpn_local_cidrs[{1 + (text > '1')}]",
    }
    assert "site_vpn_tunnels[1].log_group_arn" in given.left_out
    assert all(place.isprintable() for place in given.left_out)


def test_no_key_is_ever_written() -> None:
    assert MARKER not in str(variables(region()))


# Several connections of one gateway.

HUB_CLAIMS = [Claim("hub/a", VPN), Claim("hub/b", OTHER)]


def test_connections_of_one_gateway_are_adopted_in_one_run() -> None:
    observed = region(connection(), connection(OTHER))
    found = find(HUB_CLAIMS, observed)
    made = plan(found, observed, adopt=True)
    assert [(action.owner, action.resource, action.id) for action in made.actions] == [
        ("hub/a", "vpn_connection", VPN),
        ("hub/b", "vpn_connection", OTHER),
        ("hub", "customer_gateway", "cgw-1"),
    ]
    assert made.after["hub"]["customer_gateway"]["tags"] == tags.gateway_tags("hub", {})
    assert made.after["hub/b"]["vpn_connection"]["tags"] == tags.connection_tags("hub/b", {})
    assert made.warnings == ()


def test_another_connection_of_the_gateway_is_adopted_later() -> None:
    mine = tags.connection_tags("hub/a", {})
    observed = region(connection(tags=mine), connection(OTHER), devices=(device(tags=tags.gateway_tags("hub", {})),))
    made = plan(find(HUB_CLAIMS[1:], observed), observed, adopt=True)
    assert [(action.owner, action.resource) for action in made.actions] == [("hub/b", "vpn_connection")]
    assert made.warnings == ()
    assert [is_adopted(each) for each in find(HUB_CLAIMS, observed)] == [True, False]


def test_a_gateway_has_one_customer_gateway() -> None:
    observed = region(
        connection(), connection(OTHER, customer_gateway_id="cgw-2"), devices=(device(), device("cgw-2", "192.0.2.1"))
    )
    text = refusal(observed, *HUB_CLAIMS)
    assert "hub: a gateway has one customer gateway, and its connections have cgw-1, cgw-2" in text


@pytest.mark.parametrize("name", ["hub/a/b", "/a", "hub/\n", "a" * 128, "hub/" + "a" * 128])
def test_a_name_is_a_gateway_and_a_connection(name: str) -> None:
    text = refusal(region(), Claim(name, VPN))
    assert "a name of 1 to 127 printable characters without / is expected" in text


def test_one_connection_cannot_have_two_names() -> None:
    text = refusal(region(), Claim("hub/a", VPN), Claim("hub/b", VPN))
    assert f"vpn_connection_id={VPN} is given more than once" in text


def test_host_vars_of_a_gateway_with_several_connections() -> None:
    static = connection(
        OTHER,
        routing="static",
        transit_gateway_id=None,
        vpn_gateway_id="vgw-1",
        routes=(StaticRoute("10.21.0.0/16", "available"),),
        tags={"env": "lab"},
    )
    observed = region(connection(), static, devices=(device(tags={"env": "lab"}),))
    given = dict(host_vars(in_frankfurt(find(HUB_CLAIMS, observed))).variables)
    tunnels = [{"inside_cidr": "169.254.10.0/30"}, {"inside_cidr": "169.254.20.0/30"}]
    assert given == {
        "site_vpn_region": "eu-central-1",
        "site_vpn_public_ip": "198.51.100.10",
        "site_vpn_bgp_asn": 65010,
        "site_vpn_local_cidrs": ["10.21.0.0/16"],
        "site_vpn_connections": [
            {"name": "a", "target": {"transit_gateway_id": "tgw-1"}, "routing": "bgp", "tunnels": tunnels},
            {
                "name": "b",
                "target": {"vpn_gateway_id": "vgw-1"},
                "routing": "static",
                "tunnels": tunnels,
                "tags": {"env": "lab"},
            },
        ],
    }
    assert unknown(given) == ["site_vpn_remote_cidrs"]


def test_host_vars_of_one_connection_with_a_name() -> None:
    given = host_vars(in_frankfurt(find([Claim("hub/a", VPN)], region()))).variables
    assert [each["name"] for each in given["site_vpn_connections"]] == ["a"]
    assert "site_vpn_target" not in given


def test_what_is_left_out_of_a_list_of_connections_is_named_by_its_place() -> None:
    spoiled = Tunnel(2, "203.0.113.1", "169.254.10.0/30", None, {"dpd_timeout_seconds": 7})
    observed = region(connection(), connection(OTHER, tunnels=(spoiled,)))
    found = host_vars(in_frankfurt(find(HUB_CLAIMS, observed)))
    assert list(found.left_out) == ["site_vpn_connections[2].tunnels[2].dpd_timeout_seconds"]


@pytest.mark.parametrize("text", TEMPLATES)
def test_no_template_is_written_in_a_list_of_connections(text: str) -> None:
    spoiled = {"env": text, "kept": "x"}
    observed = region(connection(), connection(OTHER, tags=spoiled), devices=(device(tags=spoiled),))
    found = host_vars(in_frankfurt(find(HUB_CLAIMS, observed)))
    assert text not in str(found.variables)
    assert found.variables["site_vpn_connections"][1]["tags"] == {"kept": "x"}
    assert found.left_out == {"site_vpn_connections[2].tags.env": TEMPLATE}
