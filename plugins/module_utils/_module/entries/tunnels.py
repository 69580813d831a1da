# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The modules vpn_tunnel_replacement and vpn_tunnel_certificate: change the endpoint of one tunnel."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api.ec2 import Ec2
from ..._aws.observe.region import observe_connections
from ..._aws.wait import tunnels, waiters
from ..._core.errors import TimedOut
from ..._core.model.resources import Consent, Observed
from ..._core.model.tunnel_status import Maintenance
from ..._core.nouns import GONE
from ..._core.plan.connection import maintenance
from ..._core.plan.connection.maintenance import SelectedTunnel
from ..._core.plan.plan import Plan
from ..._core.sites.results import GatewayLookup, tunnel_result
from ..options import one_connection
from ..run.engine import Workflow
from ..run.runner import carry_out, changing

TUNNEL_ONE_OF = ("tunnel", "outside_address")


def settings() -> dict[str, Any]:
    """What an Ansible module on one tunnel is made with, besides its own options."""
    pairs = [one_connection.ONE_OF, TUNNEL_ONE_OF]
    return {"required_one_of": pairs, "mutually_exclusive": pairs}


def spec() -> dict[str, Any]:
    """The options that name a tunnel, and the consent to take it down."""
    return {
        **one_connection.spec(),
        "tunnel": {"type": "int", "choices": [1, 2]},
        "outside_address": {"type": "str"},
        "force_tunnel_change": {"type": "bool", "default": False},
    }


def replacement(module: AnsibleAWSModule) -> dict[str, Any]:
    """Replaces the endpoint of one tunnel, when maintenance is pending or in any case."""
    always = module.params["replace"] == "always"

    def plan(now: _Snapshot, consent: Consent) -> Plan:
        return maintenance.replacement_plan(now.selected, now.maintenance, always, consent)

    return _carry_out(module, plan)


def certificate(module: AnsibleAWSModule) -> dict[str, Any]:
    """Rotates the certificate of one tunnel endpoint."""

    def plan(now: _Snapshot, consent: Consent) -> Plan:
        customer_gateway = now.lookup.customer_gateway(now.selected.connection)
        return maintenance.certificate_plan(now.selected, customer_gateway, consent)

    return _carry_out(module, plan)


def _carry_out(module: AnsibleAWSModule, plan: Callable[[_Snapshot, Consent], Plan]) -> dict[str, Any]:
    consent = Consent(force_tunnel_change=module.params["force_tunnel_change"])
    workflow = Workflow(
        _Observer(module.params).observe,
        plan=lambda now: plan(now, consent),
        result=_result,
        changing=lambda now: changing([now.selected.connection]),
    )
    return carry_out(module, workflow)


@dataclass(frozen=True)
class _Snapshot:
    """A tunnel as AWS describes it at one moment."""

    selected: SelectedTunnel
    maintenance: Maintenance
    observed: Observed

    @property
    def lookup(self) -> GatewayLookup:
        return GatewayLookup(self.observed)


class _Observer:
    """Reads the tunnel before the plan, and after the changes, once it is UP again."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._params = params
        self._before: SelectedTunnel | None = None
        self._deadline = 0.0

    def observe(self, ec2: Ec2, before_writing: bool) -> _Snapshot:
        if before_writing:
            self._deadline = ec2.clock.now() + self._params["wait_timeout"]
        elif self._params["wait"] and self._before is not None and self._before.is_up:
            self._wait_until_back(ec2, self._before)
        connection = one_connection.find(ec2, self._params)
        selected = maintenance.select_tunnel(connection, self._params["tunnel"], self._params["outside_address"])
        if before_writing:
            self._before = selected
        is_there = connection.state not in GONE
        pending = ec2.maintenance(connection.id, selected.address) if is_there else Maintenance()
        return _Snapshot(selected, pending, observe_connections(ec2, [connection]))

    def _wait_until_back(self, ec2: Ec2, before: SelectedTunnel) -> None:
        """That the tunnel is not UP again is no failure on the AWS side: the gateway of the site has to answer."""
        now = ec2.clock.now()
        back = tunnels.tunnel_back(before.connection.id, before.address, before.tunnel.telemetry, now)
        try:
            waiters.wait(ec2, [back], self._deadline)
        except TimedOut:
            warn(
                f"{before.name} of {before.connection.id} was UP before and is not UP again after"
                f" {self._params['wait_timeout']} s: look at the gateway of the site, which has to answer"
            )


def _result(now: _Snapshot) -> dict[str, Any]:
    shown = tunnel_result(now.selected.connection, now.selected.tunnel, now.lookup)
    return {
        "vpn_connection_id": now.selected.connection.id,
        "tunnel": {**shown, "maintenance": now.maintenance.as_result()},
    }
