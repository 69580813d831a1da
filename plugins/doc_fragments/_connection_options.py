# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options of connections, written by `make docs-options`."""

# Private to this collection: no stable interface for others.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  options:
    description:
      - Options of the connection itself. If you omit an option, AWS chooses its value for a new connection,
        and an existing connection keeps its value.
    type: dict
    suboptions:
      enable_acceleration:
        description:
          - Whether traffic enters the AWS network at the nearest edge location. Not possible on a virtual
            private gateway. The gateway must send ESP in UDP, also without NAT, and start rekeys itself. The
            role C(gateway) does both.
          - AWS's default is V(false).
          - A change needs a new connection with new outside addresses, and O(allow_replacement=true).
          - See C(EnableAcceleration) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html).
        type: bool
      tunnel_inside_ip_version:
        description:
          - IP version of the traffic in the tunnels. V(ipv6) is not possible on a virtual private gateway.
          - AWS's default is V(ipv4).
          - A change needs a new connection with new outside addresses, and O(allow_replacement=true).
          - See C(TunnelInsideIpVersion) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html).
        type: str
        choices:
          - ipv4
          - ipv6
      local_ipv4_network_cidr:
        description:
          - IPv4 network behind the gateway that the tunnels carry. Only with IPv4 inside.
          - AWS refuses a gateway that proposes only a part of this network (C(TS_UNACCEPTABLE)).
          - 'With BGP it must contain V(169.254.0.0/16), where the addresses of the BGP sessions are: omit
            it, and limit the networks that BGP announces.'
          - AWS's default is V(0.0.0.0/0).
          - A change interrupts both tunnels and needs O(allow_interruption=true).
          - See C(LocalIpv4NetworkCidr) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html).
        type: str
      remote_ipv4_network_cidr:
        description:
          - IPv4 network on the AWS side that the tunnels carry. Only with IPv4 inside.
          - AWS refuses a gateway that proposes only a part of this network (C(TS_UNACCEPTABLE)).
          - 'With BGP it must contain V(169.254.0.0/16), where the addresses of the BGP sessions are: omit
            it, and limit the networks that BGP announces.'
          - AWS's default is V(0.0.0.0/0).
          - A change interrupts both tunnels and needs O(allow_interruption=true).
          - See C(RemoteIpv4NetworkCidr) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html).
        type: str
      local_ipv6_network_cidr:
        description:
          - IPv6 network behind the gateway that the tunnels carry. Only with IPv6 inside.
          - AWS refuses a gateway that proposes only a part of this network (C(TS_UNACCEPTABLE)).
          - AWS's default is V(::/0).
          - A change interrupts both tunnels and needs O(allow_interruption=true).
          - See C(LocalIpv6NetworkCidr) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html).
        type: str
      remote_ipv6_network_cidr:
        description:
          - IPv6 network on the AWS side that the tunnels carry. Only with IPv6 inside.
          - AWS refuses a gateway that proposes only a part of this network (C(TS_UNACCEPTABLE)).
          - AWS's default is V(::/0).
          - A change interrupts both tunnels and needs O(allow_interruption=true).
          - See C(RemoteIpv6NetworkCidr) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html).
        type: str
      outside_ip_address_type:
        description:
          - Type of the outside addresses of the tunnels. V(PrivateIpv4) is a private-IP VPN over Direct Connect.
            It needs a transit gateway with a CIDR block and C(transport_transit_gateway_attachment_id). V(Ipv6)
            needs a customer gateway with an IPv6 address, and is not possible on a virtual private gateway.
          - AWS's default is V(PublicIpv4).
          - A change needs a new connection with new outside addresses, and O(allow_replacement=true).
          - See C(OutsideIpAddressType) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html).
        type: str
        choices:
          - PublicIpv4
          - PrivateIpv4
          - Ipv6
      transport_transit_gateway_attachment_id:
        description:
          - Direct Connect attachment of the transit gateway that carries a private-IP VPN. Only with V(PrivateIpv4)
            in C(outside_ip_address_type).
          - A change needs a new connection with new outside addresses, and O(allow_replacement=true).
          - See C(TransportTransitGatewayAttachmentId) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html).
        type: str
      tunnel_bandwidth:
        description:
          - V(standard) is up to 1.25 Gbit/s for each tunnel, V(large) up to 5 Gbit/s. V(large) is not possible
            on a virtual private gateway or a VPN concentrator, with acceleration, without an address of the
            customer gateway, and in some Regions.
          - In some Regions AWS cannot change it in place.
          - AWS's default is V(standard).
          - A change interrupts both tunnels and needs O(allow_interruption=true).
          - See C(TunnelBandwidth) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnectionOptionsSpecification.html).
        type: str
        choices:
          - standard
          - large
  pre_shared_key_storage:
    description:
      - Where AWS keeps the pre-shared keys. V(Standard) is the VPN service, V(SecretsManager) is AWS Secrets
        Manager. Keys in Secrets Manager are not read, so they are not compared.
      - AWS's default is V(Standard). AWS does not return this value. It is derived from where the keys can
        be read.
      - A change interrupts one tunnel after the other.
      - See C(PreSharedKeyStorage) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnConnection.html).
    type: str
    choices:
      - Standard
      - SecretsManager
"""
