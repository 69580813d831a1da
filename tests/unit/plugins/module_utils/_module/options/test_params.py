# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of a module as the core wants them: one spelling, keys as secrets, and all problems at once."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    ConnectionWanted,
    Consent,
    CustomerGatewayWanted,
    Ref,
    TransitRouting,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.options import params
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run import runner

MODULES = "ansible_collections.hybridnet.aws_vpn.plugins.modules"
KEY = "MARKER_psk.1"
ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
TGW, VGW, VPC, RTB = "tgw-01234567", "vgw-01234567", "vpc-01234567", "tgw-rtb-01234567"
OURS = {"hybridnet:collection": "hybridnet.aws_vpn"}

Given = Callable[..., dict[str, Any]]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """given("vpn_sites", gateways=[...]): the parameters as Ansible hands them to the module, defaults filled in."""

    def validated(module: str, **options: Any) -> dict[str, Any]:
        caught: dict[str, Any] = {}
        with monkeypatch.context() as patch:
            patch.setattr(runner, "run", lambda _work, **settings: caught.update(settings))
            importlib.import_module(f"{MODULES}.{module}").main()
        result = ArgumentSpecValidator(caught["argument_spec"]).validate(options)
        assert result.error_messages == []
        parameters: dict[str, Any] = result.validated_parameters
        return parameters

    return validated


# What may be interrupted.


@pytest.mark.parametrize(
    ("options", "consent"),
    [
        ({}, Consent()),
        ({"allow_interruption": True}, Consent(allow_interruption=True)),
        ({"force_tunnel_change": True}, Consent(force_tunnel_change=True)),
        ({"allow_replacement": True}, Consent(allow_replacement=True)),
        ({"replacement_order": "delete_first"}, Consent(delete_first=True)),
    ],
)
def test_consent(given: Given, options: dict[str, Any], consent: Consent) -> None:
    assert params.consent(given("vpn_connection", name="berlin", **options)) == consent


# Many gateways.


def test_gateways_are_those_of_the_list(given: Given) -> None:
    first = {
        "name": "berlin",
        "public_ip": "2001:DB8::10",
        "target": {"transit_gateway_id": TGW, "static_routes_to": [RTB]},
        "local_cidrs": ["10.20.0.0/16"],
        "tunnels": [{"psk": KEY}],
    }
    entries = params.entries(given("vpn_sites", gateways=[first, {"name": "madrid"}]), Access("eu-central-1"))
    berlin, madrid = entries
    assert (berlin.public_ip, berlin.transit_gateway_id) == ("2001:db8::10", TGW)
    assert berlin.transit_routing == TransitRouting(static_routes_to=(RTB,), cidrs=("10.20.0.0/16",))
    assert berlin.tunnels[0].options == {"pre_shared_key": Secret(KEY)}
    here = Access("eu-central-1")
    assert madrid == ConnectionEntry(gateway="madrid", public_ip=None, bgp_asn=None, routing=None, access=here)
    assert params.entries(given("vpn_sites", state="absent", all_sites=True), Access()) == ()


# One customer gateway.


def device_of(given: Given, region: str | None = "eu-central-1", **options: Any) -> CustomerGatewayWanted:
    wanted = params.customer_gateway(given("customer_gateway", name="berlin", **options), region)
    (found,) = wanted.customer_gateways
    assert (wanted.vpn_gateways, wanted.connections, wanted.vpn_concentrators) == ((), (), ())
    return found


def test_a_customer_gateway(given: Given) -> None:
    found = device_of(
        given, public_ip="2001:DB8::10", bgp_asn=65010, device_name="edge", tags={"env": "lab"}, purge_tags=True
    )
    assert found == CustomerGatewayWanted(
        name="berlin",
        public_ip="2001:db8::10",
        bgp_asn=65010,
        device_name="edge",
        tags={"Name": "berlin", "env": "lab", **OURS, "hybridnet:gateway": "berlin"},
        purge_tags=True,
    )


def test_an_asn_that_is_not_given_stays_open(given: Given) -> None:
    assert device_of(given, public_ip="198.51.100.10").bgp_asn is None


def test_a_certificate_is_enough(given: Given) -> None:
    found = device_of(given, certificate_arn=ARN)
    assert (found.public_ip, found.certificate_arn) == (None, ARN)


def test_one_that_is_to_go_needs_its_name_alone(given: Given) -> None:
    assert not device_of(given, state="absent").present


@pytest.mark.parametrize(
    ("options", "region", "problems"),
    [
        ({}, None, ["public_ip: missing: the public address of the gateway"]),
        ({"public_ip": "198.51.100.10", "bgp_asn": 7224}, None, ["bgp_asn=7224: reserved by AWS in every Region"]),
        ({"public_ip": "198.51.100.10", "bgp_asn": 9059}, "eu-west-1", ["bgp_asn=9059: reserved by AWS in eu-west-1"]),
        (
            {
                "public_ip": "127.0.0.1",
                "bgp_asn": 0,
                "tags": {"aws:x": "y", "hybridnet:gateway": "z"},
            },
            None,
            [
                "tags.aws:x: ",
                "tags.hybridnet:gateway: ",
                "public_ip=127.0.0.1: a loopback address",
                "bgp_asn=0: an ASN is",
            ],
        ),
    ],
)
def test_all_that_is_wrong_with_a_customer_gateway(
    given: Given, options: dict[str, Any], region: str | None, problems: list[str]
) -> None:
    with pytest.raises(InvalidInput) as error:
        device_of(given, region, **options)
    found = sorted(error.value.problems)
    assert [problem for problem, start in zip(found, sorted(problems), strict=True) if start not in problem] == []


