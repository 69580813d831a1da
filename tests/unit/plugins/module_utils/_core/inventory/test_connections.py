# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host with a list of connections: its own variables are their defaults, and each problem has its place."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.host import OF_A_CONNECTION
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import Unreadable
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites

MARKER = "MarkerKey+20"
TGW, OTHER = ({"transit_gateway_id": f"tgw-0123456789abcdef{number}"} for number in (0, 1))
VGW = {"vpn_gateway_id": "vgw-0123456789abcdef0"}


def hub(name: str = "hub", **changes: Any) -> dict[str, Any]:
    """A correct gateway; a change to None takes the variable away."""
    options = {
        "region": "eu-central-1",
        "target": TGW,
        "public_ip": "198.51.100.10",
        "bgp_asn": 65010,
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        **changes,
    }
    given = {f"site_vpn_{key}": value for key, value in options.items() if value is not None}
    return {"inventory_hostname": name, **given}


def checked(*connections: Any, **changes: Any) -> dict[str, Any]:
    return check_sites([hub(connections=list(connections), **changes)])


def problems(*connections: Any, **changes: Any) -> list[str]:
    found: list[str] = checked(*connections, **changes)["problems"]
    return found


def connections_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    assert result["problems"] == []
    (gateway,) = result["gateways"]
    found: list[dict[str, Any]] = gateway["connections"]
    return found


# What is handed on.


def test_a_gateway_with_a_list_as_vpn_sites_takes_it() -> None:
    dublin = {"name": "dublin", "target": OTHER, "region": "eu-west-1", "preference": 2, "tags": {"env": "lab"}}
    result = checked({"name": "frankfurt"}, dublin, site="oslo")
    both = {"routing": "bgp", "remote_cidrs": ["10.0.0.0/16"], "tunnels": []}
    assert result["gateways"] == [
        {
            "name": "hub",
            "site": "oslo",
            "public_ip": "198.51.100.10",
            "bgp_asn": 65010,
            "local_cidrs": ["10.20.0.0/16"],
            "connections": [
                {"name": "frankfurt", "target": TGW, "region": "eu-central-1", "preference": 1, "tags": {}, **both},
                {**dublin, **both},
            ],
        }
    ]
    assert result["keys_from_aws"] == ["hub/frankfurt", "hub/dublin"]


def test_a_host_knows_each_of_its_connections() -> None:
    probe = {"vpc_probe_address": "10.0.1.5", "vpc_probe_host": "probe"}
    own = [{"name": "a", **probe}, {"name": "b", "tunnels": [{"psk": "marker.key_1"}]}]
    host = checked(*own)["hosts"]["hub"]
    assert host["site"] == "hub"
    assert list(host["connections"]) == ["hub/a", "hub/b"]
    assert {name: each["keyed_tunnels"] for name, each in host["connections"].items()} == {"hub/a": [], "hub/b": [1]}
    assert {name: each["vpc_probe_host"] for name, each in host["connections"].items()} == {
        "hub/a": "probe",
        "hub/b": None,
    }
    assert "marker" not in str(host)


@pytest.mark.parametrize("unset", [None, "", []])
def test_without_a_list_the_host_has_one_connection(unset: Any) -> None:
    result = check_sites([{**hub(), "site_vpn_connections": unset}])
    assert result["problems"] == []
    assert "connections" not in result["gateways"][0]
    assert list(result["hosts"]["hub"]["connections"]) == ["hub"]


def test_a_connection_called_main_has_the_name_of_its_gateway() -> None:
    assert list(checked({"name": "main"}, {"name": "b"})["hosts"]["hub"]["connections"]) == ["hub", "hub/b"]


VALUES: dict[str, Any] = {
    "target": OTHER,
    "routing": "static",
    "remote_cidrs": ["10.1.0.0/16"],
    "tags": {"team": "net"},
    "options": {"tunnel_bandwidth": "standard"},
    "pre_shared_key_storage": "Standard",
    "tunnels": [{"inside_cidr": "169.254.20.0/30"}],
    "preference": 3,
    "region": "eu-west-1",
    "profile": "hub",
    "assume_role_arn": "arn:aws:iam::111122223333:role/vpn",
    "external_id": "x-1",
    "role_session_name": "vpn",
    "vpc_probe_address": "10.0.1.5",
    "vpc_probe_host": "probe",
    "vpc_route_tables": ["rtb-0123456789abcdef0"],
    "probe_instance": True,
    "probe_subnet": "subnet-0123456789abcdef0",
}
# Options that make sense only beside another one.
NEEDS: dict[str, dict[str, Any]] = {
    **{name: {"assume_role_arn": VALUES["assume_role_arn"]} for name in ("external_id", "role_session_name")},
    "probe_instance": {"probe_subnet": VALUES["probe_subnet"], "vpc_probe_address": VALUES["vpc_probe_address"]},
}


def test_the_values_here_are_all_that_a_connection_can_say() -> None:
    assert set(VALUES) == set(OF_A_CONNECTION)


