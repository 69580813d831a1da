# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options of customer gateways, written by `make docs-options`."""

# Private to this collection: no stable interface for others.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  public_ip:
    description:
      - Address of the gateway as AWS sees it. Behind NAT it is the address of the NAT device. Use an IPv6
        or a private IPv4 address if C(outside_ip_address_type) of the connection is V(Ipv6) or V(PrivateIpv4).
      - You can omit it only with C(certificate_arn). AWS then does not check the address of the gateway.
      - AWS cannot change it. A new value creates a second customer gateway.
      - See C(IpAddress) in U(https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html).
    type: str
  bgp_asn:
    description:
      - Autonomous system number of the gateway. AWS reserves 7224 in every Region, 9059 in eu-west-1, 10124
        in ap-northeast-1 and 17943 in ap-southeast-1.
      - If you omit it, an existing customer gateway keeps its ASN. A new connection with BGP needs one.
      - V(1) to V(4294967294).
      - AWS's default is V(65000).
      - AWS cannot change it. A new value creates a second customer gateway.
      - See C(BgpAsn) in U(https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html).
    type: int
  device_name:
    description:
      - Name of the device, up to 255 characters. AWS allows one customer gateway per address, ASN and name.
      - AWS cannot change it. A new value creates a second customer gateway.
      - See C(DeviceName) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateCustomerGateway.html).
    type: str
  certificate_arn:
    description:
      - Certificate of the gateway in AWS Certificate Manager, issued by a private certificate authority there.
        With it the tunnels authenticate with certificates instead of pre-shared keys.
      - AWS cannot change it. A new value creates a second customer gateway.
      - See C(CertificateArn) in U(https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html).
    type: str
"""
