# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every VPN action of the EC2 service model is the emulator's own, not moto's."""

from __future__ import annotations

import re

import botocore.session
from moto.core.utils import camelcase_to_underscores
from moto.ec2.responses import EC2Response
from vpn_emulator.ec2.responses import Response

SUBJECTS = re.compile(r"(?<!Client)Vpn(Connection|Gateway|Concentrator|Tunnel)|CustomerGateway|VgwRoutePropagation")
TRANSIT = re.compile(r"TransitGateway(RouteTable|AttachmentPropagations|Route$|Routes$)")
# Nothing a VPN needs.
NOT_OURS = re.compile(r"Announcement|Export|Modify")


def test_all_vpn_actions_are_there() -> None:
    model = botocore.session.get_session().get_service_model("ec2")
    actions = [name for name in model.operation_names if SUBJECTS.search(name)]
    assert len(actions) == 27
    own = {name for kind in Response.__mro__ for name in vars(kind) if not issubclass(EC2Response, kind)}
    assert [name for name in actions if camelcase_to_underscores(name) not in own] == []


def test_so_are_those_of_transit_gateway_route_tables() -> None:
    model = botocore.session.get_session().get_service_model("ec2")
    actions = [name for name in model.operation_names if TRANSIT.search(name) and not NOT_OURS.search(name)]
    assert len(actions) == 14
    own = {name for kind in Response.__mro__ for name in vars(kind) if not issubclass(EC2Response, kind)}
    assert [name for name in actions if camelcase_to_underscores(name) not in own] == []
