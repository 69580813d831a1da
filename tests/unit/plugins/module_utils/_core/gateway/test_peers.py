# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a gateway needs of a tunnel."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import peers
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.settings import Settings

REMOTE = ["10.0.0.0/16"]
LOCAL = ["10.20.0.0/16"]


def tunnel(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Tunnel 1 or 2 of one connection, as vpn_sites returns it."""
    first = 4 * (number - 1)
    return {
        "vpn_connection_id": "vpn-0123456789abcdef0",
        "number": number,
        "outside_address": f"203.0.113.{first + 2}",
        "customer_address": "198.51.100.10",
        "inside_cidr": f"169.254.20.{first}/30",
        "aws_inside_address": f"169.254.20.{first + 1}",
        "customer_inside_address": f"169.254.20.{first + 2}",
        "amazon_side_asn": 64512,
        "customer_asn": 65010,
        "routing": "bgp",
        "local_cidrs": LOCAL,
        "remote_cidrs": REMOTE,
        "options": {},
        "telemetry": {"status": "DOWN"},
        **changes,
    }


def computed(tunnels: list[dict[str, Any]], **settings: Any) -> list[dict[str, Any]]:
    return peers.peers(tunnels, Settings(**settings))


def problems(tunnels: list[dict[str, Any]], **settings: Any) -> list[str]:
    with pytest.raises(InvalidInput) as refusal:
        computed(tunnels, **settings)
    return refusal.value.problems


def test_two_tunnels_share_nothing_they_must_not_share() -> None:
    one, two = computed([tunnel(2), tunnel(1)])
    assert [one["name"], two["name"]] == ["vpn-0123456789abcdef0-1", "vpn-0123456789abcdef0-2"]
    for key in ("interface", "if_id", "table", "rule_priority", "metric", "tos", "outside_address", "inside_interface"):
        assert one[key] != two[key]


def test_the_second_tunnel_is_the_same_without_the_first() -> None:
    assert computed([tunnel(1), tunnel(2)])[1] == computed([tunnel(2)])[0]


def test_tunnels_of_two_connections_are_told_apart() -> None:
    other = {"vpn_connection_id": "vpn-0fedcba9876543210", "inside_cidr": "169.254.30.0/30"}
    other.update(
        aws_inside_address="169.254.30.1", customer_inside_address="169.254.30.2", outside_address="203.0.113.10"
    )
    assert [peer["tos"] for peer in computed([tunnel(1), tunnel(2), tunnel(1, **other)])] == [4, 8, 12]


def test_one_tunnel_in_full() -> None:
    (peer,) = computed([tunnel()])
    words = peer.pop("strongswan")
    assert words["ike_proposal"] == "aes256gcm16-prfsha384-ecp384"
    assert peer == {
        "name": "vpn-0123456789abcdef0-1",
        "connection": "vpn-0123456789abcdef0",
        "number": 1,
        "interface": "vpn2280",
        "if_id": 2280,
        "table": 2280,
        "rule_priority": 901,
        "metric": 101,
        "tos": 4,
        "mtu": 1446,
        "mss": 1406,
        "outside_address": "203.0.113.2",
        "local_address": "198.51.100.10",
        "lan_address": None,
        "local_id": "198.51.100.10",
        "remote_id": "203.0.113.2",
        "inside_interface": "169.254.20.2/30",
        "aws_inside_address": "169.254.20.1",
        "customer_inside_address": "169.254.20.2",
        "routing": "bgp",
        **dict.fromkeys(("local_cidrs", "allowed_cidrs"), LOCAL),
        **dict.fromkeys(("remote_cidrs", "unreachable_cidrs"), REMOTE),
        "uplink_route": False,
        "replay_window": 1024,
        "daemon": "strongswan",
        "local_asn": 65010,
        "remote_asn": 64512,
        "bgp_neighbor": "169.254.20.1",
        "bgp_maximum_prefix": 1000,
        "policy": {"name": "AWS-VPN", "local_preference": 100, "prepended": []},
        "bgp_router_id": "198.51.100.10",
        "probe": {"tos": 4, "outside_address": "203.0.113.2", "mtu": 1446},
        **dict.fromkeys(("local_network_cidr", "remote_network_cidr"), "0.0.0.0/0"),
        "keepalive": {"source": "169.254.20.2", "target": "169.254.20.1", "is_answered": True},
    }


@pytest.mark.parametrize(
    ("inside", "if_id"), [("169.254.0.8/30", 1002), ("169.254.20.0/30", 2280), ("169.254.255.252/30", 17383)]
)
def test_interface_ids_follow_from_the_inside_cidr(inside: str, if_id: int) -> None:
    prefix, last = inside.removesuffix("/30").rsplit(".", 1)
    ends = {"aws_inside_address": f"{prefix}.{int(last) + 1}", "customer_inside_address": f"{prefix}.{int(last) + 2}"}
    (peer,) = computed([tunnel(inside_cidr=inside, **ends)])
    assert (peer["if_id"], peer["table"], peer["interface"]) == (if_id, if_id, f"vpn{if_id}")
    # The kernel takes 15 characters.
    assert len(peer["interface"]) <= 15


def test_nat_in_between_leaves_room_for_udp_and_keeps_the_identity() -> None:
    (peer,) = computed([tunnel()], local_address="192.168.1.10")
    assert (peer["mtu"], peer["local_address"], peer["local_id"]) == (1438, "192.168.1.10", "198.51.100.10")


def test_an_accelerated_tunnel_is_in_udp_without_nat_too() -> None:
    (plain,) = computed([tunnel()])
    (peer,) = computed([tunnel(connection_options={"enable_acceleration": True})])
    assert (peer["mtu"], peer["mss"], peer["strongswan"]["encap"]) == (1438, 1398, "yes")
    assert plain["strongswan"]["encap"] == "no"
    # AWS starts no rekey there.
    assert 0 < peer["strongswan"]["ike_rekey_time"] < 28800
    assert 0 < peer["strongswan"]["esp_rekey_time"] < peer["strongswan"]["esp_life_time"]


def test_arguments_win_over_the_tunnels_own_words() -> None:
    (peer,) = computed([tunnel()], routing="static", remote_cidrs=["10.9.0.0/16"], local_cidrs=["10.8.0.0/16"])
    assert peer["routing"] == "static"
    bgp = ("bgp_neighbor", "local_asn", "remote_asn", "bgp_router_id", "bgp_maximum_prefix")
    assert {peer[key] for key in bgp} == {None}
    assert (peer["remote_cidrs"], peer["local_cidrs"]) == (["10.9.0.0/16"], ["10.8.0.0/16"])


def test_tunnel_options_decide() -> None:
    options = {
        "phase1_encryption_algorithms": ["AES128"],
        "phase2_encryption_algorithms": ["AES256"],
        "phase2_integrity_algorithms": ["SHA2-512"],
        "replay_window_size": 64,
        "ike_versions": ["ikev1", "ikev2"],
    }
    (peer,) = computed([tunnel(options=options)])
    assert peer["strongswan"]["ike_proposal"] == "aes128-sha384-ecp384"
    assert peer["strongswan"]["esp_proposal"] == "aes256-sha512-ecp384"
    assert (peer["mtu"], peer["replay_window"]) == (1422, 64)


def test_no_key_finds_its_way_through() -> None:
    (peer,) = computed([tunnel(pre_shared_key="Marker_key.of_this_test.1234567")])
    assert "Marker" not in str(peer)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"inside_cidr": "169.254.20.0/29"}, "inside CIDR 169.254.20.0/29 is not a /30 of 169.254.0.0/16"),
        ({"inside_cidr": "10.1.1.0/30"}, "inside CIDR 10.1.1.0/30 is not a /30"),
        ({"aws_inside_address": "169.254.20.9"}, "are not the two hosts of 169.254.20.0/30"),
        ({"remote_cidrs": []}, "no remote CIDR"),
        ({"local_cidrs": []}, "BGP needs a local CIDR to announce"),
        ({"customer_asn": None}, "BGP needs customer_asn"),
        ({"amazon_side_asn": None}, "BGP needs amazon_side_asn"),
        ({"routing": "ospf"}, "unknown routing ospf"),
        ({"options": {"phase1_dh_group_numbers": [2]}}, "phase1_dh_group_numbers: 2: only weak values"),
    ],
)
def test_refuses_what_cannot_work(changes: dict[str, Any], text: str) -> None:
    (problem,) = problems([tunnel(**changes)])
    assert text in problem
    assert problem.startswith("vpn-0123456789abcdef0-1: ")


EVIL = "x/../../../../etc/cron.d/pwn\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vpn_connection_id", f"vpn-0123456789abcdef0{EVIL}"),
        ("vpn_connection_id", "vpn-0123456789abcdef0\n"),
        ("vpn_connection_id", "vpn-\u0661\u0662\u0663\u0664\u0661\u0662\u0663\u0664"),
        ("vpn_connection_id", "key-0123456789abcdef0"),
        ("vpn_connection_id", f"vpn-{'0' * 1000}"),
        ("number", "1 }"),
        ("number", 3),
        ("number", True),
        ("outside_address", f"203.0.113.2{EVIL}"),
        ("outside_address", "203.0.113.2\n"),
        ("outside_address", 3405803778),
        ("outside_address", "2001:db8::1%eth0\n}"),
        ("customer_address", "198.51.100.10\n  id = other"),
        ("inside_cidr", "169.254.20.1/30"),
        ("inside_cidr", "169.254.20.0/30\n"),
        ("inside_cidr", ["169.254.20.0", 30]),
        ("aws_inside_address", "169.254.20.1 remote-as 1"),
        ("customer_inside_address", 2852000770),
        ("amazon_side_asn", "64512\n neighbor 192.0.2.1 remote-as 1"),
        ("amazon_side_asn", 2**32),
        ("customer_asn", "\u0666\u0665\u0660\u0661\u0660"),
        ("customer_asn", "65_010"),
        ("remote_cidrs", "10.0.0.0/16"),
        ("options", "ikev2"),
        ("connection_options", "0.0.0.0/0"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name: str, value: Any) -> None:
    (problem,) = problems([{**tunnel(), name: value}])
    assert f": {name} " in problem
    assert " is not " in problem
    assert problem.isprintable()
    assert len(problem) < 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("replay_window_size", "64\n"),
        ("phase1_lifetime_seconds", "an hour"),
        ("phase2_dh_group_numbers", 20),
        ("phase1_encryption_algorithms", "AES256"),
        ("phase1_additional_key_exchanges", ["1"]),
    ],
)
def test_options_are_checked_too(name: str, value: Any) -> None:
    (problem,) = problems([tunnel(options={name: value})])
    assert f": {name} " in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("local_address", "10.0.0.1\n"),
        ("lan_address", "10.20.0.1 metric 1"),
        ("bgp_router_id", "10.20.0.1!"),
        ("bgp_maximum_prefix", "10 warning-only"),
        ("path_mtu", "1500\n"),
        ("remote_cidrs", ["10.0.0.0/16\nroute add"]),
        ("local_cidrs", ["10.20.0.0/16 blackhole"]),
        ("local_cidrs", ["2001:db8::%0/64"]),
    ],
)
def test_the_owners_values_are_checked_too(name: str, value: Any) -> None:
    found = problems([tunnel()], **{name: value})
    assert [problem.partition(": ")[0] for problem in found] == ["vpn-0123456789abcdef0-1"] * len(found)
    assert any(f": {name} " in problem for problem in found)
    assert all(map(str.isprintable, found))


def test_finished_peers_hold_words_only() -> None:
    finished = computed([tunnel(1), tunnel(2)], lan_address="10.20.0.1")
    peers.check(finished)


@pytest.mark.parametrize(
    "value", [EVIL, "a b", "a\n", "a;b", "../a", "a/b", "10.0.0.0/8", "{{ a }}", '"', "", 1.5, "a" * 101]
)
@pytest.mark.parametrize("name", ["name", "interface", "outside_address"])
def test_a_peer_that_could_break_out_is_refused(name: str, value: Any) -> None:
    (peer,) = computed([tunnel()])
    with pytest.raises(InvalidInput, match=rf"peers.{name} .* is not one word"):
        peers.check([{**peer, name: value}])
    with pytest.raises(InvalidInput, match=r"peers.remote_cidrs .* is not one word"):
        peers.check([{**peer, "remote_cidrs": ["10.0.0.0/8", "10.0.0.0/8\n"]}])


def test_static_routing_needs_neither_asns_nor_local_networks() -> None:
    (peer,) = computed([tunnel(customer_asn=None, amazon_side_asn=None, local_cidrs=[])], routing="static")
    assert peer["bgp_neighbor"] is None


def test_names_every_problem_of_every_tunnel_at_once() -> None:
    found = problems([tunnel(1, remote_cidrs=[]), tunnel(2, customer_asn=None)])
    assert len(found) == 2
    assert {problem.split(":")[0] for problem in found} == {"vpn-0123456789abcdef0-1", "vpn-0123456789abcdef0-2"}


@pytest.mark.parametrize(
    "changes",
    [
        {"options": {"phase1_encryption_algorithms": ["\x1b[2J"]}},
        {"options": {"phase2_integrity_algorithms": ["SHA9-" * 200]}},
        {"options": {"phase1_dh_group_numbers": list(range(100, 400))}},
        {"options": {"phase2_dh_group_numbers": [{"psk": EVIL}]}},
        {"routing": "ospf" * 200},
        {"routing": EVIL},
    ],
)
def test_a_strange_word_is_shown_in_one_short_line(changes: dict[str, Any]) -> None:
    (problem,) = problems([tunnel(**changes)])
    assert problem.isprintable()
    assert len(problem) < 400


def test_names_every_tunnel_without_a_proposal() -> None:
    weak = {"phase1_dh_group_numbers": [2]}
    assert len(problems([tunnel(1, options=weak), tunnel(2, options=weak)])) == 2


def test_names_what_is_missing() -> None:
    assert problems([{"number": 1}])[0] == "tunnel 1 of an unnamed connection: no vpn_connection_id"


def test_one_gateway_cannot_have_an_inside_cidr_twice() -> None:
    other = tunnel(1, vpn_connection_id="vpn-0fedcba9876543210", outside_address="203.0.113.10")
    (problem,) = problems([tunnel(1), other])
    assert problem.startswith(
        "inside_cidr 169.254.20.0/30 is used by vpn-0123456789abcdef0-1 and vpn-0fedcba9876543210-1"
    )


def test_one_gateway_has_one_asn_and_one_kind_of_routing() -> None:
    assert "several customer ASNs: 65010, 65011" in problems([tunnel(1), tunnel(2, customer_asn=65011)])[0]
    assert "several kinds of routing: bgp, static" in problems([tunnel(1), tunnel(2, routing="static")])[0]
    assert len(computed([tunnel(1), tunnel(2, routing="static")], routing="bgp")) == 2


def test_the_owner_says_what_goes_into_each_peer() -> None:
    owner = {"lan_address": "10.20.0.1", "bgp_router_id": "10.20.0.9", "bgp_maximum_prefix": 50}
    for peer in computed([tunnel(1), tunnel(2)], **owner, unreachable_without_tunnel=False):
        assert {key: peer[key] for key in owner} == owner
        assert peer["unreachable_cidrs"] == []
    assert "'10.20.0.300'" in problems([tunnel()], lan_address="10.20.0.300")[0]


def test_the_owner_adds_networks() -> None:
    further = {"allowed_cidrs": ["192.168.9.0/24"], "unreachable_cidrs": ["2001:DB8:A::/56"]}
    for peer in computed([tunnel(1), tunnel(2)], **further):
        assert peer["allowed_cidrs"] == [*LOCAL, "192.168.9.0/24"]
        assert peer["unreachable_cidrs"] == [*REMOTE, "2001:db8:a::/56"]
        assert peer["local_cidrs"] == LOCAL
    (peer,) = computed([tunnel()], **further, unreachable_without_tunnel=False)
    assert peer["unreachable_cidrs"] == ["2001:db8:a::/56"]


@pytest.mark.parametrize(
    ("further", "text"),
    [
        ({"allowed_cidrs": ["lan.example"]}, "allowed_cidrs 'lan.example' is not an IPv4 network"),
        ({"allowed_cidrs": ["2001:db8::/64"]}, "allowed_cidrs '2001:db8::/64' is not an IPv4 network"),
        (
            {"unreachable_cidrs": ["10.0.0.1/16"]},
            "unreachable_cidrs '10.0.0.1/16' is not a network, or has host bits set",
        ),
        ({"unreachable_cidrs": ["::/0"]}, "unreachable CIDR ::/0 is a default route"),
    ],
)
def test_refuses_further_networks_that_cannot_work(further: dict[str, Any], text: str) -> None:
    (problem,) = problems([tunnel()], **further)
    assert text in problem


def test_what_exists_once_on_a_gateway() -> None:
    other = tunnel(2, local_cidrs=["10.21.0.0/16", *LOCAL], remote_cidrs=["10.9.0.0/16"])
    found = peers.gateway(computed([tunnel(1), other], lan_address="10.20.0.1"))
    assert found.pop("guarded_cidrs") == found["unreachable_cidrs"]
    assert not any(found.pop(key) for key in ("kept_cidrs", "outside_cidrs", "uplink_cidrs", "has_default_route"))
    assert found.pop("default_table") == 999
    assert [entry["cidr"] for entry in found.pop("bgp_filter")] == found["remote_cidrs"]
    assert found == {
        "routing": "bgp",
        "lan_address": "10.20.0.1",
        "local_asn": 65010,
        "bgp_router_id": "198.51.100.10",
        "local_cidrs": ["10.20.0.0/16", "10.21.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16", "10.9.0.0/16"],
        "allowed_cidrs": ["10.20.0.0/16", "10.21.0.0/16"],
        "unreachable_cidrs": ["10.0.0.0/16", "10.9.0.0/16"],
        "policies": [{"name": "AWS-VPN", "local_preference": 100, "prepended": []}],
    }
    assert peers.gateway([])["remote_cidrs"] == []


def test_an_unknown_daemon_is_refused() -> None:
    assert "unknown IKE daemon racoon" in problems([tunnel()], daemon="racoon")[0]


def test_the_preferred_connection_comes_first_whatever_its_id() -> None:
    second = {"vpn_connection_id": "vpn-00000000000000002", "preference": 1}
    others = [
        tunnel(number, inside_cidr=f"169.254.30.{4 * number}/30", aws_inside_address=f"169.254.30.{4 * number + 1}")
        | {"customer_inside_address": f"169.254.30.{4 * number + 2}", "outside_address": f"203.0.113.{100 + number}"}
        | second
        for number in (1, 2)
    ]
    found = computed([tunnel(1, preference=3), tunnel(2, preference=3), *others])
    assert [(peer["connection"], peer["number"], peer["metric"]) for peer in found] == [
        ("vpn-00000000000000002", 1, 101),
        ("vpn-00000000000000002", 2, 102),
        (tunnel(1)["vpn_connection_id"], 1, 103),
        (tunnel(1)["vpn_connection_id"], 2, 104),
    ]
    assert peers.gateway(found)["policies"] == [
        {"name": "AWS-VPN", "local_preference": 100, "prepended": []},
        {"name": "AWS-VPN-3", "local_preference": 80, "prepended": [65010, 65010]},
    ]


@pytest.mark.parametrize("preference", [0, 10, "first", True])
def test_a_preference_is_one_of_nine(preference: Any) -> None:
    with pytest.raises(InvalidInput, match="preference .* is not a number from 1 to 9"):
        computed([tunnel(1, preference=preference)])
