# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever an inventory holds: it is refused with short lines that are fit to print, without a key, and not written.

BAD_INVENTORIES says how many are tried.
"""

from __future__ import annotations

import datetime
import operator
import os
import re
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible_collections.hybridnet.aws_vpn.plugins.filter.site_list import FilterModule
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory import environment
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.variables import OPTIONS, PREFIX
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields, value_rules
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Field
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.description import OF_A_CONNECTION
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

EXAMPLES = int(os.environ.get("BAD_INVENTORIES", "200"))
PLAYBOOK_RUNS = 3
LONGEST = 399
MARKER = "MARKER"
KEY = f"{MARKER}_key.1"
NAMES = ("berlin", "madrid", "oslo", "rome")

site_list = FilterModule().filters()["site_list"]


class Fails(str):
    """A variable whose template fails with this message."""


class HostVars(dict[str, Any]):
    """The variables of a host, evaluated when they are read, as Ansible does."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if isinstance(value, Fails):
            raise AnsibleError(str(value))
        return value


# Values that are wrong nearly everywhere.

LONG_TEXTS = some.builds(operator.mul, some.sampled_from(["9", "-1", "ä\n", "name_"]), some.sampled_from([150, 5000]))
ODD_TEXTS = some.sampled_from(
    [
        "10.20.0.0/16\n",
        "eu-central-1\r\nberlin: fine",
        "\x1b[31mred\x07\x00",
        "two\u2028lines\u0085and\u202emore",
        "\ud800",
        "６５０１０",
        "10.0.0.0/99",
        "10.0.0.0/0000000000000000000000016",
        "255.255.255.255/32",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
        "2001:db8::/32",
        "{{ nowhere }}",
        "{{ 1 // 0 }}",
        "{% if %}",
        "tgw-00000000000000000",
        "arn:aws:iam::111122223333:role/role",
        "true",
        "None",
        "http://[::1",
        "http://[x]:99999/",
    ]
)
TEXTS = some.text(max_size=30) | ODD_TEXTS | LONG_TEXTS
SCALARS = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.sampled_from([-1, 0, 10**30, 2**32])
    | some.floats()
    | some.dates(datetime.date(2000, 1, 1))
    | TEXTS
)
ODD = some.recursive(
    SCALARS,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXTS | some.integers(), inner, max_size=4),
    max_leaves=6,
)
# A key that breaks its rules, or is on the wrong line.
KEYS = some.sampled_from([KEY, f"{KEY}\n", f"0{KEY}", KEY * 10, [KEY], {"value": KEY}, [{KEY: KEY}]])


# Values of the right structure with something wrong in it.


def of_row(row: Field) -> SearchStrategy[Any]:
    if row.is_secret:
        return KEYS
    choices = list(row.choices or (row.minimum, row.default))
    return some.sampled_from(choices) | some.lists(some.sampled_from(choices), max_size=3) | ODD


def table(rows: tuple[Field, ...], wrong: SearchStrategy[Any]) -> SearchStrategy[dict[Any, Any]]:
    options = some.fixed_dictionaries({}, optional={row.name: of_row(row) | wrong for row in fields.settable(rows)})
    return some.builds(lambda one, more: {**one, **more}, options, some.dictionaries(TEXTS, wrong, max_size=1))


