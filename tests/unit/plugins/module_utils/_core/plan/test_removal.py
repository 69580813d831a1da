# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removal: what goes, what stays because others use it, and what is not ours to touch."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Attachment,
    Connection,
    CustomerGateway,
    Observed,
    RouteTable,
    TransitAttachment,
    TransitRoute,
    TransitRouteTable,
    VpnConcentrator,
    VpnGateway,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Interruption, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.removal import Removal, plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    DeleteCustomerGateway,
    DeleteTransitRoute,
    DeleteVpnGateway,
)

VPC = "vpc-1"
ALL = Removal(everything=True)


def device(site: str, device_id: str = "", **changes: Any) -> CustomerGateway:
    given: dict[str, Any] = {"tags": tags.gateway_tags(site, {}), **changes}
    return CustomerGateway(
        id=device_id or f"cgw-{site}", state="available", public_ip="198.51.100.10", bgp_asn=65010, **given
    )


def connection(site: str, connection_id: str = "", state: str = "available", **changes: Any) -> Connection:
    given: dict[str, Any] = {"tags": tags.connection_tags(site, {}), "customer_gateway_id": f"cgw-{site}", **changes}
    return Connection(
        id=connection_id or f"vpn-{site}",
        state=state,
        customer_gateway_id=given.pop("customer_gateway_id"),
        vpn_gateway_id=given.pop("vpn_gateway_id", None),
        transit_gateway_id=given.pop("transit_gateway_id", None),
        routing="bgp",
        **given,
    )


def gateway(state: str = "attached", vpc: str = VPC, **changes: Any) -> VpnGateway:
    given: dict[str, Any] = {"tags": tags.vpc_tags(VPC, {}), **changes}
    return VpnGateway(
        id="vgw-1", state="available", amazon_side_asn=64512, attachments=(Attachment(vpc, state),), **given
    )


def concentrator(**changes: Any) -> VpnConcentrator:
    return VpnConcentrator("vcn-1", "available", "tgw-1", tags={**tags.transit_tags("tgw-1", {}), **changes})


def done(made: Plan) -> list[tuple[str, str]]:
    return [(action.resource, action.id or action.detail) for action in made.actions]


ON_VGW = Observed(
    customer_gateways=(device("berlin"), device("madrid")),
    vpn_gateways=(gateway(),),
    connections=(connection("berlin", vpn_gateway_id="vgw-1"), connection("madrid", vpn_gateway_id="vgw-1")),
    route_tables=(RouteTable("rtb-1", VPC, ("vgw-1",)), RouteTable("rtb-2", VPC)),
)


def test_a_gateway_goes_alone() -> None:
    made = plan(Removal(("berlin",), vpcs={VPC: "berlin"}), ON_VGW)
    assert done(made) == [("vpn_connection", "vpn-berlin"), ("customer_gateway", "cgw-berlin")]
    assert made.actions[0].interruption is Interruption.BOTH_TUNNELS
    assert made.warnings == ()
    assert set(made.before) == set(made.after) == {"berlin"}
    assert made.after["berlin"] == {"vpn_connection": {}, "customer_gateway": {}}


def test_the_virtual_private_gateway_goes_with_the_last_connection_in_an_order_aws_takes() -> None:
    made = plan(Removal(("berlin", "madrid"), vpcs={VPC: "berlin"}), ON_VGW)
    assert done(made) == [
        ("route_propagation", "into rtb-1"),
        ("vpn_connection", "vpn-berlin"),
        ("vpn_connection", "vpn-madrid"),
        ("vpn_gateway_attachment", "vgw-1"),
        ("customer_gateway", "cgw-berlin"),
        ("customer_gateway", "cgw-madrid"),
        ("vpn_gateway", "vgw-1"),
    ]


def test_a_virtual_private_gateway_no_entry_names_stays() -> None:
    made = plan(Removal(("berlin", "madrid")), ON_VGW)
    assert "vpn_gateway" not in dict(done(made))


def test_everything_of_the_collection() -> None:
    made = plan(ALL, ON_VGW)
    assert [resource for resource, _id in done(made)].count("vpn_gateway") == 1
    assert len(made.actions) == 7
    assert ALL.over(ON_VGW).gateways == ("berlin", "madrid")


