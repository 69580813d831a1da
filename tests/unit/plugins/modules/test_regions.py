# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vpn_sites over several Regions and accounts in one task: one plan, side by side, nothing written before all of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import caller
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def vpn_sites(run: Run, estate: Any, monkeypatch: pytest.MonkeyPatch) -> Run:
    """vpn_sites(gateways): the module, whose waiting moves the clocks of both accounts."""
    clock = Clock(estate.accounts[0].clock.now, estate.advance, lambda: 1.0)
    monkeypatch.setattr(caller, "Clock", lambda: clock)
    return lambda gateways=None, **options: run("vpn_sites", gateways=gateways or estate.gateways, **options)


def test_one_run_serves_all_and_the_next_one_changes_nothing(vpn_sites: Run, estate: Any) -> None:
    for account in estate.accounts:
        account.settle = 30
    checked = vpn_sites(check=True)
    assert estate.writes == []
    assert checked["changed"] is True
    done = vpn_sites()
    assert done["plan"] == checked["plan"]
    assert done["diff"] == checked["diff"]
    assert set(done["diff"]["after"]) == {f"site-{number}" for number in range(20, 26)}
    assert [place.connections for place in estate.places] == [[f"site-{number}"] for number in range(20, 26)]
    estate.forget()
    again = vpn_sites()
    assert again["changed"] is False
    assert again["connections"] == done["connections"]
    # As many as one Region costs by itself, with the attachments of its transit gateway.
    assert sum(estate.calls.values()) == 4 * len(estate.places)
    assert estate.writes == []


def test_what_is_returned_names_region_and_account_and_no_credentials(vpn_sites: Run, estate: Any) -> None:
    result = vpn_sites()
    expected = [(place.region, place.options.get("assume_role_arn")) for place in estate.places]
    found = [(entry["region"], entry["account"]) for _name, entry in sorted(result["connections"].items())]
    assert found == expected
    plan = result["plan"]
    assert [(part["region"], part["account"]) for part in plan["parts"]] == expected
    assert [(part["counts"]["create"], len(part["lines"])) for part in plan["parts"]] == [(2, 2)] * 6
    assert plan["counts"]["create"] == 12
    assert {(action["region"], action["account"]) for action in plan["actions"]} == set(expected)
    assert plan["lines"][0] == "Plan: 12 to create, 0 to change, 0 to replace, 0 to delete, 0 unchanged."
    assert (
        f"eu-west-1, {estate.role}: 2 to create, 0 to change, 0 to replace, 0 to delete, 0 unchanged." in plan["lines"]
    )
    del result["invocation"], result["printed"]
    assert estate.external_id not in json.dumps(result)
    assert "ASIA" not in json.dumps(result)


def test_one_region_is_what_it_was(vpn_sites: Run, estate: Any) -> None:
    """Entries that say what the module says are no second Region, and cost no call more."""
    place = estate.places[0]
    given = [place.gateway(30, region=None), place.gateway(31), place.gateway(32, region="", profile="")]
    result = vpn_sites(given)
    assert len(result["plan"]["parts"]) == 1
    assert not [line for line in result["plan"]["lines"] if line.startswith("eu-central-1")]
    estate.forget()
    assert vpn_sites(given)["changed"] is False
    assert sum(estate.calls.values()) == 4


def test_all_problems_of_all_are_told_before_the_first_write(vpn_sites: Run, estate: Any) -> None:
    vpn_sites()
    given = [dict(each) for each in estate.gateways]
    given[1]["target"] = {"transit_gateway_id": "tgw-0123456789abcdef0"}
    given[3]["public_ip"] = "198.51.100.99"
    given[4]["bgp_asn"] = None
    given += [estate.places[0].gateway(40)]
    estate.accounts[1].faults.add("refuse", "DescribeVpnConnections", call=3, code="UnauthorizedOperation")
    estate.forget()
    result = vpn_sites(given)
    assert result["failed"] and not result["changed"]
    assert result["msg"].startswith("Nothing was changed: ")
    assert estate.writes == []
    texts = "\n".join(result["problems"])
    assert "site-21: transit gateway tgw-0123456789abcdef0 does not exist in this Region" in texts
    assert "UnauthorizedOperation" in texts and f", {estate.role}: DescribeVpnConnections failed" in texts
    assert result["plan"]["counts"]["create"] >= 2


