# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible itself accepts and refuses before a module begins, and what it hides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.options import argspec

SITE = {"name": "berlin"}
KEY = "MARKER_psk.1"


def validated(spec: dict[str, Any], given: dict[str, Any]) -> ValidationResult:
    return ArgumentSpecValidator(spec).validate(given)


def site_with(target: dict[str, Any]) -> ValidationResult:
    return validated(argspec.gateways(), {"gateways": [{**SITE, "target": target}]})


@pytest.mark.parametrize(
    "target",
    [
        {"transit_gateway_id": "tgw-1"},
        {"vpn_gateway_id": "vgw-1"},
        {"vpn_gateway": {"vpc_id": "vpc-1"}},
        {"vpn_concentrator_id": "vcn-1"},
        {"vpn_concentrator": {"transit_gateway_id": "tgw-1"}},
        {"unattached": True},
        {
            "transit_gateway_id": "tgw-1",
            "associate_with": "tgw-rtb-1",
            "propagate_to": ["tgw-rtb-1"],
            "static_routes_to": [],
        },
    ],
)
def test_targets(target: dict[str, Any]) -> None:
    assert site_with(target).error_messages == []


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({}, "one of the following is required: transit_gateway_id"),
        ({"transit_gateway_id": "tgw-1", "vpn_gateway_id": "vgw-1"}, "mutually exclusive"),
        ({"vpn_gateway": {}}, "missing required arguments: vpc_id"),
        ({"vpn_concentrator": {}}, "missing required arguments: transit_gateway_id"),
        ({"vpn_gateway_id": "vgw-1", "associate_with": "tgw-rtb-1"}, "required by 'associate_with'"),
        ({"unattached": True, "propagate_to": ["tgw-rtb-1"]}, "required by 'propagate_to'"),
        ({"vpn_gateway_id": "vgw-1", "static_routes_to": ["tgw-rtb-1"]}, "required by 'static_routes_to'"),
    ],
)
def test_targets_that_ansible_refuses(target: dict[str, Any], words: str) -> None:
    (message,) = site_with(target).error_messages
    assert words in message


@pytest.mark.parametrize("name", ["pre_shared_key", "psk"])
def test_keys_are_hidden_under_either_name(name: str) -> None:
    result = validated(argspec.gateways(), {"gateways": [{**SITE, "tunnels": [{name: KEY}]}]})
    assert result.error_messages == []
    assert result._no_log_values == {KEY}
    (tunnel,) = result.validated_parameters["gateways"][0]["tunnels"]
    assert tunnel["pre_shared_key"] == KEY


def leaves(spec: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, option in spec.items():
        yield where + name, option
        yield from leaves(option.get("options") or {}, f"{where}{name}.")


def test_only_the_keys_themselves_are_hidden() -> None:
    """A list that is hidden as a whole would hide every name in it, everywhere in the output."""
    hidden = [name for name, option in leaves(argspec.gateways()) if option.get("no_log")]
    assert hidden == ["gateways.tunnels.pre_shared_key", "gateways.connections.tunnels.pre_shared_key"]


def test_what_is_not_said_of_a_gateway_stays_unsaid() -> None:
    """AWS's defaults stay AWS's, and what is there is left alone."""
    (site,) = validated(argspec.gateways(), {"gateways": [SITE]}).validated_parameters["gateways"]
    assert {name: value for name, value in site.items() if value is not None} == {"name": "berlin"}


def test_defaults() -> None:
    spec = {**argspec.waiting(), **argspec.consent(), **argspec.state(), **argspec.tagging(), **argspec.bulk()}
    assert validated(spec, {}).validated_parameters == {
        "wait": True,
        "wait_timeout": 2400,
        "allow_interruption": False,
        "force_tunnel_change": False,
        "allow_replacement": False,
        "replacement_order": "create_first",
        "state": "present",
        "tags": None,
        "purge_tags": False,
        "max_failures": 1,
        "progress_file": None,
    }


def test_the_other_name_of_tags() -> None:
    assert validated(argspec.tagging(), {"resource_tags": {"env": "lab"}}).validated_parameters["tags"] == {
        "env": "lab"
    }
