# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc import probes
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc.found import Found

from .conftest import SUBNET, found, group, instance, wanted

HERE = f"{SUBNET} (eu-central-1)"


def test_one_instance_for_all_that_share_the_subnet(empty: Found) -> None:
    tags = {"project": "wan"}
    one, two = (["10.40.0.0/16"], {"tags": {**tags, "owner": "one"}}), (["10.50.0.0/16"], {"tags": tags})
    (change,) = probes.additions(wanted(one=one, two=two), empty)
    assert change.lines == [
        f"{HERE}: create security group hybridnet.aws_vpn probe {SUBNET}",
        f"{HERE}: allow pings from 10.40.0.0/16",
        f"{HERE}: allow pings from 10.50.0.0/16",
        f"{HERE}: create instance with address 10.0.1.10",
    ]
    assert change.arguments["tags"] == {
        "project": "wan",
        "hybridnet:collection": "hybridnet.aws_vpn",
        "hybridnet:probe": SUBNET,
    }
    assert (change.arguments["networks"], change.arguments["purge_networks"]) == (
        ["10.40.0.0/16", "10.50.0.0/16"],
        False,
    )


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({"instances": [instance()], "security_groups": [group("10.40.0.0/16")]}, []),
        ({"instances": [instance()], "security_groups": [group()]}, ["allow pings from 10.40.0.0/16"]),
        (
            {"instances": [instance(state="stopped")], "security_groups": [group("10.40.0.0/16")]},
            ["start instance i-1"],
        ),
        ({"security_groups": [group("10.40.0.0/16")]}, ["create instance with address 10.0.1.10"]),
    ],
)
def test_only_what_is_missing(given: dict[str, Any], lines: list[str]) -> None:
    changes = probes.additions(wanted(oslo=["10.40.0.0/16"]), found(**given))
    assert [line for change in changes for line in change.lines] == [f"{HERE}: {line}" for line in lines]


@pytest.mark.parametrize(
    ("address", "given", "rule"),
    [
        ("10.0.1.10", {"subnets": []}, f"probe_subnet={SUBNET}: does not exist in eu-central-1"),
        ("10.0.2.10", {}, f"vpc_probe_address=10.0.2.10: is not a free address of {SUBNET} (10.0.1.0/24)"),
        ("10.0.1.3", {}, f"vpc_probe_address=10.0.1.3: is not a free address of {SUBNET} (10.0.1.0/24)"),
        ("10.0.1.255", {}, f"vpc_probe_address=10.0.1.255: is not a free address of {SUBNET} (10.0.1.0/24)"),
        (
            "10.0.1.10",
            {"instances": [instance("10.0.1.11")]},
            f"vpc_probe_address=10.0.1.10: the instance in {SUBNET} (i-1) has 10.0.1.11: delete it, or use its address",
        ),
        ("10.0.1.4", {}, None),
        ("10.0.1.254", {}, None),
    ],
)
def test_what_aws_refuses(address: str, given: dict[str, Any], rule: str | None) -> None:
    want = wanted(oslo=(["10.40.0.0/16"], {"vpc_probe_address": address}))
    assert list(probes.problems(want, found(**given))) == ([f"oslo: site_vpn_{rule}"] if rule else [])


def test_the_instance_goes_with_the_last_network() -> None:
    there = found(instances=[instance()], security_groups=[group("10.40.0.0/16", "10.50.0.0/16")])
    oslo, rome = wanted(oslo=["10.40.0.0/16"]), wanted(rome=["10.50.0.0/16"])
    (change,) = probes.removals(oslo, rome, there)
    assert change.lines == [f"{HERE}: no more pings from 10.40.0.0/16"]
    assert (change.arguments["networks"], change.arguments["purge_networks"]) == (["10.50.0.0/16"], True)
    assert not change.arguments["address"]
    (change,) = probes.removals([*oslo, *rome], [], there)
    assert change.lines == [f"{HERE}: delete instance i-1", f"{HERE}: delete security group sg-1"]
    assert change.networks == ()


def test_what_others_need_stays_and_what_is_gone_needs_nothing() -> None:
    there = found(instances=[instance()], security_groups=[group("10.40.0.0/16")])
    one, two = wanted(one=["10.40.0.0/16"]), wanted(two=["10.40.0.0/16"])
    assert probes.removals(one, two, there) == []
    assert probes.removals(one, [], found()) == []
    # A group of which the instance was deleted by hand goes too.
    (change,) = probes.removals(one, [], found(security_groups=[group("10.40.0.0/16")]))
    assert change.lines == [f"{HERE}: delete security group sg-1"]
