# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for tunnels: which description is meant for which, one at a time, and keys that cannot be read."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    ConnectionWanted,
    Consent,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.connection import connection_part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.tunnels import paired
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Interruption, Part, Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    ModifyTunnel,
)

from .builders import CIDRS, established, wanted

ENDS = Ends("cgw-1", transit_gateway_id="tgw-1")
NEITHER = Consent()
MARKER = "MARKER_psk.1"


def plan(want: ConnectionWanted, have: Connection | None, ends: Ends = ENDS, consent: Consent = NEITHER) -> Part:
    part = connection_part(want, have, ends, consent)
    assert MARKER not in repr(part)
    assert MARKER not in "".join(action.line for action in part.actions)
    return part


def test_one_tunnel_changes_while_its_twin_is_up() -> None:
    part = plan(wanted({"pre_shared_key": Secret(MARKER)}), established(up=("DOWN", "UP")))
    (change,) = part.actions
    assert part.refusals == ()
    assert change.interruption is Interruption.ONE_TUNNEL
    assert isinstance(change.step, ModifyTunnel)
    assert (change.step.outside_address, change.step.twin) == ("198.18.1.1", "198.18.1.2")
    assert list(change.step.options) == ["pre_shared_key"]
    assert "pre_shared_key: (changed)" in change.line
    assert part.after is not None
    assert part.after["tunnels"][0]["pre_shared_key"] == "(changed)"
    assert part.after["tunnels"][1]["pre_shared_key"] == "(set)"


def test_a_tunnel_whose_twin_is_not_up_is_refused() -> None:
    part = plan(wanted({}, {"inside_cidr": "169.254.30.0/30"}), established(up=("DOWN", "UP")))
    assert len(part.refusals) == 1
    assert "tunnel 2 (" in part.refusals[0] and "of vpn-1 would go down" in part.refusals[0]
    assert "force_tunnel_change" in part.refusals[0]


def test_two_tunnels_that_are_down_change_without_consent_as_there_is_nothing_to_protect() -> None:
    key = {"pre_shared_key": Secret(MARKER)}
    for want in (wanted(key), wanted(key, key), wanted({"log_enabled": False, "startup_action": "start"})):
        part = plan(want, established(up=("DOWN", "DOWN")))
        assert part.refusals == ()
        assert part.actions
        # One that comes up after the plan was made is protected at the moment of the call.
        assert all(isinstance(action.step, ModifyTunnel) and action.step.twin for action in part.actions)


def test_both_tunnels_at_once_are_refused_when_the_gateway_has_to_follow() -> None:
    part = plan(wanted({"pre_shared_key": Secret(MARKER)}, {"pre_shared_key": Secret(MARKER)}), established())
    assert len(part.refusals) == 1
    assert "both tunnels" in part.refusals[0]


def test_both_tunnels_one_after_the_other_when_the_gateway_need_not_follow() -> None:
    part = plan(wanted({"startup_action": "start"}, {"startup_action": "start"}), established())
    assert part.refusals == ()
    assert [action.stage for action in part.actions] == [Stage.FIRST_TUNNEL, Stage.SECOND_TUNNEL]
    assert all(isinstance(action.step, ModifyTunnel) and action.step.twin for action in part.actions)


def test_force_changes_both_tunnels_and_waits_for_no_twin() -> None:
    want = wanted({"pre_shared_key": Secret(MARKER)}, {"inside_cidr": "169.254.30.0/30"})
    part = plan(want, established(up=("DOWN", "DOWN")), consent=Consent(force_tunnel_change=True))
    assert part.refusals == ()
    assert [action.stage for action in part.actions] == [Stage.FIRST_TUNNEL, Stage.SECOND_TUNNEL]
    assert all(isinstance(action.step, ModifyTunnel) and action.step.twin is None for action in part.actions)