@pytest.mark.parametrize("option", VALUES)
def test_a_variable_of_the_host_is_the_default_of_its_connections(option: str) -> None:
    """Said by the host, or by the connection itself: the same comes out."""
    given = {option: VALUES[option], **NEEDS.get(option, {})}
    by_host = checked({"name": "a"}, **given)
    by_itself = checked({"name": "a", **given})
    assert by_host == by_itself
    assert by_host != checked({"name": "a"})


@pytest.mark.parametrize("option", VALUES)
def test_what_a_connection_says_wins(option: str) -> None:
    given = {option: VALUES[option], **NEEDS.get(option, {})}
    others = {
        "target": VGW,
        "routing": "bgp",
        "remote_cidrs": ["10.7.0.0/16"],
        "options": {"tunnel_bandwidth": "large"},
        "tunnels": [{"inside_cidr": "169.254.21.0/30"}],
        "tags": {"team": "core", "floor": "1"},
    }
    host = {option: others[option]} if option in others else {}
    assert checked({"name": "a", **given}, **host) == checked({"name": "a", **given})


@pytest.mark.parametrize("unset", [None, "", []])
@pytest.mark.parametrize("option", VALUES)
def test_what_a_connection_leaves_empty_its_host_says(option: str, unset: Any) -> None:
    given = {option: VALUES[option], **NEEDS.get(option, {})}
    assert checked({"name": "a", option: unset}, **given) == checked({"name": "a"}, **given)


# Problems.


@pytest.mark.parametrize(
    ("own", "problem"),
    [
        ({"target": {"transit_gateway_id": "tgw"}}, "connections[2].target.transit_gateway_id=tgw: "),
        ({"target": {**TGW, "propagate": []}}, "connections[2].target.propagate: unknown option, did you mean"),
        ({"remote_cidrs": ["x"]}, "connections[2].remote_cidrs=x: "),
        ({"remote_cidrs": "10.0.0.0/16"}, "connections[2].remote_cidrs=10.0.0.0/16: a list is expected"),
        ({"routing": "bpg"}, "connections[2].routing=bpg: must be bgp or static, did you mean bgp?"),
        ({"region": "frankfurt"}, "connections[2].region=frankfurt: not the name of an AWS Region"),
        ({"preference": 0}, "connections[2].preference=0: a number from 1 to 9 is expected"),
        ({"preference": "first"}, "connections[2].preference=first: a number from 1 to 9 is expected"),
        ({"tags": {"aws:x": "x"}}, "connections[2].tags.aws:x: "),
        ({"tags": {"x": True}}, "connections[2].tags.x: the value of a tag is a string"),
        ({"options": {"enable_acceleration": "perhaps"}}, "connections[2].options.enable_acceleration=perhaps: "),
        ({"tunnels": [{}, {"inside_cidr": "10.0.0.0/30"}]}, "connections[2].tunnels[2].inside_cidr=10.0.0.0/30: "),
        ({"tunnels": [{"psk": MARKER}]}, "connections[2].tunnels[1].psk: "),
        ({"vpc_probe_address": "10.9.0.1"}, "connections[2].vpc_probe_address=10.9.0.1: is in none of"),
    ],
)
def test_a_problem_of_a_connection_has_its_place(own: dict[str, Any], problem: str) -> None:
    (found,) = problems({"name": "a"}, {"name": "b", **own})
    assert found.startswith(f"hub/b: site_vpn_{problem}")
    assert MARKER not in found


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        # Options of the gateway, and defaults of its connections.
        ({"bgp_asn": 7224}, "bgp_asn=7224: reserved by AWS"),
        ({"local_cidrs": ["10.20.0.1/16"]}, "local_cidrs=10.20.0.1/16: "),
        ({"target": {"transit_gateway_id": "tgw"}}, "target.transit_gateway_id=tgw: "),
        ({"remote_cidrs": ["x"]}, "remote_cidrs=x: "),
        ({"region": "frankfurt"}, "region=frankfurt: not the name of an AWS Region"),
        ({"preference": 10}, "preference=10: a number from 1 to 9 is expected"),
        ({"tunnels": [{"psk": MARKER}]}, "tunnels[1].psk: "),
        ({"connexions": []}, "connexions: unknown option, did you mean site_vpn_connections?"),
    ],
)
def test_what_is_said_once_for_all_connections_is_told_once(changes: dict[str, Any], problem: str) -> None:
    (found,) = problems({"name": "a"}, {"name": "b"}, **changes)
    assert found.startswith(f"hub: site_vpn_{problem}")
    assert MARKER not in found


def test_what_nobody_says_is_missing_for_each_connection() -> None:
    found = problems({"name": "a"}, {"name": "b", "target": OTHER}, target=None)
    assert [problem.partition(": missing")[0] for problem in found] == ["hub/a: site_vpn_target"]


