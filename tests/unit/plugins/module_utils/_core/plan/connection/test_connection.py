# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for connections: what is changed in place, what it costs, what is refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    ConnectionWanted,
    Consent,
    Ref,
    StaticRoute,
    Telemetry,
    Tunnel,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.connection import connection_part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.tunnels import paired
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Interruption, Part, Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConnection,
    DeleteRoute,
    ModifyConnection,
    ModifyTunnel,
)

CIDRS = ("169.254.20.0/30", "169.254.20.4/30")
ENDS = Ends("cgw-1", transit_gateway_id="tgw-1")
NEITHER = Consent()
MARKER = "MARKER_psk.1"


def existing(up: tuple[str, str] = ("UP", "UP"), **changes: Any) -> Connection:
    tunnels = tuple(
        Tunnel(
            number=number,
            outside_address=f"198.18.0.{number}",
            inside_cidr=cidr,
            pre_shared_key=Secret(f"old_key_{number}").sealed(),
            options={},
            telemetry=Telemetry(status),
        )
        for number, (cidr, status) in enumerate(zip(CIDRS, up, strict=True), 1)
    )
    base = Connection(
        id="vpn-1",
        state="available",
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="bgp",
        tunnels=tunnels,
        tags=tags.site_tags("berlin", {}),
    )
    return dataclasses.replace(base, **changes)


def wanted(*tunnels: dict[str, Any], **changes: Any) -> ConnectionWanted:
    base = ConnectionWanted(
        name="berlin",
        customer_gateway=Ref("customer_gateway", "berlin"),
        transit_gateway_id="tgw-1",
        tunnels=tuple(TunnelWanted(each) for each in tunnels),
        tags=tags.site_tags("berlin", {}),
    )
    return dataclasses.replace(base, **changes)


def plan(want: ConnectionWanted, have: Connection | None, ends: Ends = ENDS, consent: Consent = NEITHER) -> Part:
    part = connection_part(want, have, ends, consent)
    assert MARKER not in repr(part)
    assert MARKER not in "".join(action.line for action in part.actions)
    return part


@pytest.mark.parametrize(
    "tunnels",
    [
        (),
        ({},),
        ({"inside_cidr": CIDRS[0]}, {"inside_cidr": CIDRS[1]}),
        ({"inside_cidr": CIDRS[1]}, {"inside_cidr": CIDRS[0]}),
        ({"pre_shared_key": Secret("old_key_1")},),
        ({}, {"pre_shared_key": Secret("old_key_2")}),
        ({"startup_action": "add"},),
    ],
)
def test_nothing_to_do(tunnels: tuple[dict[str, Any], ...]) -> None:
    part = plan(wanted(*tunnels), existing(up=("DOWN", "DOWN")))
    assert (part.actions, part.refusals, part.unchanged) == ((), (), 1)
    assert part.before == part.after


def test_creation_carries_identity_tunnels_and_routes() -> None:
    ends = Ends(Ref("customer_gateway", "berlin"), vpn_gateway=Ref("vpn_gateway", "vpc-1"))
    want = wanted({"pre_shared_key": Secret(MARKER)}, routing="static", static_routes=("10.2.0.0/16", "10.1.0.0/16"))
    part = plan(want, None, ends)
    create, *routes = part.actions
    assert isinstance(create.step, CreateConnection)
    assert create.step.tags["hybridnet:site"] == "berlin"
    assert create.step.options == {"static_routes_only": True}
    # Both entries are sent: with one only, AWS leaves the second tunnel to its defaults, but so does an empty entry.
    assert len(create.step.tunnels) == 2
    assert create.line == "berlin  create vpn connection static to the vpn gateway of vpc-1"
    assert [route.detail for route in routes] == ["10.1.0.0/16", "10.2.0.0/16"]
    assert {route.stage for route in routes} == {Stage.ROUTES}
    assert part.before is None
    assert part.after is not None
    expected = {"inside_cidr": "(chosen by AWS)", "pre_shared_key": "(set)", "log_enabled": False}
    assert part.after["tunnels"][0] == expected


def test_creation_without_tunnel_options_sends_none() -> None:
    (create,) = plan(wanted(), None).actions
    assert isinstance(create.step, CreateConnection)
    assert create.step.tunnels == ()


@pytest.mark.parametrize("ends", [Ends(None, transit_gateway_id="tgw-1"), Ends("cgw-1")])
def test_creation_needs_both_ends(ends: Ends) -> None:
    part = plan(wanted(), None, ends)
    assert part.actions == ()
    assert len(part.refusals) == 1


