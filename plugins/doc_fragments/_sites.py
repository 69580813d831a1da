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
  sites:
    description:
      - The sites. Needed with O(state=present); with O(state=absent) a site needs its name alone.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the site, unique within the Region. It is the identity of the site's resources.
        type: str
        required: true
      target:
        description:
          - What the connection ends on; exactly one of the keys but those of route tables. Needed for a site that is to
            exist.
          - A change moves the connection, which interrupts both tunnels and needs O(allow_interruption=true); from or
            to a VPN concentrator, and from a gateway to none, it needs a new connection and O(allow_replacement=true).
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
              - The virtual private gateway of a VPC, made if there is none. Sites on one VPC share it and must agree.
            type: dict
            suboptions:
              vpc_id:
                description: The VPC, which must exist. A VPC takes one virtual private gateway.
                type: str
                required: true
              amazon_side_asn:
                description:
                  - Autonomous system number of the AWS side, V(64512) to V(65534) or V(4200000000) to V(4294967294).
                    Without it AWS takes V(64512) for a new gateway, and that of an existing one is not looked at.
                  - Fixed at creation; a different one on an existing gateway is refused.
                type: int
              propagate_to:
                description:
                  - Ids of all route tables of the VPC into which the gateway propagates its routes. Propagation into
                    others of that VPC is stopped, with an empty list into all.
                  - Without it propagation is left alone.
                type: list
                elements: str
          vpn_concentrator_id:
            description: An existing VPN concentrator. It takes connections with BGP only.
            type: str
          vpn_concentrator:
            description:
              - The VPN concentrator of a transit gateway, made if there is none. All sites that name the transit
                gateway share it.
            type: dict
            suboptions:
              transit_gateway_id:
                description: The transit gateway, which must exist.
                type: str
                required: true
          unattached:
            description: With V(true) the connection has no target here; a Cloud WAN attaches it later.
            type: bool
          associate_with:
            description:
              - Route table of the transit gateway that says where traffic from the site goes. Without it that is left
                alone; a new connection gets the default association route table, where the transit gateway has one.
              - AWS dissolves an association before it makes another, so while a tunnel is up a change interrupts both
                for about a minute, and needs O(allow_interruption=true).
              - The route tables of a transit gateway that another account shares belong to that account.
              - Only with O(sites[].target.transit_gateway_id).
            type: str
          propagate_to:
            description:
              - Ids of all route tables of the transit gateway that learn the routes of the site. Propagation into
                others is stopped, with an empty list into all. Without it propagation is left alone.
              - Only with O(sites[].target.transit_gateway_id).
            type: list
            elements: str
          static_routes_to:
            description:
              - Ids of all route tables of the transit gateway that have O(sites[].local_cidrs) as static routes to the
                site. In these tables static routes to the site for other networks are removed, in the others of the
                transit gateway those for its own networks. Without it they are left alone.
              - A route table knows one static route to a network; one that leads to an attachment of others is refused.
              - Only with O(sites[].target.transit_gateway_id), with either O(sites[].routing).
            type: list
            elements: str
      routing:
        description:
          - How routes get across. With V(static) on a virtual private gateway O(sites[].local_cidrs) become static
            routes of the connection; on a transit gateway static routes belong into its route tables, see
            O(sites[].target.static_routes_to).
          - A change needs a new connection with new outside addresses, and O(allow_replacement=true).
        type: str
        choices: [bgp, static]
        default: bgp
      local_cidrs:
        description:
          - Networks behind the gateway, IPv6 ones where O(sites[].options.tunnel_inside_ip_version=ipv6). Needed for a
            site that is to exist.
        type: list
        elements: str
      remote_cidrs:
        description:
          - Networks on the AWS side. AWS is not told; they are passed on to the gateway. Needed for a site that is to
            exist.
        type: list
        elements: str
      tags:
        description:
          - Further tags of the site's customer gateway and connection. A C(Name) given here wins over the site's name.
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
