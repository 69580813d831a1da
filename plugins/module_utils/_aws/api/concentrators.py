# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Creates, reads and deletes VPN concentrators: one function for each API call."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.model.resources import VpnConcentrator
from . import answers, convert
from .caller import Caller, operation


class ConcentratorCalls(Caller):
    """A part of the EC2 API of one Region."""

    _client: Any

    def vpn_concentrators(self) -> list[VpnConcentrator]:
        """All of the Region: which filters the call takes is not documented, and there are few."""
        raw = self.pages(operation(self._client, "describe_vpn_concentrators"), "VpnConcentrators", [])
        return [_concentrator(entry) for entry in raw]

    def create_concentrator(self, subject: str, transit_gateway_id: str, tags: Mapping[str, str]) -> VpnConcentrator:
        """Called once, as AWS would make a second one; repeating it is the caller's decision."""
        answer = self.once(
            self._client.create_vpn_concentrator,
            subject,
            Type="ipsec.1",
            TransitGatewayId=transit_gateway_id,
            TagSpecifications=convert.tag_specification("vpn-concentrator", tags),
        )
        return _concentrator(answer["VpnConcentrator"])

    def delete_concentrator(self, concentrator_id: str) -> None:
        call = self._client.delete_vpn_concentrator
        self.until_gone(call, concentrator_id, VpnConcentratorId=concentrator_id)


def _concentrator(raw: Mapping[str, Any]) -> VpnConcentrator:
    return VpnConcentrator(
        id=answers.needed_id(raw, "VpnConcentratorId"),
        state=raw.get("State", ""),
        transit_gateway_id=answers.optional_id(raw, "TransitGatewayId", "tgw"),
        transit_gateway_attachment_id=answers.optional_id(raw, "TransitGatewayAttachmentId", "tgw-attach"),
        tags=convert.tags(raw),
    )
