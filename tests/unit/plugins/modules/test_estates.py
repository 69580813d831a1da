# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law over generated estates: two Regions of two accounts, sites with two gateways, gateways with connections.

One estate is made and then another one is asked for, each in one run of vpn_sites. The run does what check mode said,
the next one changes nothing, what was not asked for is as before, and what is removed leaves nothing behind.

The examples are the same in every run. `ESTATES=500 pytest -k estates` tries that many others.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import caller
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from vpn_emulator import Emulator

EXAMPLES = int(os.environ.get("ESTATES", "0"))
REGIONS = ("eu-central-1", "eu-west-1")
# Where each gateway stands.
SITES = {"berlin": "berlin", "oslo-1": "oslo", "oslo-2": "oslo"}
# Connections by gateway and by what they are called there.
NAMES = [("berlin", "main"), ("oslo-1", "main"), ("oslo-1", "b"), ("oslo-2", "main"), ("oslo-2", "b"), ("oslo-2", "c")]
CONSENT = {"allow_interruption": True, "force_tunnel_change": True, "allow_replacement": True}
# What the examples must have in them, at least so many times.
SHAPES = {
    "gateways of a site": 6,
    "connections of a gateway": 6,
    "a gateway in several places": 6,
    "several accounts": 6,
    "several Regions": 6,
    "different preferences": 4,
}

Run = Callable[..., dict[str, Any]]
# (gateway, connection)
Name = tuple[str, str]


@dataclass(frozen=True)
class Wish:
    """One connection, before there is an estate to take ids from."""

    place: int
    target: str
    routing: str
    preference: int
    tags: tuple[str, ...]
    has_inside: bool
    # What the first connection of a gateway or of a site says for all of them.
    address: int
    networks: int

    def entry(self, name: Name, estate: Any) -> dict[str, Any]:
        """The connection as an entry of its gateway."""
        place, number = estate.places[self.place], NAMES.index(name)
        inside = [{"inside_cidr": f"169.254.{20 + number}.{4 * tunnel}/30"} for tunnel in range(2)]
        targets = {
            "tgw": {"transit_gateway_id": place.tgw},
            "vpc": {"vpn_gateway": {"vpc_id": place.vpc}},
            "concentrator": {"vpn_concentrator": {"transit_gateway_id": place.tgw}},
        }
        return {
            "name": name[1],
            **place.options,
            "target": targets[self.target],
            "routing": "bgp" if self.target == "concentrator" else self.routing,
            "remote_cidrs": [f"10.{100 + self.place}.0.0/16"],
            "preference": self.preference,
            "tags": dict.fromkeys(self.tags, "lab"),
            "tunnels": inside if self.has_inside else [],
        }


WISHES = st.builds(
    Wish,
    place=st.integers(0, 3),
    target=st.sampled_from(["tgw", "tgw", "vpc", "vpc", "concentrator"]),
    routing=st.sampled_from(["bgp", "bgp", "static"]),
    preference=st.sampled_from([1, 2]),
    tags=st.sampled_from([(), ("env",), ("env", "owner")]),
    has_inside=st.booleans(),
    address=st.sampled_from([10, 11]),
    networks=st.integers(1, 2),
)
ESTATES = st.dictionaries(st.sampled_from(NAMES), WISHES, min_size=2, max_size=5)
Wishes = dict[Name, Wish]


def gateways(wished: Wishes, estate: Any, only: Collection[Name]) -> list[dict[str, Any]]:
    """What vpn_sites is asked for; of the connections C(only) these."""
    found: dict[str, dict[str, Any]] = {}
    last_first = [(gateway, wish) for (gateway, _connection), wish in sorted(wished.items(), reverse=True)]
    addresses = {gateway: wish.address for gateway, wish in last_first}
    networks = {SITES[gateway]: wish.networks for gateway, wish in last_first}
    for name, wish in sorted(wished.items()):
        number, site = list(SITES).index(name[0]), SITES[name[0]]
        gateway = {
            "name": name[0],
            "site": site,
            "public_ip": f"198.51.{100 + number}.{addresses[name[0]]}",
            "bgp_asn": 64600 + number,
            "local_cidrs": [f"10.{20 if site == 'berlin' else 30}.{each}.0/24" for each in range(networks[site])],
            "connections": [],
        }
        if name in only:
            found.setdefault(name[0], gateway)["connections"].append(wish.entry(name, estate))
    return list(found.values())