def test_nothing_without_our_identity_is_touched() -> None:
    ours_in_part = {"hybridnet:gateway": "berlin", "hybridnet:connection": "main"}
    observed = Observed(
        customer_gateways=(device("berlin", tags=ours_in_part), device("oslo", tags={})),
        vpn_gateways=(gateway(tags={"Name": VPC}),),
        connections=(connection("berlin", tags=ours_in_part), connection("oslo", tags={"Name": "oslo"})),
        vpn_concentrators=(VpnConcentrator("vcn-1", "available", "tgw-1"),),
    )
    for removal in (ALL, Removal(("berlin", "oslo"), vpcs={VPC: "berlin"}, concentrators={"tgw-1": "berlin"})):
        assert not plan(removal, observed).has_changes


def test_no_selector_removes_nothing() -> None:
    assert not plan(Removal(), ON_VGW).has_changes


def test_what_is_gone_is_gone() -> None:
    made = plan(Removal(("berlin",), vpcs={VPC: "berlin"}), Observed())
    assert not made.has_changes
    assert made.refusals == made.warnings == ()


def test_outgoing_connections_and_outdated_customer_gateways_go_too() -> None:
    outgoing = connection("berlin", "vpn-old", tags={**tags.connection_tags("berlin", {}), OUTGOING_TAG: "true"})
    observed = Observed(
        customer_gateways=(device("berlin"), device("berlin", "cgw-old")),
        connections=(outgoing, connection("berlin")),
    )
    made = plan(Removal(("berlin",)), observed)
    assert sorted(done(made)) == [
        ("customer_gateway", "cgw-berlin"),
        ("customer_gateway", "cgw-old"),
        ("vpn_connection", "vpn-berlin"),
        ("vpn_connection", "vpn-old"),
    ]
    assert set(made.before["berlin"]) == {
        "customer_gateway",
        "customer_gateway cgw-old",
        "vpn_connection",
        "vpn_connection vpn-old",
    }
    assert "outgoing" in made.actions[1].line


def test_what_others_use_stays_with_a_word() -> None:
    foreign = connection("", "vpn-foreign", tags={}, customer_gateway_id="cgw-berlin", vpn_gateway_id="vgw-1")
    observed = Observed(
        customer_gateways=(device("berlin"),),
        vpn_gateways=(gateway(),),
        connections=(connection("berlin", vpn_gateway_id="vgw-1"), foreign),
    )
    for removal in (ALL, Removal(("berlin",), vpcs={VPC: "berlin"})):
        made = plan(removal, observed)
        assert done(made) == [("vpn_connection", "vpn-berlin")]
        assert len(made.warnings) == 2
        assert all("vpn-foreign (not of this collection)" in text for text in made.warnings)


def test_a_gateway_that_was_moved_to_another_vpc_stays() -> None:
    made = plan(ALL, Observed(vpn_gateways=(gateway(vpc="vpc-2"),)))
    assert not made.has_changes
    assert made.warnings == ("vpc-1: vgw-1 is attached to vpc-2, and was made for vpc-1, so it stays",)


def test_what_an_interrupted_removal_left_is_waited_for() -> None:
    leaving = connection("berlin", state="deleting", vpn_gateway_id="vgw-1")
    observed = Observed(
        customer_gateways=(device("berlin"),), vpn_gateways=(gateway("detaching"),), connections=(leaving,)
    )
    made = plan(Removal(("berlin",), vpcs={VPC: "berlin"}), observed)
    assert done(made) == [("customer_gateway", "cgw-berlin"), ("vpn_gateway", "vgw-1")]
    first, second = (action.step for action in made.actions)
    assert first == DeleteCustomerGateway("cgw-berlin", ("vpn-berlin",))
    assert second == DeleteVpnGateway("vgw-1", ("vpn-berlin",), is_detaching=True)