LIST = "connections: a list of dictionaries is expected"
ENTRY = "a dictionary with at least a name is expected, such as {name: dublin}"
PART = "a name of 1 to 127 printable characters without / is expected"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("dublin", LIST),
        ({"name": "dublin"}, LIST),
        (Unreadable("'lab' is undefined"), "connections: cannot be evaluated: 'lab' is undefined"),
        (["dublin"], f"connections[1]: {ENTRY}"),
        ([None], f"connections[1]: {ENTRY}"),
        ([{"target": TGW}], f"connections[1]: {ENTRY}"),
        ([{"name": 7}], f"connections[1]: {ENTRY}"),
        ([{"name": "a"}, "b"], f"connections[2]: {ENTRY}"),
        ([{"name": "b"}, {"name": "a/b"}], f"connections[2].name=a/b: {PART}"),
        ([{"name": ""}], f"connections[1]: {ENTRY}"),
        ([{"name": "a", "public_ip": "x"}], "connections[1].public_ip: unknown option"),
        ([{"name": "a", "tragte": {}}], "connections[1].tragte: unknown option, did you mean target?"),
    ],
)
def test_a_list_that_cannot_be_read(given: Any, problem: str) -> None:
    """One problem, not one more for everything that the list could have said."""
    for flat in ({}, {"target": None, "remote_cidrs": None, "region": None}):
        full = [each for each in given if isinstance(each, dict) and "name" in each] if isinstance(given, list) else []
        if flat and full:
            continue
        (found,) = check_sites([hub(connections=given, **flat)])["problems"]
        assert found.startswith(f"hub: site_vpn_{problem}")


def test_a_gateway_whose_list_cannot_be_read_is_checked_itself() -> None:
    found = problems("dublin", bgp_asn=7224, target=None)
    assert [problem.split(":")[1].strip().partition("=")[0] for problem in found] == [
        "site_vpn_connections[1]",
        "site_vpn_bgp_asn",
    ]


def test_a_connection_is_in_the_list_once() -> None:
    (found,) = problems({"name": "a"}, {"name": "b"}, {"name": "a"})
    assert found == "hub: site_vpn_connections[1].name: is given 2 times"


def test_inside_cidrs_of_one_gateway_differ() -> None:
    tunnels = {"tunnels": [{"inside_cidr": "169.254.20.0/30"}]}
    rule = "=169.254.20.0/30: the tunnels end on hub, so each needs an inside CIDR of its own"
    (found,) = problems({"name": "a", **tunnels}, {"name": "b", "target": OTHER, **tunnels})
    assert found == f"hub/a, hub/b: site_vpn_connections[2].tunnels[].inside_cidr{rule}"
    # They come from the host for both.
    (found,) = problems({"name": "a"}, {"name": "b", "target": OTHER}, **tunnels)
    assert found == f"hub/a, hub/b: site_vpn_tunnels[].inside_cidr{rule}"


def test_connections_with_both_kinds_of_routing_are_a_problem_of_their_gateway() -> None:
    result = checked({"name": "a"}, {"name": "b", "routing": "static"})
    assert result["problems"] == []
    assert len(result["gateways"]) == 1
    assert result["gateway_problems"] == [
        "hub: site_vpn_connections: the connections of one gateway have bgp and static, and the gateways of this"
        " version use one kind"
    ]


def test_what_only_the_aws_side_can_do_is_told_of_the_connection() -> None:
    (found,) = checked({"name": "a"}, {"name": "b", "target": {"unattached": True}})["gateway_problems"]
    assert found.startswith("hub/b: site_vpn_connections[2].target.unattached: the gateways of this version need")


# Several gateways.


def pair(**changes: Any) -> list[dict[str, Any]]:
    return [hub("oslo-1", **changes), hub("oslo-2", public_ip="198.51.100.11", **changes)]


def test_two_gateways_of_one_site_have_the_same_networks() -> None:
    assert check_sites(pair(site="oslo"))["problems"] == []
    (found,) = check_sites(pair())["problems"]
    assert found.startswith("oslo-2: site_vpn_local_cidrs=10.20.0.0/16: also a network of oslo-1: ")


def test_two_gateways_may_call_their_connections_alike() -> None:
    result = check_sites(pair(site="oslo", connections=[{"name": "a"}, {"name": "b"}]))
    assert result["problems"] == []
    assert [list(each["connections"]) for each in result["hosts"].values()] == [
        ["oslo-1/a", "oslo-1/b"],
        ["oslo-2/a", "oslo-2/b"],
    ]


def test_a_host_with_a_separator_in_its_name_is_refused_and_the_others_are_checked() -> None:
    found = check_sites([hub("hub/a"), hub("ulm", public_ip="198.51.100.11", bgp_asn=7224)])["problems"]
    assert len(found) == 3
    assert f"hub/a: the name of the host: {PART}" in found


def test_a_bad_name_of_a_host_is_not_one_of_its_connections() -> None:
    """There is no variable for it, and the main connection has the same name."""
    found = check_sites([hub("hub/a", connections=[{"name": "main"}, {"name": "b"}])])["problems"]
    assert f"hub/a: the name of the host: {PART}" in found
    assert not [line for line in found if "connections[1].name" in line]
    # Who gives such a variable, is told so.
    found = check_sites([{**hub("hub"), "site_vpn_name": "ulm"}])["problems"]
    assert found == ["hub: site_vpn_name: unknown option, did you mean site_vpn_device_name?"]
