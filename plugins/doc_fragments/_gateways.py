# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of gateways, each of them with the options of its resources and with a list of connections.

Fragments are merged at the top of the options only, so those of a gateway are put in their place here.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

import yaml
from ansible_collections.hybridnet.aws_vpn.plugins.doc_fragments import (
    _access,
    _connection_options,
    _customer_gateway_options,
    _tunnel_options,
)

_OF_A_GATEWAY = r"""
options:
  name:
    description:
      - Name of the gateway, up to 127 characters without C(/), unique within the Region and account. Its resources are
        found by this name.
    type: str
    required: true
  site:
    description:
      - Name of the site where the gateway stands. Gateways of one site can have the same O(gateways[].local_cidrs).
      - By default the name of the gateway.
    type: str
  local_cidrs:
    description:
      - Networks behind the gateway. They are IPv6 networks with O(gateways[].options.tunnel_inside_ip_version=ipv6).
        Required with O(state=present).
      - A network can be inside one of O(gateways[].remote_cidrs) or of another site, and the other way around. The
        more specific network is used. The same network at two sites needs O(gateways[].shared_networks=true) at both.
    type: list
    elements: str
  shared_networks:
    description:
      - The networks of this site can also be networks of other sites that set this option.
      - A static route of a transit gateway leads to one site only, so with O(gateways[].target.static_routes_to) such
        sites need different route tables.
    type: bool
"""

_OF_A_CONNECTION = r"""
options:
  target:
    description:
      - The AWS end of the connection. Give exactly one target; the keys for route tables are additional. Required
        with O(state=present).
      - A change moves the connection, which interrupts both tunnels and needs O(allow_interruption=true). A move
        from or to a VPN concentrator, or from a gateway to no target, needs a new connection and
        O(allow_replacement=true).
    type: dict
    suboptions:
      transit_gateway_id:
        description: An existing transit gateway.
        type: str
      vpn_gateway_id:
        description: An existing virtual private gateway.
        type: str
      vpn_gateway:
        description:
          - The virtual private gateway of a VPC, created if there is none. Sites on one VPC share it and must give
            the same values.
        type: dict
        suboptions:
          vpc_id:
            description: The VPC, which must exist. A VPC can have one virtual private gateway.
            type: str
            required: true
          amazon_side_asn:
            description:
              - Autonomous system number of the AWS side, V(64512) to V(65534) or V(4200000000) to V(4294967294). If
                you omit it, AWS uses V(64512) for a new gateway, and the ASN of an existing gateway is not checked.
              - AWS cannot change it. Another value for an existing gateway is refused.
            type: int
          propagate_to:
            description:
              - Ids of all route tables of the VPC into which the gateway propagates its routes. Propagation into
                other route tables of that VPC is disabled. An empty list disables it for all.
              - If you omit it, propagation does not change.
            type: list
            elements: str
      vpn_concentrator_id:
        description: An existing VPN concentrator. It accepts only connections with BGP.
        type: str
      vpn_concentrator:
        description:
          - The VPN concentrator of a transit gateway, created if there is none. All sites that name the transit
            gateway share it.
        type: dict
        suboptions:
          transit_gateway_id:
            description: The transit gateway, which must exist.
            type: str
            required: true
      unattached:
        description: With V(true) the connection has no target. Cloud WAN attaches it later.
        type: bool
      associate_with:
        description:
          - Route table of the transit gateway for traffic from the site. If you omit it, the association does not
            change. A new connection gets the default association route table, if the transit gateway has one.
          - AWS removes the old association before it creates the new one. So if a tunnel is up, a change interrupts
            both tunnels for about a minute and needs O(allow_interruption=true).
          - If another account shares the transit gateway, its route tables belong to that account.
          - Only with O(gateways[].target.transit_gateway_id).
        type: str
      propagate_to:
        description:
          - Ids of all route tables of the transit gateway that learn the routes of the site. Propagation into other
            route tables is disabled. An empty list disables it for all. If you omit it, propagation does not
            change.
          - Only with O(gateways[].target.transit_gateway_id).
        type: list
        elements: str
      static_routes_to:
        description:
          - Ids of all route tables of the transit gateway that get O(gateways[].local_cidrs) as static routes to
            the site. In these tables, static routes to the site for other networks are removed. In the other
            tables of the transit gateway, static routes to the site for its own networks are removed. If you omit
            it, static routes do not change.
          - A route table can have one static route to a network. If this route leads to an attachment of others,
            the run is refused.
          - Only with O(gateways[].target.transit_gateway_id), for both values of O(gateways[].routing).
        type: list
        elements: str
  routing:
    description:
      - How routes are exchanged. With V(static) on a virtual private gateway, O(gateways[].local_cidrs) become
        static routes of the connection. On a transit gateway, static routes are in its route tables, see
        O(gateways[].target.static_routes_to).
      - If you omit it, a new connection has V(bgp), and an existing connection does not change.
      - A change needs a new connection with new outside addresses, and O(allow_replacement=true).
    type: str
    choices: [bgp, static]
  remote_cidrs:
    description:
      - Networks on the AWS side. They are not sent to AWS. The gateway uses them. Required with O(state=present).
    type: list
    elements: str
  tags:
    description:
      - More tags of the site's customer gateway and connection. A C(Name) in this option takes precedence over the
        site's name.
      - If a site has tags of its own, the transit gateway attachment of its connection gets them too.
      - A virtual private gateway or VPN concentrator that the module creates gets the tags that all its sites have,
        without C(Name). Sites that are not in this task count too, with the tags of their connections. If two sites
        in this task give a tag different values, the task fails before it changes anything.
      - Resources that are named by their ids get no tags. AWS has no tags for the attachment of a virtual private
        gateway to a VPC.
    type: dict
  preference:
    description:
      - Order in which the gateway uses its connections to the same network, V(1) to V(9). V(1) is preferred.
      - With BGP, connections with the same number share the traffic.
      - It is not sent to AWS. The gateway uses it. By default V(1).
    type: int
"""

