# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of sites, each of them made of the options of its resources.

Fragments are merged at the top of the options only, so those of a site are put in their place here.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.doc_fragments import (
    _connection_options,
    _customer_gateway_options,
    _tunnel_options,
)

_SITES = r"""
options:
  gateways:
    description:
      - The sites. Required with O(state=present). With O(state=absent) a site needs only its name.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the site, unique within the Region. The resources of the site are found by this name.
        type: str
        required: true
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
      local_cidrs:
        description:
          - Networks behind the gateway. They are IPv6 networks with O(gateways[].options.tunnel_inside_ip_version=ipv6).
            Required with O(state=present).
          - A network can be inside one of O(gateways[].remote_cidrs) or of another site, and the other way around. The
            more specific network is used. The same network at two sites needs O(gateways[].shared_networks=true) at both.
        type: list
        elements: str
      remote_cidrs:
        description:
          - Networks on the AWS side. They are not sent to AWS. The gateway uses them. Required with O(state=present).
        type: list
        elements: str
      shared_networks:
        description:
          - The networks of this site can also be networks of other sites that set this option.
          - A static route of a transit gateway leads to one site only, so with O(gateways[].target.static_routes_to) such
            sites need different route tables.
        type: bool
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
"""


def _of_a_site(fragment: str) -> str:
    """The options of a fragment as those of each site."""
    lines = fragment.partition("options:\n")[2].splitlines()
    return "".join(f"    {line}\n" for line in lines)


class ModuleDocFragment:
    # Annotated: ansible-test reads plain assignments as the text itself, and this one has to be computed.
    DOCUMENTATION: str = _SITES + "".join(
        _of_a_site(fragment.ModuleDocFragment.DOCUMENTATION)
        for fragment in (_customer_gateway_options, _connection_options, _tunnel_options)
    )
