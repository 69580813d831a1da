# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's tunnel endpoints decide without a kernel."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

WORLD = Path(__file__).resolve().parents[4] / "roles/lab/files/world"
ALL_P1_GROUPS = (
    "modp1024-modp2048-modp3072-modp4096-modp6144-modp8192-ecp256-ecp384-ecp521-modp1024s160-modp2048s224-modp2048s256"
)


@pytest.fixture(scope="module")
def world() -> Iterator[dict[str, ModuleType]]:
    """The modules by name; in the lab they find each other beside themselves."""
    sys.path.insert(0, str(WORLD))
    yield {name: import_module(name) for name in ("bird", "endpoint", "proposals", "sas", "vici")}
    sys.path.remove(str(WORLD))


def tunnel(**changes: Any) -> dict[str, Any]:
    return {
        "vpn_connection_id": "vpn-1",
        "region": "eu-central-1",
        "number": 1,
        "outside_address": "203.0.113.2",
        "customer_address": "198.51.100.10",
        "inside_address": "169.254.20.1/30",
        "peer_inside_address": "169.254.20.2",
        "psk": "example.key.1",
        "routing": "bgp",
        "amazon_side_asn": 64512,
        "customer_asn": 65010,
        "static_routes": [],
        "local_cidr": "0.0.0.0/0",
        "remote_cidr": "0.0.0.0/0",
        "is_accelerated": False,
        "advertise": ["10.0.0.0/16"],
        "accept": ["10.20.0.0/16"],
        "med": 100,
        "route_limit": 100,
        "options": {},
        "generation": 1,
        **changes,
    }


def test_without_options_everything_aws_knows_is_offered_lowest_first(world: dict[str, ModuleType]) -> None:
    assert world["proposals"].ike({}) == [
        f"aes128-aes256-sha1-sha256-sha384-sha512-{ALL_P1_GROUPS}",
        f"aes128gcm16-aes256gcm16-prfsha1-prfsha256-prfsha384-prfsha512-{ALL_P1_GROUPS}",
    ]
    plain, combined = world["proposals"].esp({})
    assert plain.startswith("aes128-aes256-sha1-sha256-sha384-sha512-modp1024-modp1536-modp2048-")
    assert combined.startswith("aes128gcm16-aes256gcm16-modp1024-")
    assert plain.endswith("-noesn")
    assert combined.endswith("-noesn")


def test_options_narrow_the_offer_in_the_spelling_of_request_or_answer(world: dict[str, ModuleType]) -> None:
    options = {
        "Phase1EncryptionAlgorithms": [{"Value": "AES256-GCM-16"}],
        "Phase1IntegrityAlgorithms": [{"Value": "SHA2-512"}, {"Value": "SHA2-384"}],
        "Phase1DHGroupNumbers": [{"Value": 21}, {"Value": 20}],
        "Phase2EncryptionAlgorithms": [{"Value": "AES256"}],
        "Phase2IntegrityAlgorithms": [{"Value": "SHA2-256"}],
        "Phase2DHGroupNumbers": [{"Value": 14}],
    }
    assert world["proposals"].ike(options) == ["aes256gcm16-prfsha384-prfsha512-ecp384-ecp521"]
    assert world["proposals"].esp(options) == ["aes256-sha256-modp2048-noesn"]
    assert world["proposals"].ike_version({"IkeVersions": [{"Value": "ikev2"}]}) == "2"
    assert world["proposals"].ike_version({"IKEVersions": [{"Value": "ikev1"}]}) == "1"
    assert world["proposals"].ike_version({}) == "0"


def test_an_algorithm_nobody_knows_is_refused(world: dict[str, ModuleType]) -> None:
    with pytest.raises(ValueError, match="Phase1DHGroupNumbers"):
        world["proposals"].ike({"Phase1DHGroupNumbers": [{"Value": 3}]})


def test_a_dead_peer_is_given_up_after_the_timeout(world: dict[str, ModuleType]) -> None:
    # Ten seconds of silence, then four waits: the first question and three repetitions.
    assert 10 + 4 * world["proposals"].retransmit_timeout({}) == 30
    assert 10 + 4 * world["proposals"].retransmit_timeout({"DPDTimeoutSeconds": 50}) == 50
    assert world["proposals"].timing({})["ike"]["dpd_delay"] == "10s"
    assert world["proposals"].timing({"DpdTimeoutAction": "none"})["ike"]["dpd_delay"] == "0s"