def shapes(wished: Wishes) -> Iterator[str]:
    """What of several gateways, connections, Regions and accounts there is in an estate."""
    places = {
        gateway: {wish.place for (own, _name), wish in wished.items() if own == gateway} for gateway, _own in wished
    }
    everywhere = set().union(*places.values())
    holds = {
        "gateways of a site": {"oslo-1", "oslo-2"} <= set(places),
        "connections of a gateway": len(wished) > len(places),
        "a gateway in several places": any(len(each) > 1 for each in places.values()),
        "several accounts": len({place // 2 for place in everywhere}) > 1,
        "several Regions": len({place % 2 for place in everywhere}) > 1,
        "different preferences": len({wish.preference for wish in wished.values()}) > 1,
    }
    return (shape for shape, is_there in holds.items() if is_there)


def title(name: Name) -> str:
    return name[0] if name[1] == "main" else "/".join(name)


def tags_of(found: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}


def live(place: Any) -> dict[str, list[dict[str, Any]]]:
    """What there is in a place, without what AWS writes there by itself."""
    found = {
        "connections": place.ec2.describe_vpn_connections()["VpnConnections"],
        "customer gateways": place.ec2.describe_customer_gateways()["CustomerGateways"],
        "virtual private gateways": place.ec2.describe_vpn_gateways()["VpnGateways"],
        "concentrators": place.ec2.describe_vpn_concentrators()["VpnConcentrators"],
    }
    volatile = ("VgwTelemetry", "CustomerGatewayConfiguration")
    return {
        kind: [
            {key: value for key, value in each.items() if key not in volatile}
            for each in entries
            if each["State"] not in ("deleting", "deleted")
        ]
        for kind, entries in found.items()
    }


def connections(estate: Any) -> dict[tuple[int, str], dict[str, Any]]:
    """The connections that are there, by place and name."""
    return {
        (number, tags_of(each)["Name"]): each
        for number, place in enumerate(estate.places)
        for each in live(place)["connections"]
        if "hybridnet:outgoing" not in tags_of(each)
    }


class Law:
    """One example: an estate, and what vpn_sites does to it."""

    def __init__(self, run: Callable[..., dict[str, Any]], estate: Any) -> None:
        self._run = run
        self._estate = estate

    def __call__(self, before: Wishes, wanted: Wishes, removed: set[Name]) -> str:
        self.run(before)
        there = connections(self._estate)
        self._estate.forget()
        checked = self.run(wanted, check=True, may_fail=True)
        assert self._estate.writes == []
        if "failed" in checked:
            # It is for what is there.
            self.remove_everything()
            self.run(wanted, check=True)
            return "refused"
        done = self.run(wanted)
        assert (done["plan"], done["diff"]) == (checked["plan"], checked["diff"])
        asked = {(wish.place, title(name)) for name, wish in wanted.items()}
        now = connections(self._estate)
        assert {key: now.pop(key) for key in there.keys() - asked} == {key: there[key] for key in there.keys() - asked}
        assert now.keys() == asked
        self.check_result(done["connections"], wanted)
        self.check_nothing_is_left()
        self.is_unchanged(wanted, wanted, done["connections"])
        self.remove(wanted, removed)
        self.remove_everything()
        return "changed" if done["changed"] else "unchanged"

    def run(self, wished: Wishes, only: Wishes | None = None, may_fail: bool = False, **options: Any) -> dict[str, Any]:
        result = self._run(gateways=gateways(wished, self._estate, only or wished), **CONSENT, **options)
        assert may_fail or "failed" not in result, result["msg"]
        return result

    def check_result(self, found: dict[str, dict[str, Any]], wanted: Wishes) -> None:
        assert found.keys() == {title(name) for name in wanted}
        for name, wish in wanted.items():
            place, entry = self._estate.places[wish.place], found[title(name)]
            assert (entry["region"], entry["account"]) == (place.region, place.options.get("assume_role_arn"))
            assert (entry["gateway"], entry["connection"], entry["site"]) == (*name, SITES[name[0]])
            assert (entry["preference"], entry["state"]) == (wish.preference, "available")

    def check_nothing_is_left(self) -> None:
        """No customer gateway is there without a connection."""
        for place in self._estate.places:
            there = live(place)
            used = {each["CustomerGatewayId"] for each in there["connections"]}
            assert {each["CustomerGatewayId"] for each in there["customer gateways"]} == used

    def is_unchanged(self, wanted: Wishes, only: Wishes, expected: dict[str, Any]) -> None:
        self._estate.forget()
        again = self.run(wanted, only)
        assert again["changed"] is False, again["plan"]["lines"]
        assert again["connections"] == expected
        assert self._estate.writes == []

    def remove(self, wanted: Wishes, removed: set[Name]) -> None:
        """Some connections go and the others stay."""
        going = {name: wish for name, wish in wanted.items() if name in removed}
        staying = {name: wish for name, wish in wanted.items() if name not in removed}
        there = connections(self._estate)
        if going:
            self.run(wanted, going, state="absent")
            for name, wish in going.items():
                del there[wish.place, title(name)]
            assert connections(self._estate) == there
            self.check_nothing_is_left()
        if going and staying:
            done = self.run(wanted, staying)
            # A shared resource may have more tags, once those agree that are left.
            assert {action["verb"] for action in done["plan"]["actions"]} <= {"change"}
            self.is_unchanged(wanted, staying, done["connections"])

    def remove_everything(self) -> None:
        everywhere = [{"name": "any", **place.options} for place in self._estate.places]
        assert "failed" not in self._run(gateways=everywhere, state="absent", all_sites=True)
        assert [any(live(place).values()) for place in self._estate.places] == [False] * len(self._estate.places)


def test_estates(emulator: Emulator, estate: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tally: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES or 16,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(before=ESTATES, wanted=ESTATES, removed=st.sets(st.sampled_from(NAMES)), settle=st.sampled_from([0.0, 20.0]))
    def examples(before: Wishes, wanted: Wishes, removed: set[Name], settle: float) -> None:
        own = emulator.new_account()
        fresh = type(estate)(own, emulator.new_account(), REGIONS)
        for account in fresh.accounts:
            account.settle = settle
        clock = Clock(own.clock.now, fresh.advance, lambda: 1.0)
        monkeypatch.setattr(caller, "Clock", lambda: clock)
        law = Law(lambda **options: run("vpn_sites", access_key=own.access_key, **options), fresh)
        tally[law(before, wanted, removed)] += 1
        tally.update(shapes(wanted))

    examples()
    print(dict(tally))
    assert tally["refused"] <= tally["changed"] / 4
    assert [shape for shape, number in SHAPES.items() if tally[shape] < number] == []