NETWORKS = some.lists(some.sampled_from(["10.20.0.0/16", "10.0.0.0/8", "0.0.0.0/0", "10.20.0.1/16"]) | ODD, max_size=5)
MANY = some.builds(lambda count: [f"10.{number}.0.0/16" for number in range(count)], some.integers(0, 250))
TUNNEL = (
    table(fields.TUNNEL, some.sampled_from([KEY, f"{KEY}+"]))
    | some.sampled_from([{f"psk:{KEY}": None}, {"PSK": KEY}, {"psk": KEY, "pre_shared_key": KEY}, KEY, [KEY], None])
    | some.dictionaries(TEXTS | some.sampled_from(["psk", "inside_cidr"]), KEYS, max_size=3)
)
VPN_GATEWAY = some.fixed_dictionaries(
    {}, optional={"vpc_id": TEXTS | some.just("vpc-0a1b2c3d"), "amazon_side_asn": ODD, "propagate_to": ODD}
)
ROUTING = dict.fromkeys(("associate_with", "propagate_to", "static_routes_to", "propagate"), ODD)
TARGET_KEYS = {name: ODD | VPN_GATEWAY | some.just("tgw-0123456789abcdef0") for name in value_rules.TARGET_KEYS}
ENVIRONMENT = some.dictionaries(
    some.sampled_from([*environment.ALLOWED[:3], *environment.ONLY_EMPTY, *environment.PROXIES[:1], f"A={KEY}"])
    | some.text(max_size=500).map(lambda text: f"{MARKER}{text}+"),
    some.sampled_from([KEY, f"http://u:{KEY}@proxy", "", None, [KEY], {KEY: KEY}]),
    max_size=4,
)
# The values of these may be, or have, a secret.
PRIVATE: dict[str, SearchStrategy[Any]] = {
    "environment": ENVIRONMENT | KEYS,
    "endpoint_url": some.sampled_from([f"http://u:{KEY}@127.0.0.1", "ftp://x", "http://", 5055, "http://x:x/"]) | ODD,
    "tunnels": some.lists(TUNNEL, max_size=4) | KEYS | ODD,
}
SUITED: dict[str, SearchStrategy[Any]] = {
    **PRIVATE,
    "local_cidrs": NETWORKS | MANY,
    "remote_cidrs": NETWORKS | MANY,
    "options": table(fields.CONNECTION, ODD),
    "tags": some.dictionaries(TEXTS, TEXTS | SCALARS, max_size=4)
    | some.builds(lambda count: {f"t{number}": "x" for number in range(count)}, some.integers(0, 60)),
    "target": some.fixed_dictionaries({}, optional={**TARGET_KEYS, **ROUTING}),
    "region": some.sampled_from(["eu-west-1", "frankfurt"]) | ODD,
    "preference": some.integers(-1, 11) | ODD,
    "site": some.sampled_from(NAMES) | ODD,
}
CONNECTION = some.builds(
    lambda name, own, odd: {**own, **odd, **name},
    some.fixed_dictionaries({}, optional={"name": some.sampled_from(["main", "a", "a/b"]) | TEXTS | ODD}),
    some.fixed_dictionaries({}, optional={name: SUITED.get(name, ODD) for name in OF_A_CONNECTION}),
    some.dictionaries(TEXTS, ODD, max_size=1),
)
SUITED["connections"] = some.lists(CONNECTION, max_size=3) | some.lists(ODD, max_size=3) | KEYS | some.just(f"[{KEY}]")


def changed(option: str) -> SearchStrategy[Any]:
    odd = SUITED.get(option, ODD)
    return odd | ODD | some.builds(Fails, some.text(max_size=600) | TEXTS)


def gateway(number: int) -> dict[str, Any]:
    return {
        "site_vpn_region": "eu-central-1",
        "site_vpn_target": {"transit_gateway_id": "tgw-0123456789abcdef0"},
        "site_vpn_public_ip": f"198.51.100.{number}",
        "site_vpn_bgp_asn": 65000 + number,
        "site_vpn_local_cidrs": [f"10.{number}.0.0/16"],
        "site_vpn_remote_cidrs": ["10.0.0.0/16"],
    }


CHANGES = some.fixed_dictionaries({}, optional={f"{PREFIX}{name}": changed(name) for name in OPTIONS})
UNKNOWN = some.dictionaries(TEXTS.map(lambda text: f"{PREFIX}{text}"), ODD, max_size=1)
# Each of these is surely refused.
SURE = some.sampled_from([{f"{PREFIX}{name}": [[KEY]]} for name in OPTIONS] + [{f"{PREFIX}colour": KEY}])


@some.composite
def inventories(draw: Any, names: SearchStrategy[list[str]]) -> dict[str, dict[str, Any]]:
    """The hosts of an inventory, of which at least one is bad."""
    drawn = draw(names)
    bad = draw(some.sampled_from(drawn))
    hosts = {}
    for number, name in enumerate(drawn, 20):
        kept = draw(some.dictionaries(some.sampled_from(sorted(gateway(0))), some.none()))
        own = {key: value for key, value in gateway(number).items() if key not in kept}
        hosts[name] = {**own, **draw(CHANGES), **draw(UNKNOWN), **(draw(SURE) if name == bad else {})}
    return hosts


PLAIN_NAMES = some.lists(some.sampled_from(NAMES), min_size=1, max_size=4, unique=True)
ODD_NAMES = some.lists(some.sampled_from(NAMES) | TEXTS, min_size=1, max_size=4, unique=True)