def test_rekeying_starts_between_twice_and_once_the_margin_before_the_end(world: dict[str, ModuleType]) -> None:
    child = world["proposals"].timing({"Phase2LifetimeSeconds": 1800, "RekeyMarginTimeSeconds": 100})["child"]
    assert (child["life_time"], child["rekey_time"], child["rand_time"]) == ("1800s", "1700s", "100s")


def test_an_accelerated_endpoint_starts_no_rekey(world: dict[str, ModuleType]) -> None:
    found = world["proposals"].timing({}, is_accelerated=True)
    assert (found["ike"]["rekey_time"], found["child"]["rekey_time"]) == ("0s", "0s")
    # What the gateway does not rekey ends.
    assert found["child"]["life_time"] == "3600s"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"key": "value", "list": ["a", "b"], "empty": []},
        {"conn": {"version": "2", "children": {"vpn": {"remote_ts": ["0.0.0.0/0"]}}}, "after": "x"},
    ],
)
def test_a_vici_message_survives_the_wire(world: dict[str, ModuleType], message: dict[str, Any]) -> None:
    assert world["vici"].decode(world["vici"].encode(message)) == message


def test_the_vpc_learns_only_what_its_route_table_takes(world: dict[str, ModuleType]) -> None:
    def conf(**changes: Any) -> str:
        text: str = world["bird"].conf(tunnel(**changes), "203.0.113.2", "100.64.0.11", Path("/run/log"))
        return text

    assert 'export where proto = "customer" && net ~ [ 10.20.0.0/16+ ];' in conf()
    assert 'export where proto = "customer" && true;' in conf(accept="any")
    assert 'export where proto = "customer" && false;' in conf(accept=[])
    assert "bgp_med = 200;" in conf(med=200)
    assert "import limit 1000 action restart;" in conf(route_limit=1000)
    assert "limit" not in conf(route_limit=None)
    assert "neighbor 169.254.20.2 as 65010;" in conf()
    assert "example.key" not in conf()


# What BIRD 2.0.12 answered: after the 100th and after the 101st route of a customer, where 100 are the limit.
# Between the two the customer received a NOTIFICATION of code 6, subcode 1.
WITHIN_LIMIT = """\
2002-Name       Proto      Table      State  Since         Info
1002-customer   BGP        ---        up     07:54:16.404  Established
1006-  BGP state:          Established
     Neighbor address: 169.254.20.2
   Channel ipv4
     State:          UP
     Import limit:   100
       Action:       restart
     Routes:         100 imported, 0 exported, 100 preferred
0000
"""
OVER_LIMIT = """\
2002-Name       Proto      Table      State  Since         Info
1002-customer   BGP        ---        start  07:55:00.635  Idle          Automatic shutdown: Route limit exceeded
1006-  BGP state:          Idle
     Neighbor address: 169.254.20.2
     Error wait:       1.711/2
     Last error:       Automatic shutdown: Route limit exceeded
   Channel ipv4
     State:          DOWN
     Import limit:   100 [HIT]
       Action:       restart
0000
"""


@pytest.mark.parametrize(
    ("said", "expected"), [(WITHIN_LIMIT, ("Established", 100)), (OVER_LIMIT, ("Idle", 0))], ids=("within", "over")
)
def test_the_session_is_what_bird_says_it_is(
    world: dict[str, ModuleType], tmp_path: Path, said: str, expected: tuple[str, int]
) -> None:
    control = tmp_path / "bird.socket"
    with socket.socket(socket.AF_UNIX) as bird:
        bird.bind(str(control))
        bird.listen()

        def answer() -> None:
            with bird.accept()[0] as connection:
                connection.sendall(b"0001 BIRD 2.0.12 ready.\n")
                assert connection.recv(100) == b"show protocols all customer\n"
                # After its last code BIRD puts a space, which an editor would take away here.
                connection.sendall(said.replace("0000\n", "0000 \n").encode())

        thread = threading.Thread(target=answer)
        thread.start()
        assert world["bird"].session(control) == expected
        thread.join()