def test_a_key_that_cannot_be_read_is_not_compared() -> None:
    have = established()
    hidden = dataclasses.replace(have.tunnels[0], pre_shared_key=None)
    have = dataclasses.replace(have, tunnels=(hidden, have.tunnels[1]), pre_shared_key_arn="arn:aws:secretsmanager:x")
    part = plan(wanted({"pre_shared_key": Secret(MARKER)}), have)
    assert part.actions == ()
    assert len(part.warnings) == 1


@pytest.mark.parametrize(
    ("tunnels", "numbers"),
    [
        (({}, {}), [1, 2]),
        (({"inside_cidr": CIDRS[1]}, {"inside_cidr": CIDRS[0]}), [2, 1]),
        (({"inside_cidr": CIDRS[1]},), [2]),
        (({}, {"inside_cidr": CIDRS[0]}), [2, 1]),
        (({"inside_cidr": "169.254.30.0/30"}, {"inside_cidr": CIDRS[1]}), [1, 2]),
        (({"inside_cidr": "169.254.30.0/30"}, {}), [1, 2]),
        ((), []),
    ],
)
def test_pairs(tunnels: tuple[dict[str, Any], ...], numbers: list[int]) -> None:
    pairs = paired([TunnelWanted(each) for each in tunnels], established().tunnels)
    assert [tunnel.number for _want, tunnel in pairs] == numbers


def test_keys_change_their_place_one_tunnel_at_a_time() -> None:
    part = plan(wanted(pre_shared_key_storage="SecretsManager"), established())
    assert part.refusals == ()
    first, second = (action.step for action in part.actions)
    assert isinstance(first, ModifyTunnel)
    assert isinstance(second, ModifyTunnel)
    assert first.pre_shared_key_storage == second.pre_shared_key_storage == "SecretsManager"
    # An empty structure would not travel, and AWS needs one.
    assert [first.options, second.options] == [{"inside_cidr": cidr} for cidr in CIDRS]
    assert part.actions[0].line == (
        "berlin  change vpn tunnel vpn-1 tunnel 1 (198.18.1.1): pre_shared_key_storage: SecretsManager"
        "  [interrupts one tunnel]"
    )
    assert part.after is not None
    assert [tunnel["pre_shared_key"] for tunnel in part.after["tunnels"]] == [None, None]


def test_half_way_to_secrets_manager_only_the_other_tunnel_changes() -> None:
    have = established()
    hidden = dataclasses.replace(have.tunnels[0], pre_shared_key=None)
    have = dataclasses.replace(have, tunnels=(hidden, have.tunnels[1]), pre_shared_key_arn="arn:aws:secretsmanager:x")
    assert have.pre_shared_key_storage == "Standard"
    (action,) = plan(wanted(pre_shared_key_storage="SecretsManager"), have).actions
    assert "tunnel 2" in action.detail
    (action,) = plan(wanted(pre_shared_key_storage="Standard"), have).actions
    assert "tunnel 1" in action.detail


def test_a_key_is_sent_along_when_it_comes_back_from_secrets_manager() -> None:
    have = established()
    tunnels = tuple(dataclasses.replace(tunnel, pre_shared_key=None) for tunnel in have.tunnels)
    have = dataclasses.replace(have, tunnels=tunnels, pre_shared_key_arn="arn:aws:secretsmanager:x")
    want = wanted({"pre_shared_key": Secret(MARKER)}, {"pre_shared_key": Secret(MARKER)})
    part = plan(dataclasses.replace(want, pre_shared_key_storage="Standard"), have)
    assert part.refusals == ()
    assert all(list(action.step.options) == ["pre_shared_key"] for action in part.actions)


def test_a_log_travels_as_a_whole_and_is_predicted_so() -> None:
    group = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn"
    log = {"bgp_log_enabled": True, "bgp_log_group_arn": group, "bgp_log_output_format": "json"}
    part = plan(wanted(log), established())
    (action,) = part.actions
    assert isinstance(action.step, ModifyTunnel)
    assert action.step.options == log
    assert part.after is not None
    assert {name: part.after["tunnels"][0][name] for name in log} == log