def refused(hosts: dict[str, dict[str, Any]]) -> list[str]:
    """The problems of an inventory, which has some: short lines without a key."""
    result = site_list([HostVars(inventory_hostname=name, **own) for name, own in hosts.items()])
    assert MARKER not in repr(result)
    assert result["gateways"] == []
    problems: list[str] = result["problems"]
    assert problems
    for line in problems + result["gateway_problems"]:
        assert line.isprintable(), line
        assert len(line) <= LONGEST, line
        named = re.search(rf": {PREFIX}(\w+)", line)
        # Nobody is told to look for a variable that does not exist.
        assert not named or named[1] in OPTIONS or "unknown option" in line, line
    return problems


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(inventories(PLAIN_NAMES | ODD_NAMES))
def test_bad_inventories_are_refused_in_short_lines_without_keys(hosts: dict[str, dict[str, Any]]) -> None:
    refused(hosts)


TABLES = [f"rtb-{number:017x}" for number in range(40)]
VPC = {"vpc_id": "vpc-0123456789abcdef0"}


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        ("berlin", {"bgp_asn": [65010]}, "berlin: site_vpn_bgp_asn=(a list): an ASN is a whole number"),
        ("berlin", {"bgp_asn": "9" * 5000}, f"berlin: site_vpn_bgp_asn={'9' * 97}...: an ASN is a whole number"),
        ("a/b", {"connections": [{"name": "c"}]}, "a/b: the name of the host: a name of 1 to 127 printable characters"),
        ("a\nb", {"bgp_asn": 0}, r"a\nb: site_vpn_bgp_asn=0: an ASN is between"),
        ("a" * 500, {"bgp_asn": 0}, f"{'a' * 147}...: site_vpn_bgp_asn=0: an ASN is between"),
        ("berlin", {"site": Fails("first\nsecond")}, "berlin: site_vpn_site: cannot be evaluated: first second"),
        ("berlin", {"a\nb": 1}, r"berlin: site_vpn_'a\nb': unknown option"),
        ("berlin", {"connections": f"[{KEY}]"}, "berlin: site_vpn_connections: a list of dictionaries is expected"),
        ("berlin", {"tunnels": [{f"psk:{KEY}": None}]}, "berlin: site_vpn_tunnels[1]: a key is not the name of an opt"),
        ("berlin", {"options": {"x" * 500: 1}}, "berlin: site_vpn_options: a key is not the name of an option"),
        (
            "berlin",
            {"tunnels": [{"ike_versions": ["x" * 99] * 9}]},
            f"berlin: site_vpn_tunnels[1].ike_versions: has {'x' * 97}..., AWS knows",
        ),
        ("berlin", {"local_cidrs": TABLES, "lan_address": "10.0.0.1"}, "berlin: site_vpn_lan_address=10.0.0.1: is in"),
    ],
)
def test_a_value_that_is_odd(name: str, given: dict[str, Any], problem: str) -> None:
    """Each was once a traceback, a key in a message, or more than a short line."""
    own = {**gateway(20), **{f"{PREFIX}{option}": value for option, value in given.items()}}
    assert [line for line in refused({name: own}) if line.startswith(problem)]


def test_gateways_that_disagree_about_many_route_tables() -> None:
    hosts = {name: gateway(number) for number, name in enumerate(NAMES[:2], 20)}
    for tables, own in zip((TABLES, TABLES[:-1]), hosts.values(), strict=True):
        own["site_vpn_target"] = {"vpn_gateway": {**VPC, "propagate_to": tables}}
    (problem,) = refused(hosts)
    assert problem.endswith("... for the same virtual private gateway")


def as_written(value: Any) -> Any:
    """As a file can have it."""
    if isinstance(value, dict):
        return {as_written(key): as_written(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_written(each) for each in value]
    if isinstance(value, Fails):
        return "{{ nowhere }}"
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


@settings(
    max_examples=PLAYBOOK_RUNS,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(hosts=inventories(PLAIN_NAMES))
def test_the_playbook_writes_nothing_for_them(play: Any, hosts: dict[str, dict[str, Any]]) -> None:
    # Of a variable whose name is none Ansible itself shows the place in the file, whatever stands beside it.
    assume(all(name.isidentifier() for own in hosts.values() for name in own))
    group = {"hosts": as_written(hosts), "vars": {"ansible_connection": "answering", "answers": {}}}
    text = yaml.safe_dump({"vpn_gateways": group})
    (play.directory / "hosts.yml").write_text(text, encoding="utf-8")
    play.emulator.calls.clear()
    code, output = play("site_vpn", "-i", "hosts.yml", "-vvv")
    assert code != 0, output
    assert "Check the inventory of every site" in output, output
    assert f"{PREFIX}" in output.partition("Check the inventory of every site")[2], output
    assert "Traceback" not in output, output
    assert MARKER not in output, output
    assert play.emulator.calls == {}