def test_bad_entries_are_refused_before_the_first_call(vpn_sites: Run, estate: Any) -> None:
    result = vpn_sites(
        [
            estate.places[0].gateway(30, region="europe"),
            estate.places[0].gateway(31, profile="nowhere"),
            estate.places[0].gateway(32, assume_role_arn="vpn"),
            estate.places[0].gateway(33, role_session_name="run"),
        ]
    )
    assert [problem.partition(": ")[0] + ": " + problem.partition(": ")[2][:12] for problem in result["problems"]] == [
        "site-30: region=europ",
        "site-32: assume_role_",
        "site-33: role_session",
        "profile=nowhere: no such prof",
    ]
    assert estate.calls == {}


def test_a_failure_in_one_does_not_stop_another(vpn_sites: Run, estate: Any) -> None:
    estate.accounts[1].faults.add("refuse", "CreateVpnConnection", call=1, code="UnsupportedOperation")
    result = vpn_sites(max_failures=0)
    assert result["failed"] and result["changed"]
    (name,) = result["failures"]
    assert "UnsupportedOperation" in result["failures"][name]["error"]
    assert {each: entry["failed"] for each, entry in result["connections"].items()} == {
        f"site-{number}": f"site-{number}" == name for number in range(20, 26)
    }
    assert sum(entry["state"] == "available" for entry in result["connections"].values()) == 5
    assert result["connections"][name]["region"] in estate.regions
    assert (len(result["applied"]), len(result["failed_steps"])) == (11, 1)
    again = vpn_sites()
    assert again["plan"]["counts"]["create"] == 1


def test_failures_count_over_the_whole_run(vpn_sites: Run, estate: Any) -> None:
    """With max_failures=1 a failure in one account stops the other one, which says what it did not begin."""
    estate.accounts[0].settle = 3600
    estate.accounts[1].faults.add("refuse", "CreateCustomerGateway", call=1, code="UnsupportedOperation")
    given = [estate.places[0].gateway(20), estate.places[3].gateway(23)]
    result = vpn_sites(given)
    assert result["failed"]
    assert list(result["failures"]) == ["site-23"]
    # Its connection is being made, and nobody waits an hour for it.
    assert result["connections"]["site-20"]["state"] in (None, "pending")
    assert estate.accounts[0].clock.now() < estate.accounts[0].clock._source() + 3600
    assert vpn_sites(given)["connections"]["site-23"]["state"] == "available"