def test_a_concentrator_goes_when_nobody_uses_it() -> None:
    ours = connection("berlin", vpn_concentrator_id="vcn-1")
    theirs = connection("", "vpn-foreign", tags={}, vpn_concentrator_id="vcn-1")
    removal = Removal(("berlin",), concentrators={"tgw-1": "berlin"})
    alone = Observed(connections=(ours,), vpn_concentrators=(concentrator(),))
    assert done(plan(removal, alone)) == [("vpn_connection", "vpn-berlin"), ("vpn_concentrator", "vcn-1")]
    assert done(plan(ALL, alone)) == [("vpn_connection", "vpn-berlin"), ("vpn_concentrator", "vcn-1")]
    shared = Observed(connections=(ours, theirs), vpn_concentrators=(concentrator(),))
    assert done(plan(removal, shared)) == [("vpn_connection", "vpn-berlin")]


def test_static_routes_of_the_transit_gateway_go_before_the_connection() -> None:
    observed = Observed(
        connections=(connection("berlin", transit_gateway_id="tgw-1"),),
        transit_attachments=(TransitAttachment("tgw-attach-1", "available", "tgw-1", "vpn-berlin"),),
        transit_route_tables=(
            TransitRouteTable(
                id="tgw-rtb-1",
                transit_gateway_id="tgw-1",
                state="available",
                propagating=(),
                static_routes=(
                    TransitRoute("10.20.0.0/16", "tgw-attach-1", "active"),
                    TransitRoute("10.30.0.0/16", "tgw-attach-2", "active"),
                    TransitRoute("10.40.0.0/16", None, "blackhole"),
                ),
            ),
        ),
    )
    made = plan(Removal(("berlin",)), observed)
    assert done(made) == [("transit_gateway_route", "tgw-attach-1"), ("vpn_connection", "vpn-berlin")]
    assert made.actions[0].step == DeleteTransitRoute("vpn-berlin", "tgw-rtb-1", "10.20.0.0/16")


# Gateways with several connections.


HUB = Observed(
    customer_gateways=(device("hub"),),
    connections=(
        connection("hub/a", "vpn-a", customer_gateway_id="cgw-hub"),
        connection("hub/b", "vpn-b", customer_gateway_id="cgw-hub"),
    ),
)


def test_a_whole_gateway_goes_with_all_its_connections() -> None:
    made = plan(Removal(("hub",)), HUB)
    assert done(made) == [("vpn_connection", "vpn-a"), ("vpn_connection", "vpn-b"), ("customer_gateway", "cgw-hub")]
    assert [action.owner for action in made.actions] == ["hub/a", "hub/b", "hub"]
    assert set(made.before) == {"hub/a", "hub/b", "hub"}


def test_one_connection_of_two_leaves_the_customer_gateway_without_a_word() -> None:
    made = plan(Removal(names=("hub/b",)), HUB)
    assert done(made) == [("vpn_connection", "vpn-b")]
    assert made.warnings == made.refusals == ()


def test_the_customer_gateway_goes_with_the_last_connection() -> None:
    made = plan(Removal(names=("hub/b", "hub/a")), HUB)
    assert done(made) == [("vpn_connection", "vpn-a"), ("vpn_connection", "vpn-b"), ("customer_gateway", "cgw-hub")]


def test_the_main_connection_is_not_its_gateway() -> None:
    both = Observed(
        customer_gateways=(device("hub"),),
        connections=(
            connection("hub", "vpn-main"),
            connection("hub/b", "vpn-b", customer_gateway_id="cgw-hub"),
        ),
    )
    assert done(plan(Removal(names=("hub",)), both)) == [("vpn_connection", "vpn-main")]
    assert len(plan(Removal(("hub",)), both).actions) == 3


def test_a_connection_of_others_keeps_the_customer_gateway_with_a_word() -> None:
    foreign = connection("", "vpn-foreign", tags={}, customer_gateway_id="cgw-hub")
    shared = Observed(customer_gateways=HUB.customer_gateways, connections=(*HUB.connections, foreign))
    made = plan(Removal(("hub",)), shared)
    assert done(made) == [("vpn_connection", "vpn-a"), ("vpn_connection", "vpn-b")]
    assert made.warnings == ("hub: cgw-hub is used by vpn-foreign (not of this collection), so it stays",)


def test_the_gateways_that_are_touched() -> None:
    assert Removal(("hub", "ulm"), ("hub/a", "oslo/b", "oslo/c")).touched == ("hub", "ulm", "oslo")