def test_one_tunnel_changes_while_its_twin_is_up() -> None:
    part = plan(wanted({"pre_shared_key": Secret(MARKER)}), existing(up=("DOWN", "UP")))
    (change,) = part.actions
    assert part.refusals == ()
    assert change.interruption is Interruption.ONE_TUNNEL
    assert isinstance(change.step, ModifyTunnel)
    assert (change.step.outside_address, change.step.twin) == ("198.18.0.1", "198.18.0.2")
    assert list(change.step.options) == ["pre_shared_key"]
    assert "pre_shared_key: (changed)" in change.line
    assert part.after is not None
    assert part.after["tunnels"][0]["pre_shared_key"] == "(changed)"
    assert part.after["tunnels"][1]["pre_shared_key"] == "(set)"


def test_a_tunnel_whose_twin_is_not_up_is_refused() -> None:
    part = plan(wanted({}, {"inside_cidr": "169.254.30.0/30"}), existing(up=("DOWN", "UP")))
    assert len(part.refusals) == 1
    assert "tunnel 2 (" in part.refusals[0] and "of vpn-1 would go down" in part.refusals[0]
    assert "force_tunnel_change" in part.refusals[0]


def test_both_tunnels_at_once_are_refused_when_the_gateway_has_to_follow() -> None:
    part = plan(wanted({"pre_shared_key": Secret(MARKER)}, {"pre_shared_key": Secret(MARKER)}), existing())
    assert len(part.refusals) == 1
    assert "both tunnels" in part.refusals[0]


def test_both_tunnels_one_after_the_other_when_the_gateway_need_not_follow() -> None:
    part = plan(wanted({"startup_action": "start"}, {"startup_action": "start"}), existing())
    assert part.refusals == ()
    assert [action.stage for action in part.actions] == [Stage.FIRST_TUNNEL, Stage.SECOND_TUNNEL]
    assert all(isinstance(action.step, ModifyTunnel) and action.step.twin for action in part.actions)


def test_force_changes_both_tunnels_and_waits_for_no_twin() -> None:
    want = wanted({"pre_shared_key": Secret(MARKER)}, {"inside_cidr": "169.254.30.0/30"})
    part = plan(want, existing(up=("DOWN", "DOWN")), consent=Consent(force_tunnel_change=True))
    assert part.refusals == ()
    assert [action.stage for action in part.actions] == [Stage.FIRST_TUNNEL, Stage.SECOND_TUNNEL]
    assert all(isinstance(action.step, ModifyTunnel) and action.step.twin is None for action in part.actions)


def test_a_key_that_cannot_be_read_is_not_compared() -> None:
    have = existing()
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
    pairs = paired([TunnelWanted(each) for each in tunnels], existing().tunnels)
    assert [tunnel.number for _want, tunnel in pairs] == numbers


@pytest.mark.parametrize(
    ("ends", "field", "value"),
    [
        (Ends("cgw-2", transit_gateway_id="tgw-1"), "customer_gateway", "cgw-2"),
        (
            Ends(Ref("customer_gateway", "berlin"), transit_gateway_id="tgw-1"),
            "customer_gateway",
            Ref("customer_gateway", "berlin"),
        ),
        (Ends("cgw-1", transit_gateway_id="tgw-2"), "transit_gateway_id", "tgw-2"),
        (Ends("cgw-1", vpn_gateway="vgw-1"), "vpn_gateway", "vgw-1"),
    ],
)
def test_a_move_costs_both_tunnels_and_needs_consent(ends: Ends, field: str, value: object) -> None:
    assert any("allow_interruption" in text for text in plan(wanted(), existing(), ends).refusals)
    part = plan(wanted(), existing(), ends, Consent(allow_interruption=True))
    assert part.refusals == ()
    (move,) = part.actions
    assert move.interruption is Interruption.BOTH_TUNNELS
    assert isinstance(move.step, ModifyConnection)
    given = {each.name: getattr(move.step, each.name) for each in dataclasses.fields(move.step)}
    assert {key: item for key, item in given.items() if item and key != "connection_id"} == {field: value}


def test_both_ends_change_one_after_the_other() -> None:
    part = plan(wanted(), existing(), Ends("cgw-2", vpn_gateway="vgw-1"), Consent(allow_interruption=True))
    assert part.refusals == ()
    assert [action.line for action in part.actions] == [
        "berlin  change vpn connection vpn-1 to cgw-2  [interrupts both tunnels]",
        "berlin  change vpn connection vpn-1 to vgw-1  [interrupts both tunnels]",
    ]
    assert [action.stage for action in part.actions] == [Stage.CONNECTIONS, Stage.TARGETS]


