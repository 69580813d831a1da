# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for new connections: what the call carries, and what it needs."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    ConnectionWanted,
    Ref,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.creation import creation_part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Part, Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConnection,
)

from .builders import wanted

ENDS = Ends("cgw-1", transit_gateway_id="tgw-1")
MARKER = "MARKER_psk.1"


def plan(want: ConnectionWanted, ends: Ends = ENDS) -> Part:
    part = creation_part(want, ends)
    assert MARKER not in repr(part)
    return part


def test_creation_carries_identity_tunnels_and_routes() -> None:
    ends = Ends(Ref("customer_gateway", "berlin"), vpn_gateway=Ref("vpn_gateway", "vpc-1"))
    want = wanted({"pre_shared_key": Secret(MARKER)}, routing="static", static_routes=("10.2.0.0/16", "10.1.0.0/16"))
    part = plan(want, ends)
    create, *routes = part.actions
    assert isinstance(create.step, CreateConnection)
    assert create.step.tags["hybridnet:gateway"] == "berlin"
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
    (create,) = plan(wanted()).actions
    assert isinstance(create.step, CreateConnection)
    assert create.step.tunnels == ()


@pytest.mark.parametrize("ends", [Ends(None, transit_gateway_id="tgw-1"), Ends("cgw-1")])
def test_creation_needs_both_ends(ends: Ends) -> None:
    part = plan(wanted(), ends)
    assert part.actions == ()
    assert len(part.refusals) == 1
