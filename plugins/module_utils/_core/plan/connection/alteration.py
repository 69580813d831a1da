# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for changes of an existing VPN connection in place: ends, options, tunnels, static routes, tags."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...model.resources import SECRETS_MANAGER, Connection, ConnectionWanted, Consent, Ref
from ...nouns import ASSOCIATED, VPN_CONNECTION
from ...options import fields
from ...options.field import Field
from ...options.rules import effective_problems
from .. import ready, tags
from ..plan import Action, Part
from ..stages import Stage
from ..steps import CreateRoute, DeleteRoute, ModifyConnection, ModifyConnectionOptions
from .ends import Ends, certificate_problems, final_ends, is_retargeted, must_gateway_follow, new_customer_gateway
from .shown import OPTIONS, SET, connection_model, tunnel_values
from .tunnels import TunnelChange, paired, tunnel_actions, tunnel_changes, tunnel_refusals


@dataclass(frozen=True)
class Alteration:
    """One existing connection, and what is asked of it."""

    wanted: ConnectionWanted
    actual: Connection
    ends: Ends
    consent: Consent

    @property
    def part(self) -> Part:
        """The plan."""
        wanted, actual = self.wanted, self.actual
        retag = tags.actions(wanted.name, VPN_CONNECTION, actual, wanted=wanted.tags, purge=wanted.purge_tags)
        both = (*self._moves(), *self._option_actions())
        changes, warnings = tunnel_changes(wanted, actual)
        on_tunnels = tunnel_actions(wanted, actual, changes, self.consent)
        before = connection_model(actual)
        after = self._after(before, changes)
        is_same = not (retag or both or on_tunnels)
        return Part(
            owner=wanted.name,
            resource=VPN_CONNECTION,
            actions=(*retag, *both, *on_tunnels, *self._routes()),
            unchanged=is_same + len(set(before["static_routes"]) & set(after["static_routes"])),
            before=before,
            after=after,
            warnings=warnings,
            refusals=(
                *self._rule_refusals(),
                *self._core_network_refusals(),
                *self._consent_refusals(both),
                *self._order_refusals(changes),
                *tunnel_refusals(wanted, actual, changes, self.consent),
            ),
        )

    def _after(self, before: Mapping[str, Any], changes: Sequence[TunnelChange]) -> dict[str, Any]:
        wanted, actual, ends = self.wanted, self.actual, self.ends
        models = {tunnel.number: model for tunnel, model in zip(actual.tunnels, before["tunnels"])}
        models.update({change.tunnel.number: change.model for change in changes})
        storage = wanted.pre_shared_key_storage or actual.pre_shared_key_storage
        if new_customer_gateway(actual, ends) is not None and storage != SECRETS_MANAGER:
            # With a customer gateway that has a certificate the keys go, and with another one AWS makes some.
            models = {number: _with_key(model, ends) for number, model in models.items()}
        asked = {row.name: row.shown(wanted.options[row.name]) for row in self._option_rows}
        return {
            **before,
            "customer_gateway_id": ends.customer_gateway_text or actual.customer_gateway_id,
            "target": ends.target if ends.has_target else before["target"],
            "options": {**before["options"], **asked},
            "pre_shared_key_storage": storage,
            "tunnels": [models[number] for number in sorted(models)],
            "static_routes": self._cidrs,
            "tags": tags.merged(wanted.tags, actual.tags, wanted.purge_tags),
        }

    # Both tunnels: another customer gateway, another target, other options.

    def _moves(self) -> list[Action]:
        """One call for each end.

        A virtual private gateway takes no customer gateway of its own ASN: a connection leaves it before that changes.
        """
        actual, ends = self.actual, self.ends
        stages = [Stage.CONNECTIONS, Stage.TARGETS]
        if Ends.of(actual).is_on_vpn_gateway and not ends.is_on_vpn_gateway:
            stages.reverse()
        found = []
        customer_gateway = new_customer_gateway(actual, ends)
        if customer_gateway is not None:
            detail = f"to {'a new customer gateway' if isinstance(customer_gateway, Ref) else customer_gateway}"
            step = ModifyConnection(actual.id, customer_gateway=customer_gateway)
            found.append(self._on_both(detail, stages[0], step))
        if is_retargeted(actual, ends):
            step = ModifyConnection(actual.id, vpn_gateway=ends.vpn_gateway, transit_gateway_id=ends.transit_gateway_id)
            found.append(self._on_both(f"to {ends.target_text}", stages[1], step))
        return found

    @property
    def _option_rows(self) -> tuple[Field, ...]:
        return fields.differences(OPTIONS, self.wanted.options, self.actual.options)

    def _option_actions(self) -> list[Action]:
        rows, asked = self._option_rows, self.wanted.options
        if not rows:
            return []
        detail = "set " + ", ".join(f"{row.name}: {row.shown(asked[row.name])}" for row in rows)
        step = ModifyConnectionOptions(self.actual.id, {row.name: asked[row.name] for row in rows})
        return [self._on_both(detail, Stage.OPTIONS, step)]

    def _on_both(self, detail: str, stage: Stage, step: ModifyConnection | ModifyConnectionOptions) -> Action:
        return replace(Action.of(step, self.wanted.name, detail, self.actual.id), stage=stage)

    # Refusals.

    def _rule_refusals(self) -> tuple[str, ...]:
        wanted, actual = self.wanted, self.actual
        pairs = [
            (want, tunnel_values(tunnel), tunnel.number) for want, tunnel in paired(wanted.tunnels, actual.tunnels)
        ]
        setting = final_ends(actual, self.ends).setting(wanted.routing)
        return (*effective_problems(wanted, actual, pairs, setting), *certificate_problems(wanted, self.ends))

    def _core_network_refusals(self) -> tuple[str, ...]:
        actual, ends = self.actual, self.ends
        if not is_retargeted(actual, ends):
            return ()
        if not Ends.of(actual).target and actual.gateway_association_state == ASSOCIATED:
            return (
                f"{self.wanted.name}: {actual.id} is attached to a core network: delete that attachment before the"
                f" connection is moved to {ends.target_text}",
            )
        return ()

    def _consent_refusals(self, both: Sequence[Action]) -> tuple[str, ...]:
        if not both or self.consent.allow_interruption:
            return ()
        what = " and ".join(action.detail for action in both)
        return (
            f"{self.wanted.name}: changing {self.actual.id} {what} interrupts both tunnels for several minutes:"
            " set allow_interruption to consent",
        )

    def _order_refusals(self, changes: Sequence[TunnelChange]) -> tuple[str, ...]:
        """Tunnels wait for their twin, which does not come back before the gateway is changed too."""
        follows = must_gateway_follow(self.actual, self.ends) or any(row.must_agree for row in self._option_rows)
        if not changes or not follows or self.consent.force_tunnel_change:
            return ()
        if all(ready.is_tunnel_down(tunnel) for tunnel in self.actual.tunnels):
            return ()
        return (
            f"{self.wanted.name}: after this change of {self.actual.id} its tunnels come up again only when the gateway"
            " is changed too, so changing tunnels in the same run would leave none up: make the changes in separate"
            " runs, or set force_tunnel_change",
        )

    # Static routes.

    @property
    def _leaves_for_transit(self) -> bool:
        return is_retargeted(self.actual, self.ends) and not self.ends.is_on_vpn_gateway

    @property
    def _cidrs(self) -> list[str]:
        """The static routes afterwards."""
        if self._leaves_for_transit:
            return []
        wanted = self.wanted.static_routes
        return sorted(ready.live_routes(self.actual) if wanted is None else set(wanted))

    def _routes(self) -> list[Action]:
        """Static routes to add and to remove.

        AWS refuses to move a connection with static routes to a transit gateway, so then they go before the move.
        """
        name, connection_id = self.wanted.name, self.actual.id
        now, then = set(ready.live_routes(self.actual)), set(self._cidrs)
        stage = Stage.ENDS if self._leaves_for_transit else Stage.ROUTES
        create = [Action.of(CreateRoute(connection_id, cidr), name, cidr) for cidr in sorted(then - now)]
        delete = [Action.of(DeleteRoute(connection_id, cidr), name, cidr) for cidr in sorted(now - then)]
        return create + [replace(action, stage=stage) for action in delete]


def _with_key(model: Mapping[str, Any], ends: Ends) -> dict[str, Any]:
    return {**model, "pre_shared_key": None if ends.has_certificate else model.get("pre_shared_key") or SET}
