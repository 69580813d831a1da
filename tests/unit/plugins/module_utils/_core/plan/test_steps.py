# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What steps declare: what they need, what they share, and what has to be so before them."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Ref
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    AttachVpnGateway,
    CreateConcentrator,
    CreateConnection,
    CreateRoute,
    CreateVpnGateway,
    DeleteConcentrator,
    DeleteCustomerGateway,
    DeleteVpnGateway,
    DetachVpnGateway,
    EnablePropagation,
    ModifyConnection,
    ModifyTunnel,
    RotateCertificate,
    SetTags,
    Step,
)

NEW = Ref("vpn_gateway", "vpc-1")
CREATE = CreateConnection(
    ref=Ref("vpn_connection", "berlin"),
    customer_gateway="cgw-1",
    vpn_gateway=None,
    transit_gateway_id=None,
    options={},
    tunnels=(),
    tags={},
    vpn_concentrator="vcn-1",
)


@pytest.mark.parametrize(
    ("step", "needs", "shared"),
    [
        (CREATE, ("cgw-1", "vcn-1"), ("cgw-1", "vcn-1")),
        (ModifyConnection("vpn-1", vpn_gateway=NEW), (NEW,), (NEW,)),
        (AttachVpnGateway(NEW, "vpc-1"), (NEW,), (NEW,)),
        (EnablePropagation("vgw-1", "rtb-1"), ("vgw-1",), ("vgw-1",)),
        # What is made, tagged or removed does not have to be usable before.
        (CreateVpnGateway(NEW, None, {}), (), (NEW,)),
        (CreateConcentrator(NEW, "tgw-1", {}), (), (NEW,)),
        (SetTags("vgw-1", {}), (), ("vgw-1",)),
        (DetachVpnGateway("vgw-1", "vpc-1"), (), ("vgw-1",)),
        (DeleteVpnGateway("vgw-1"), (), ("vgw-1",)),
        (DeleteConcentrator("vcn-1"), (), ("vcn-1",)),
        (CreateRoute("vpn-1", "10.0.0.0/16"), (), ()),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Step) else "",
)
def test_what_is_needed_and_shared(step: Step, needs: tuple[object, ...], shared: tuple[object, ...]) -> None:
    assert (step.needs, step.shared) == (needs, shared)


def test_a_tunnel_goes_down_when_its_twin_is_up() -> None:
    assert ModifyTunnel("vpn-1", "192.0.2.1", "192.0.2.2", {}).goes_down == ("vpn-1", "192.0.2.1", "192.0.2.2")
    assert RotateCertificate("vpn-1", "192.0.2.1", None).goes_down is None
    assert CREATE.goes_down is None


def test_deletions_wait_for_connections() -> None:
    assert DeleteCustomerGateway("cgw-1", ("vpn-1",)).after == ("vpn-1",)
    assert CREATE.after == ()
