# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The names of AWS's resources and of their states, each written once; plans, waits and results use them."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

# Resources, as plans and results name them.
CUSTOMER_GATEWAY = "customer_gateway"
VPN_GATEWAY = "vpn_gateway"
VPN_GATEWAY_ATTACHMENT = "vpn_gateway_attachment"
ROUTE_PROPAGATION = "route_propagation"
VPN_CONCENTRATOR = "vpn_concentrator"
VPN_CONNECTION = "vpn_connection"
VPN_TUNNEL = "vpn_tunnel"
STATIC_ROUTE = "static_route"
# On the side of a transit gateway.
TRANSIT_ATTACHMENT = "transit_gateway_attachment"
TRANSIT_ROUTING = "transit_gateway_routing"
TRANSIT_ASSOCIATION = "transit_gateway_association"
TRANSIT_PROPAGATION = "transit_gateway_propagation"
TRANSIT_ROUTE = "transit_gateway_route"
# What is only waited for.
TUNNEL_MAINTENANCE = "tunnel_maintenance"

# States, as AWS names them.
PENDING = "pending"
AVAILABLE = "available"
MODIFYING = "modifying"
DELETING = "deleting"
DELETED = "deleted"
# Not to be counted on any more.
GONE = (DELETING, DELETED)

# The attachment of a virtual private gateway to a VPC.
ATTACHING = "attaching"
ATTACHED = "attached"
DETACHING = "detaching"
DETACHED = "detached"

# The attachment of a connection to a transit gateway: not usable yet, and not any more.
STARTING_ATTACHMENT = ("initiating", PENDING)
GONE_ATTACHMENT = (*GONE, "failed", "failing", "rejected", "rejecting", "rollingBack")

# The association of such an attachment with a route table, and of a connection with what it ends on.
ASSOCIATING = "associating"
ASSOCIATED = "associated"
DISASSOCIATING = "disassociating"
DISASSOCIATED = "disassociated"
