# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a site's connection and tunnels: typed by the field tables, and no key in a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.options import (
    read_options,
    read_tunnels,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import Host

MARKER = "MARKER_psk.1"


def host(**given: Any) -> Host:
    return Host("berlin", {f"site_vpn_{name}": value for name, value in given.items()})


def problems(read: Host) -> list[str]:
    found = list(map(str, read.problems))
    assert MARKER not in "".join(found)
    return found


@pytest.mark.parametrize(
    ("given", "read"),
    [
        # Templates and INI inventories have nothing but strings.
        ({"phase1_lifetime_seconds": "3600"}, {"phase1_lifetime_seconds": 3600}),
        ({"log_enabled": "no", "bgp_log_enabled": "True"}, {"log_enabled": False, "bgp_log_enabled": True}),
        ({"phase1_dh_group_numbers": ["20", 21]}, {"phase1_dh_group_numbers": [20, 21]}),
        ({"psk": MARKER}, {"pre_shared_key": MARKER}),
        ({"pre_shared_key": MARKER, "psk": ""}, {"pre_shared_key": MARKER}),
        ({"startup_action": "", "inside_cidr": None}, {}),
        (None, {}),
    ],
)
def test_a_tunnel_by_the_names_and_types_of_the_table(given: object, read: dict[str, Any]) -> None:
    of = host(tunnels=[given])
    assert read_tunnels(of) == [read]
    assert problems(of) == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"psk": f" {MARKER}"}, "tunnels[1].psk: a pre-shared key"),
        ({"psk": MARKER, "pre_shared_key": MARKER}, "tunnels[1].psk: the same option as pre_shared_key"),
        # Also a key that looks like an address or a number.
        ({"psk": "0123abc"}, "tunnels[1].psk: a pre-shared key"),
        ({"psk": 12345678}, "tunnels[1].psk: a pre-shared key"),
        ({"pks": MARKER}, "tunnels[1].pks: unknown option, did you mean psk?"),
        # A text that is no address may be a key on the wrong line.
        ({"inside_cidr": MARKER}, "tunnels[1].inside_cidr: "),
        ({"inside_cidr": "169.254.5.0/30"}, "tunnels[1].inside_cidr=169.254.5.0/30: "),
        ({"startup_action": MARKER}, "tunnels[1].startup_action: "),
        ({"phase1_lifetime_seconds": 10}, "tunnels[1].phase1_lifetime_seconds=10: "),
        ({"log_enabled": "perhaps"}, "tunnels[1].log_enabled: true or false is expected"),
        (MARKER, "tunnels[1]: a dictionary is expected"),
    ],
)
def test_a_tunnel_that_breaks_a_rule_is_told_without_what_could_be_a_key(given: object, problem: str) -> None:
    of = host(tunnels=[given])
    (tunnel,) = read_tunnels(of)
    (found,) = problems(of)
    assert found.startswith(problem)
    assert set(tunnel) <= {"pre_shared_key"}


def test_one_bad_option_leaves_the_others() -> None:
    of = host(tunnels=[{"startup_action": "stop", "log_enabled": True}, {"startup_action": "start"}])
    assert read_tunnels(of) == [{"log_enabled": True}, {"startup_action": "start"}]
    assert len(of.problems) == 1


@pytest.mark.parametrize("given", [MARKER, {"psk": MARKER}])
def test_tunnels_are_a_list(given: object) -> None:
    of = host(tunnels=given)
    assert read_tunnels(of) == []
    assert problems(of) == ["tunnels: a list of at most two dictionaries is expected"]


def test_the_alias_that_was_used_is_remembered() -> None:
    of = host(tunnels=[{}, {"psk": MARKER}])
    read_tunnels(of)
    assert of.aliases == {"tunnels[2].pre_shared_key": "tunnels[2].psk"}


def test_options_of_the_connection_are_typed_and_shown() -> None:
    of = host(options={"enable_acceleration": "yes", "tunnel_bandwidth": "huge"})
    assert read_options(of) == {"enable_acceleration": True}
    (problem,) = problems(of)
    assert problem.startswith("options.tunnel_bandwidth=huge: one of standard, large")
    assert read_options(host()) == {}