def test_a_move_together_with_a_tunnel_change_is_refused() -> None:
    ends = Ends("cgw-2", transit_gateway_id="tgw-1")
    want = wanted({"inside_cidr": "169.254.30.0/30"})
    assert plan(want, existing(), ends, Consent(allow_interruption=True)).refusals
    assert not plan(want, existing(), ends, Consent(allow_interruption=True, force_tunnel_change=True)).refusals


def test_another_routing_would_be_a_replacement_and_is_refused() -> None:
    part = plan(wanted(routing="static"), existing(), consent=Consent(True, True))
    assert any("new connection" in text for text in part.refusals)


def static(*routes: StaticRoute) -> Connection:
    return existing(routing="static", vpn_gateway_id="vgw-1", transit_gateway_id=None, routes=routes)


ON_VGW = Ends("cgw-1", vpn_gateway="vgw-1")


def test_static_routes_are_the_whole_set() -> None:
    have = static(StaticRoute("10.1.0.0/16", "available"), StaticRoute("10.3.0.0/16", "deleted"))
    want = wanted(routing="static", transit_gateway_id=None, static_routes=("10.2.0.0/16", "10.3.0.0/16"))
    part = plan(want, have, ON_VGW)
    assert [(action.verb, action.detail) for action in part.actions] == [
        ("create", "10.2.0.0/16"),
        ("create", "10.3.0.0/16"),
        ("delete", "10.1.0.0/16"),
    ]
    assert {action.interruption for action in part.actions} == {Interruption.NONE}


def test_static_routes_that_are_not_given_are_left_alone() -> None:
    have = static(StaticRoute("10.1.0.0/16", "available"))
    assert plan(wanted(routing="static", transit_gateway_id=None), have, ON_VGW).actions == ()


def test_static_routes_go_before_the_move_to_a_transit_gateway() -> None:
    have = static(StaticRoute("10.1.0.0/16", "available"))
    want = wanted(routing="static", static_routes=())
    part = plan(want, have, ENDS, Consent(allow_interruption=True))
    stages = {type(action.step): action.stage for action in part.actions}
    assert stages[DeleteRoute] < stages[ModifyConnection]


def test_keys_change_their_place_one_tunnel_at_a_time() -> None:
    part = plan(wanted(pre_shared_key_storage="SecretsManager"), existing())
    assert part.refusals == ()
    first, second = (action.step for action in part.actions)
    assert isinstance(first, ModifyTunnel)
    assert isinstance(second, ModifyTunnel)
    assert first.pre_shared_key_storage == second.pre_shared_key_storage == "SecretsManager"
    # An empty structure would not travel, and AWS needs one.
    assert [first.options, second.options] == [{"inside_cidr": cidr} for cidr in CIDRS]
    assert part.actions[0].line == (
        "berlin  change vpn tunnel vpn-1 tunnel 1 (198.18.0.1): pre_shared_key_storage: SecretsManager"
        "  [interrupts one tunnel]"
    )
    assert part.after is not None
    assert [tunnel["pre_shared_key"] for tunnel in part.after["tunnels"]] == [None, None]


def test_half_way_to_secrets_manager_only_the_other_tunnel_changes() -> None:
    have = existing()
    hidden = dataclasses.replace(have.tunnels[0], pre_shared_key=None)
    have = dataclasses.replace(have, tunnels=(hidden, have.tunnels[1]), pre_shared_key_arn="arn:aws:secretsmanager:x")
    assert have.pre_shared_key_storage == "Standard"
    (action,) = plan(wanted(pre_shared_key_storage="SecretsManager"), have).actions
    assert "tunnel 2" in action.detail
    (action,) = plan(wanted(pre_shared_key_storage="Standard"), have).actions
    assert "tunnel 1" in action.detail


def test_a_key_is_sent_along_when_it_comes_back_from_secrets_manager() -> None:
    have = existing()
    tunnels = tuple(dataclasses.replace(tunnel, pre_shared_key=None) for tunnel in have.tunnels)
    have = dataclasses.replace(have, tunnels=tunnels, pre_shared_key_arn="arn:aws:secretsmanager:x")
    want = wanted({"pre_shared_key": Secret(MARKER)}, {"pre_shared_key": Secret(MARKER)})
    part = plan(dataclasses.replace(want, pre_shared_key_storage="Standard"), have)
    assert part.refusals == ()
    assert all(list(action.step.options) == ["pre_shared_key"] for action in part.actions)


def test_a_log_travels_as_a_whole_and_is_predicted_so() -> None:
    group = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn"
    log = {"bgp_log_enabled": True, "bgp_log_group_arn": group, "bgp_log_output_format": "json"}
    part = plan(wanted(log), existing())
    (action,) = part.actions
    assert isinstance(action.step, ModifyTunnel)
    assert action.step.options == log
    assert part.after is not None
    assert {name: part.after["tunnels"][0][name] for name in log} == log