def test_an_asn_that_another_region_reserves_is_free_here(given: Given) -> None:
    assert device_of(given, "eu-central-1", public_ip="198.51.100.10", bgp_asn=9059).bgp_asn == 9059


# One gateway on the AWS side.


@pytest.mark.parametrize(
    ("options", "tables"),
    [({}, None), ({"propagate_to": []}, ()), ({"propagate_to": ["rtb-2", "rtb-1"]}, ("rtb-1", "rtb-2"))],
)
def test_propagation_is_left_alone_or_emptied_or_set(
    given: Given, options: dict[str, Any], tables: tuple[str, ...] | None
) -> None:
    (found,) = params.vpn_gateway(given("vpn_gateway", vpc_id="vpc-1", **options)).vpn_gateways
    assert (found.vpc_id, found.propagate_to, found.named_by, found.present) == ("vpc-1", tables, "", True)


def test_a_gateway_takes_private_asns_only(given: Given) -> None:
    with pytest.raises(InvalidInput) as error:
        params.vpn_gateway(given("vpn_gateway", vpc_id="vpc-1", amazon_side_asn=100, tags={"aws:x": ""}))
    assert [problem.partition(": ")[0] for problem in error.value.problems] == ["tags.aws:x", "amazon_side_asn=100"]


@pytest.mark.parametrize(("state", "present"), [("present", True), ("absent", False)])
def test_a_concentrator(given: Given, state: str, present: bool) -> None:
    wanted = params.vpn_concentrator(given("vpn_concentrator", transit_gateway_id="tgw-1", state=state))
    (found,) = wanted.vpn_concentrators
    assert (found.transit_gateway_id, found.present, found.tags["Name"]) == ("tgw-1", present, "tgw-1")


# One connection.


def connection_of(given: Given, **options: Any) -> ConnectionWanted:
    (found,) = params.vpn_connection(given("vpn_connection", name="berlin", **options)).connections
    return found


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"transit_gateway_id": TGW}, {"transit_gateway_id": TGW}),
        ({"vpn_gateway_id": VGW}, {"vpn_gateway": VGW}),
        ({"vpc_id": VPC}, {"vpn_gateway": Ref("vpn_gateway", VPC)}),
        ({"vpn_concentrator_id": "vcn-01234567"}, {"vpn_concentrator": "vcn-01234567"}),
        ({"unattached": True}, {"unattached": True}),
        ({"customer_gateway_id": "cgw-01234567"}, {"customer_gateway": "cgw-01234567"}),
        ({}, {"customer_gateway": Ref("customer_gateway", "berlin"), "unattached": False}),
        ({"state": "absent"}, {"present": False}),
        # An empty list takes all away, no list leaves them alone.
        ({"vpn_gateway_id": VGW, "routing": "static", "static_routes": []}, {"static_routes": ()}),
        ({"vpn_gateway_id": VGW, "routing": "static"}, {"static_routes": None}),
        (
            {"vpn_gateway_id": VGW, "routing": "static", "static_routes": ["10.20.0.0/16"]},
            {"static_routes": ("10.20.0.0/16",)},
        ),
        # A transit gateway has them in its route tables.
        (
            {
                "transit_gateway_id": TGW,
                "routing": "static",
                "static_routes": ["10.20.0.0/16"],
                "transit_gateway_routing": {"static_routes_to": [RTB]},
            },
            {
                "static_routes": (),
                "transit_routing": TransitRouting(static_routes_to=(RTB,), cidrs=("10.20.0.0/16",)),
            },
        ),
        ({"transit_gateway_id": TGW, "transit_gateway_routing": {}}, {"transit_routing": None}),
        (
            {"transit_gateway_id": TGW, "transit_gateway_routing": {"propagate_to": []}},
            {"transit_routing": TransitRouting(propagate_to=())},
        ),
        ({"options": {"enable_acceleration": False}}, {"options": {"enable_acceleration": False}}),
        ({"pre_shared_key_storage": "SecretsManager"}, {"pre_shared_key_storage": "SecretsManager"}),
    ],
)
def test_a_connection(given: Given, options: dict[str, Any], expected: dict[str, Any]) -> None:
    found = connection_of(given, **options)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"transit_gateway_id": TGW, "routing": "static", "static_routes": ["10.20.0.0/16"]},
            "static_routes: only with",
        ),
        (
            {"vpn_gateway_id": VGW, "routing": "bgp", "static_routes": ["10.20.0.0/16"]},
            "static_routes: only with routing=static",
        ),
        (
            {"vpn_gateway_id": VGW, "routing": "static", "static_routes": ["10.20.0.1/16"]},
            "static_routes=10.20.0.1/16: has host bits set",
        ),
        ({"vpn_gateway_id": VGW, "transit_gateway_routing": {"associate_with": RTB}}, "transit_gateway_routing"),
        ({"vpn_gateway_id": VGW, "options": {"enable_acceleration": True}}, "enable_acceleration=True"),
        ({"transit_gateway_id": TGW, "tags": {"aws:x": "y"}}, "tags.aws:x: "),
        ({"transit_gateway_id": TGW, "tunnels": [{"psk": "MARKER key"}]}, "tunnels[1].pre_shared_key: "),
    ],
)
def test_a_connection_that_is_refused(given: Given, options: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInput) as error:
        connection_of(given, **options)
    (found,) = error.value.problems
    assert problem in found
    assert "MARKER" not in str(error.value)