_LIST = r"""
options:
  gateways:
    description:
      - The gateways. Required with O(state=present).
      - A gateway without O(gateways[].connections) has one connection, whose name is C(main). The options of the
        gateway describe it.
      - With O(state=absent) a gateway needs only its name. Then all its connections are removed. With
        O(gateways[].connections) only these connections are removed.
    type: list
    elements: dict
    suboptions: {}
"""

_CONNECTIONS = r"""
description:
  - The connections of the gateway, if it has several. What a connection does not give, it takes from the gateway.
  - The connections of a gateway in one Region and account share its customer gateway.
type: list
elements: dict
suboptions: {}
"""

_NAME = r"""
description:
  - Name of the connection, up to 127 characters without C(/), unique on the gateway. The connection of a gateway
    without this list is C(main).
  - Results and plans call a connection V(GATEWAY/CONNECTION), and the connection C(main) only V(GATEWAY).
type: str
required: true
"""


def _options(*fragments: str) -> dict[str, Any]:
    """The options of fragments, together."""
    return {name: option for text in fragments for name, option in yaml.safe_load(text)["options"].items()}


def _referring(options: dict[str, Any], place: str) -> dict[str, Any]:
    """The same options, each described by the place where it is documented."""
    found = {}
    for name, option in options.items():
        where = f"{place}.{name}"
        found[name] = {**option, "description": [f"See O({where})."]}
        if "suboptions" in option:
            below = f"{where}[]" if option["type"] == "list" else where
            found[name]["suboptions"] = _referring(option["suboptions"], below)
    return found


def _documentation() -> str:
    of_a_connection = _options(
        _OF_A_CONNECTION,
        _access.ModuleDocFragment.DOCUMENTATION,
        _connection_options.ModuleDocFragment.DOCUMENTATION,
        _tunnel_options.ModuleDocFragment.DOCUMENTATION,
    )
    connections = yaml.safe_load(_CONNECTIONS)
    connections["suboptions"] = {"name": yaml.safe_load(_NAME), **_referring(of_a_connection, "gateways[]")}
    documented = yaml.safe_load(_LIST)
    documented["options"]["gateways"]["suboptions"] = {
        **_options(_OF_A_GATEWAY, _customer_gateway_options.ModuleDocFragment.DOCUMENTATION),
        **of_a_connection,
        "connections": connections,
    }
    text: str = yaml.safe_dump(documented, sort_keys=False, width=10**6)
    return text


class ModuleDocFragment:
    # Annotated: ansible-test reads plain assignments as the text itself, and this one has to be computed.
    DOCUMENTATION: str = _documentation()