def test_a_new_limit_of_routes_leaves_the_tunnel_alone(world: dict[str, ModuleType]) -> None:
    assert {"accept", "advertise", "med", "route_limit"} <= set(world["endpoint"].ROUTING_KEYS)


def test_a_static_tunnel_offers_the_vpc_what_it_takes(world: dict[str, ModuleType]) -> None:
    offered = world["endpoint"].offered
    routes = ["10.30.0.0/16", "10.31.0.0/16"]
    assert offered(tunnel(routing="static", static_routes=routes, accept="any")) == routes
    assert offered(tunnel(routing="static", static_routes=routes, accept=["10.31.0.0/16"])) == ["10.31.0.0/16"]
    assert offered(tunnel(static_routes=routes, accept="any")) == []


def child(local: str, remote: str, **changes: str) -> dict[str, Any]:
    """An IPsec SA as charon lists it on the endpoint."""
    return {"state": "INSTALLED", "uniqueid": "7", "local-ts": [local], "remote-ts": [remote], **changes}


NARROW = {"local_cidr": "10.20.0.0/16", "remote_cidr": "10.0.0.0/8"}


@pytest.mark.parametrize(
    ("changes", "found", "is_taken"),
    [
        ({}, child("0.0.0.0/0", "0.0.0.0/0"), True),
        (NARROW, child("10.0.0.0/8", "10.20.0.0/16"), True),
        # A gateway that proposes a part: charon takes it, AWS does not.
        ({}, child("10.0.0.0/8", "10.20.0.0/16"), False),
        (NARROW, child("10.0.0.0/8", "10.20.1.0/24"), False),
        (NARROW, child("10.0.0.0/8[tcp/80]", "10.20.0.0/16"), False),
        ({"is_accelerated": True}, child("0.0.0.0/0", "0.0.0.0/0"), False),
        ({"is_accelerated": True}, child("0.0.0.0/0", "0.0.0.0/0", encap="yes"), True),
        ({}, child("0.0.0.0/0", "0.0.0.0/0", encap="yes"), True),
    ],
)
def test_an_endpoint_takes_the_sas_that_aws_takes(
    world: dict[str, ModuleType], changes: dict[str, Any], found: dict[str, Any], is_taken: bool
) -> None:
    needs = world["sas"].Needs.of(tunnel(**changes))
    association = {"state": "ESTABLISHED", "child-sas": {"vpn-1": found}}
    seen: dict[str, Any] = {"ike": "DOWN", "esp": "DOWN"}
    world["sas"].take_in(seen, association, needs)
    assert seen["esp"] == ("INSTALLED" if is_taken else "DOWN")
    assert world["sas"].refused(association, needs) == ([] if is_taken else ["7"])


def test_an_endpoint_sees_the_established_association(world: dict[str, ModuleType]) -> None:
    established = {
        "state": "ESTABLISHED",
        "version": "2",
        "encr-alg": "AES_GCM_16",
        "encr-keysize": "256",
        "prf-alg": "PRF_HMAC_SHA2_384",
        "dh-group": "ECP_384",
        "child-sas": {"vpn-1": {**child("0.0.0.0/0", "0.0.0.0/0"), "encr-alg": "AES_CBC", "encr-keysize": "128",
                                "integ-alg": "HMAC_SHA2_256_128", "dh-group": "MODP_2048"}},
    }  # fmt: skip
    seen: dict[str, Any] = {"ike": "DOWN", "esp": "DOWN"}
    for association in ({"state": "CONNECTING"}, established, {"state": "CONNECTING"}):
        world["sas"].take_in(seen, association, world["sas"].Needs.of(tunnel()))
    assert seen == {
        "ike": "ESTABLISHED",
        "esp": "INSTALLED",
        "active": {
            "IkeVersion": "ikev2",
            "Phase1EncryptionAlgorithm": "AES256-GCM-16",
            "Phase1IntegrityAlgorithm": "SHA2-384",
            "Phase1DHGroup": 20,
            "Phase2EncryptionAlgorithm": "AES128",
            "Phase2IntegrityAlgorithm": "SHA2-256",
            "Phase2DHGroup": 14,
        },
    }