def test_they_wait_at_the_same_time(vpn_sites: Run, estate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """All six are waited for at once: none of them begins only when another one is over."""
    for account in estate.accounts:
        account.settle = 600
    began = estate.accounts[0].clock.now()
    entered = threading.Barrier(len(estate.places))
    # Each place has a thread of its own, else nobody gets past the barrier.
    waiting: set[int] = set()

    def sleep(seconds: float) -> None:
        if threading.get_ident() not in waiting:
            waiting.add(threading.get_ident())
            entered.wait(timeout=30)
        estate.advance(seconds / len(estate.places))

    clock = Clock(estate.accounts[0].clock.now, sleep, lambda: 1.0)
    monkeypatch.setattr(caller, "Clock", lambda: clock)
    result = vpn_sites()
    assert {entry["state"] for entry in result["connections"].values()} == {"available"}
    # Twice: the attachments of a transit gateway take as long again.
    assert estate.accounts[0].clock.now() - began < 3 * 600


def test_progress_is_that_of_all(vpn_sites: Run, estate: Any, tmp_path: Path) -> None:
    vpn_sites(estate.gateways[:1])
    for account in estate.accounts:
        account.settle = 30
    path = tmp_path / "progress"
    vpn_sites(progress_file=str(path))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert {line["gateways"] for line in lines} == {6}
    # The first is there already.
    assert lines[0]["ready"] == 1
    assert (lines[-1]["ready"], lines[-1]["failed"], lines[-1]["waiting_for"]) == (6, 0, {})
    assert max(line["waiting_for"].get("vpn_connection available", 0) for line in lines) > 1


def test_removal(vpn_sites: Run, estate: Any) -> None:
    vpn_sites()
    some = [dict(each) for each in (estate.gateways[0], estate.gateways[4])]
    checked = vpn_sites(some, state="absent", check=True)
    done = vpn_sites(some, state="absent")
    assert done["plan"] == checked["plan"]
    assert done["plan"]["counts"]["delete"] == 4
    assert [len(place.connections) for place in estate.places] == [0, 1, 1, 1, 0, 1]
    assert done["connections"]["site-24"]["account"] == estate.role


def test_removal_of_everything_where_the_entries_say(vpn_sites: Run, estate: Any) -> None:
    vpn_sites([*estate.gateways, estate.places[1].gateway(40)])
    result = vpn_sites([estate.gateways[1], estate.gateways[5]], state="absent", all_sites=True)
    assert set(result["connections"]) == {"site-21", "site-25", "site-40"}
    assert [len(place.connections) for place in estate.places] == [1, 0, 1, 1, 1, 0]


def test_one_name_in_two_regions_is_told_apart_when_everything_is_removed(vpn_sites: Run, estate: Any) -> None:
    """What moved from one Region to another has left its old resources behind."""
    first, second = estate.places[0].gateway(20), estate.places[1].gateway(20)
    vpn_sites([first])
    vpn_sites([second])
    result = vpn_sites([first, {**second, "name": "any"}], state="absent", all_sites=True, check=True)
    assert list(result["connections"]) == ["site-20", "site-20 (eu-west-1)"]
    assert vpn_sites([first, second], check=True, state="absent")["plan"]["counts"]["delete"] == 4


def test_connections_that_are_no_longer_given_are_named_wherever_the_run_looks(vpn_sites: Run, estate: Any) -> None:
    here, there = estate.places[0], estate.places[4]
    own = [{"name": "main"}, {"name": "dublin", **there.options, "target": {"transit_gateway_id": there.tgw}}]
    hub, other = here.gateway(20, connections=own), there.gateway(24)
    made = vpn_sites([hub, other])["connections"]
    estate.forget()
    result = vpn_sites([here.gateway(20), other])
    assert result["changed"] is False
    (warning,) = map(str, result["warnings"])
    dublin = made["site-20/dublin"]["vpn_connection_id"]
    assert f"site-20/dublin ({dublin}, eu-west-1, {estate.role}) is in AWS, but not among" in warning
    # That costs no call more.
    assert sum(estate.calls.values()) == 4 * 2
    # Where nothing is given any more, nobody looks.
    assert "warnings" not in vpn_sites([here.gateway(20)])


def test_a_connection_that_is_given_by_another_way_into_the_account_is_given(vpn_sites: Run, estate: Any) -> None:
    there = estate.places[4]
    given = there.gateway(24, connections=[{"name": "main"}, {"name": "second", "role_session_name": "second"}])
    result = vpn_sites([given])
    assert [len(result["plan"]["parts"]), len(there.connections)] == [2, 2]
    assert "warnings" not in vpn_sites([given])


@pytest.fixture
def profiles(tmp_path: Path, estate: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    path = tmp_path / "credentials"
    keys = estate.accounts[1].client_options()
    path.write_text(
        f"[other]\naws_access_key_id = {keys['aws_access_key_id']}\n"
        f"aws_secret_access_key = {keys['aws_secret_access_key']}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
    return


@pytest.mark.usefixtures("profiles")
def test_a_profile_is_an_account_too(vpn_sites: Run, estate: Any) -> None:
    there = estate.places[4]
    given = [estate.gateways[0], there.gateway(30, assume_role_arn=None, external_id=None, profile="other")]
    result = vpn_sites(given)
    assert [part["account"] for part in result["plan"]["parts"]] == [None, "other"]
    assert there.connections == ["site-30"]


# Reading


def read_options(estate: Any) -> list[dict[str, str]]:
    return [place.options for place in estate.places]


def test_connections_are_read_where_they_are(run: Run, vpn_sites: Run, estate: Any) -> None:
    made = vpn_sites()["connections"]
    some = [made[name]["vpn_connection_id"] for name in ("site-20", "site-21", "site-25")]
    estate.forget()
    result = run("vpn_connection_info", vpn_connection_ids=some, regions=read_options(estate), include_secrets=True)
    assert [(each["name"], each["region"], each["account"]) for each in result["connections"]] == [
        ("site-20", estate.regions[0], None),
        ("site-21", estate.regions[1], None),
        ("site-25", estate.regions[2], estate.role),
    ]
    assert sorted(result["pre_shared_keys"]) == sorted(some)
    assert estate.calls["DescribeVpnConnections"] == 6
    assert max(account.calls["DescribeCustomerGateways"] for account in estate.accounts) == 2
    everything = run("vpn_connection_info", regions=read_options(estate))
    assert len(everything["connections"]) == 6


def test_a_connection_that_is_nowhere_is_told(run: Run, estate: Any) -> None:
    result = run("vpn_connection_info", vpn_connection_ids=["vpn-0123456789abcdef0"], regions=read_options(estate))
    assert result["failed"] and "vpn-0123456789abcdef0" in result["msg"]


def test_what_cannot_be_read_is_told_for_all(run: Run, estate: Any) -> None:
    for account in estate.accounts:
        account.faults.add("refuse", "DescribeVpnConnections", call=1, code="UnauthorizedOperation")
    result = run("vpn_connection_info", regions=read_options(estate))
    assert result["failed"]
    assert len(result["problems"]) == 2
    assert f", {estate.role}: DescribeVpnConnections failed" in result["msg"]
    result = run("vpn_connection_info", regions=[{"region": "europe"}, {"external_id": "word"}])
    assert [problem.partition(":")[0] for problem in result["problems"]] == [
        "regions[1].region=europe",
        "regions[2].external_id",
    ]


def test_each_region_and_account_has_its_own_quotas(vpn_sites: Run, estate: Any) -> None:
    """Nothing is written anywhere when one plan does not fit."""
    estate.accounts[1].quotas.set(vpn_connections=0)
    result = vpn_sites()
    assert result["failed"] and not result["changed"]
    places = [f"{place.region}, {estate.role}" for place in estate.places if "assume_role_arn" in place.options]
    assert len(places) == 3
    assert sorted(problem.partition(": ")[0] for problem in result["problems"]) == sorted(places)
    assert all("L-3E6EC3A3) is 0, of which 0 are used and 0 free" in problem for problem in result["problems"])
    assert estate.writes == []


# Adoption


def test_connections_made_elsewhere_are_adopted_where_they_are(run: Run, estate: Any) -> None:
    """One gateway with a connection in two accounts: one host, whose connections say their Regions and accounts."""
    here, there = estate.places[0], estate.places[4]
    for place in (here, there):
        device = place.ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65010, IpAddress="198.51.100.10")
        gateway_id = device["CustomerGateway"]["CustomerGatewayId"]
        place.ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=gateway_id, TransitGatewayId=place.tgw)
    given = [
        {"name": "hub/frankfurt", "public_ip": "198.51.100.10"},
        {"name": "hub/dublin", "public_ip": "198.51.100.10", **there.options},
    ]
    result = run("vpn_adoption", connections=given, adopt=True)
    assert result["changed"] is True
    assert [each["region"] for each in result["connections"].values()] == [here.region, there.region]
    assert list(result["host_vars"]) == ["hub"]
    variables = result["host_vars"]["hub"]
    assert "site_vpn_region" not in variables
    frankfurt, dublin = variables["site_vpn_connections"]
    assert (frankfurt["region"], frankfurt.get("assume_role_arn")) == (here.region, None)
    assert (dublin["region"], dublin["assume_role_arn"]) == (there.region, estate.role)
    assert run("vpn_adoption", connections=given, adopt=True)["changed"] is False
    twice = run("vpn_adoption", connections=[given[0], {**given[1], "name": "hub/frankfurt"}])
    assert "connections: name=hub/frankfurt is given more than once" in twice["msg"]
