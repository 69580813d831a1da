# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options of tunnels, written by `make docs-options`."""

# Private to this collection: no stable interface for others.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  tunnels:
    description:
      - Up to two tunnels. An entry is for the tunnel with the same inside CIDR, otherwise for the tunnel at
        the same position.
      - If you omit an option, AWS chooses its value for a new connection, and an existing connection keeps
        its value.
      - A change of an existing tunnel that is not down needs the other tunnel to be up, or O(force_tunnel_change=true).
    type: list
    elements: dict
    suboptions:
      inside_cidr:
        description:
          - 'Network of the two inside addresses: a /30 within 169.254.0.0/16. AWS has the first host address,
            the gateway has the second.'
          - Not one of V(169.254.0.0/30), V(169.254.1.0/30), V(169.254.2.0/30), V(169.254.3.0/30), V(169.254.4.0/30),
            V(169.254.5.0/30) and V(169.254.169.252/30), which AWS reserves. It must be unique on a virtual
            private gateway.
          - AWS's default is a free network.
          - A change interrupts this tunnel.
          - See C(TunnelInsideCidr) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: str
      inside_ipv6_cidr:
        description:
          - 'IPv6 network of the two inside addresses: a /126 within fd00::/8. It must be unique on a transit
            gateway. Only with C(tunnel_inside_ip_version) V(ipv6).'
          - AWS's default is a free network, with IPv6 inside.
          - A change interrupts this tunnel.
          - See C(TunnelInsideIpv6Cidr) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: str
      pre_shared_key:
        description:
          - 'Pre-shared key of the tunnel: 8 to 64 characters from A-Z, a-z, 0-9, V(.) and V(_). The first
            character must not be V(0).'
          - It is never returned. Plans and diffs show it as C((set)) or C((changed)). It is not compared if
            it is kept in AWS Secrets Manager.
          - AWS's default is a random key of 32 characters.
          - A change interrupts this tunnel.
          - See C(PreSharedKey) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: str
        aliases:
          - psk
      ike_versions:
        description:
          - IKE versions AWS allows.
          - AWS's default is all that it supports.
          - A change interrupts this tunnel.
          - See C(IKEVersions) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: list
        elements: str
        choices:
          - ikev1
          - ikev2
      phase1_encryption_algorithms:
        description:
          - Ciphers AWS allows in phase 1.
          - From these, AWS takes the lowest that the gateway offers and ignores the order of the gateway.
            To force strong algorithms, omit the weak ones.
          - AWS's default is all that it supports.
          - A change interrupts this tunnel.
          - See C(Phase1EncryptionAlgorithms) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: list
        elements: str
        choices:
          - AES128
          - AES256
          - AES128-GCM-16
          - AES256-GCM-16
      phase2_encryption_algorithms:
        description:
          - Ciphers AWS allows in phase 2.
          - From these, AWS takes the lowest that the gateway offers and ignores the order of the gateway.
            To force strong algorithms, omit the weak ones.
          - AWS's default is all that it supports.
          - A change interrupts this tunnel.
          - See C(Phase2EncryptionAlgorithms) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: list
        elements: str
        choices:
          - AES128
          - AES256
          - AES128-GCM-16
          - AES256-GCM-16
      phase1_integrity_algorithms:
        description:
          - Integrity algorithms AWS allows in phase 1.
          - If only GCM ciphers are allowed in the phase, AWS does not return this list. It is then not compared.
          - AWS's default is all that it supports.
          - A change interrupts this tunnel.
          - See C(Phase1IntegrityAlgorithms) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: list
        elements: str
        choices:
          - SHA1
          - SHA2-256
          - SHA2-384
          - SHA2-512
      phase2_integrity_algorithms:
        description:
          - Integrity algorithms AWS allows in phase 2.
          - If only GCM ciphers are allowed in the phase, AWS does not return this list. It is then not compared.
          - AWS's default is all that it supports.
          - A change interrupts this tunnel.
          - See C(Phase2IntegrityAlgorithms) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: list
        elements: str
        choices:
          - SHA1
          - SHA2-256
          - SHA2-384
          - SHA2-512
      phase1_dh_group_numbers:
        description:
          - Diffie-Hellman groups AWS allows for the initial exchange of phase 1. V(35) is ML-KEM-512.
          - From these, AWS takes the lowest that the gateway offers and ignores the order of the gateway.
            To force strong algorithms, omit the weak ones.
          - AWS's default is all that it supports.
          - A change interrupts this tunnel.
          - See C(Phase1DHGroupNumbers) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: list
        elements: int
        choices:
          - 2
          - 14
          - 15
          - 16
          - 17
          - 18
          - 19
          - 20
          - 21
          - 22
          - 23
          - 24
          - 35
      phase2_dh_group_numbers:
        description:
          - Diffie-Hellman groups AWS allows for the initial exchange of phase 2. V(35), V(36) and V(37) are
            ML-KEM-512, ML-KEM-768 and ML-KEM-1024.
          - From these, AWS takes the lowest that the gateway offers and ignores the order of the gateway.
            To force strong algorithms, omit the weak ones.
          - AWS's default is all that it supports.
          - A change interrupts this tunnel.
          - See C(Phase2DHGroupNumbers) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: list
        elements: int
        choices:
          - 2
          - 5
          - 14
          - 15
          - 16
          - 17
          - 18
          - 19
          - 20
          - 21
          - 22
          - 23
          - 24
          - 35
          - 36
          - 37
      phase1_additional_key_exchanges:
        description:
          - All additional key exchanges of phase 1 after the initial one, as in RFC 9370, for example with
            ML-KEM against quantum computers. An empty list disables them.
          - IKEv2 only. It must be possible to use a different method in the initial exchange and in each required
            round.
          - AWS's default is none.
          - A change interrupts this tunnel.
          - See C(Phase1AdditionalKeyExchanges) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnAdditionalKeyExchangeRequest.html).
        type: list
        elements: dict
        suboptions:
          round:
            type: int
            required: true
            description: &id001
              - Number of the round, V(1) to V(7), each at most once.
          methods:
            type: list
            elements: int
            choices: &id002
              - 2
              - 5
              - 14
              - 15
              - 16
              - 17
              - 18
              - 19
              - 20
              - 21
              - 22
              - 23
              - 24
              - 35
              - 36
              - 37
            description: &id003
              - 'Key exchange methods AWS allows in the round, by their IANA numbers: Diffie-Hellman groups,
                and V(35), V(36), V(37) for ML-KEM-512, ML-KEM-768, ML-KEM-1024.'
              - A required round needs at least one method. An optional round without a method is disabled.
          requirement:
            type: str
            choices: &id004
              - required
              - optional
            default: required
            description: &id005
              - With V(required) the tunnel stays down if the gateway does not support the round.
      phase2_additional_key_exchanges:
        description:
          - All additional key exchanges of phase 2 after the initial one, as in RFC 9370, for example with
            ML-KEM against quantum computers. An empty list disables them.
          - IKEv2 only. It must be possible to use a different method in the initial exchange and in each required
            round.
          - AWS's default is none.
          - A change interrupts this tunnel.
          - See C(Phase2AdditionalKeyExchanges) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnAdditionalKeyExchangeRequest.html).
        type: list
        elements: dict
        suboptions:
          round:
            type: int
            required: true
            description: *id001
          methods:
            type: list
            elements: int
            choices: *id002
            description: *id003
          requirement:
            type: str
            choices: *id004
            default: required
            description: *id005
      phase1_lifetime_seconds:
        description:
          - Lifetime of phase 1 on the AWS side.
          - V(900) to V(28800) seconds.
          - AWS's default is V(28800).
          - A change interrupts this tunnel.
          - See C(Phase1LifetimeSeconds) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      phase2_lifetime_seconds:
        description:
          - Lifetime of phase 2 on the AWS side. It must be shorter than the lifetime of phase 1.
          - V(900) to V(3600) seconds.
          - AWS's default is V(3600).
          - A change interrupts this tunnel.
          - See C(Phase2LifetimeSeconds) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      rekey_margin_time_seconds:
        description:
          - 'How long before the end of the phase 2 lifetime AWS may start a rekey: at most half of this lifetime.'
          - V(60) to V(1800) seconds.
          - AWS's default is V(270).
          - A change interrupts this tunnel.
          - See C(RekeyMarginTimeSeconds) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      rekey_fuzz_percentage:
        description:
          - Part of the rekey margin in which AWS chooses a random time for the rekey.
          - V(0) to V(100) percent.
          - AWS's default is V(100).
          - A change interrupts this tunnel.
          - See C(RekeyFuzzPercentage) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      replay_window_size:
        description:
          - Size of the window in which AWS accepts packets out of order.
          - V(64) to V(2048) packets.
          - AWS's default is V(1024).
          - A change interrupts this tunnel.
          - See C(ReplayWindowSize) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      dpd_timeout_seconds:
        description:
          - Time without an answer after which AWS considers the gateway dead.
          - At least V(30) seconds.
          - AWS's default is V(30) or V(40); its documentation has both.
          - A change interrupts this tunnel.
          - See C(DPDTimeoutSeconds) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      dpd_timeout_action:
        description:
          - What AWS does after a DPD timeout. V(clear) ends the session and removes its routes. V(restart)
            restarts the session. V(none) does nothing.
          - AWS's default is V(clear).
          - A change interrupts this tunnel.
          - See C(DPDTimeoutAction) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: str
        choices:
          - clear
          - none
          - restart
      startup_action:
        description:
          - Who starts the IKE negotiation. With V(add) the gateway starts it, with V(start) AWS does. V(start)
            needs IKEv2 and a customer gateway with an address.
          - AWS's default is V(add).
          - A change interrupts this tunnel.
          - See C(StartupAction) in U(https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html).
        type: str
        choices:
          - add
          - start
      enable_tunnel_lifecycle_control:
        description:
          - Whether AWS delays endpoint maintenance until a certain date, so that you can apply it earlier
            at a time of your choice.
          - AWS's default is V(false).
          - A change interrupts this tunnel.
          - See C(EnableTunnelLifecycleControl) in U(https://docs.aws.amazon.com/vpn/latest/s2svpn/tunnel-endpoint-lifecycle.html).
        type: bool
      log_enabled:
        description:
          - Whether AWS writes the activity of the tunnel (IKE, DPD) to CloudWatch Logs.
          - AWS's default is V(false).
          - A change interrupts this tunnel.
          - See C(LogEnabled) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: bool
      log_group_arn:
        description:
          - Log group for the activity log. Only with C(log_enabled). With a name that begins with C(/aws/vendedlogs/)
            you avoid the size limit of the resource policy.
          - A change interrupts this tunnel.
          - See C(LogGroupArn) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: str
      log_output_format:
        description:
          - Format of the activity log. Only with C(log_enabled).
          - AWS's default is V(json).
          - A change interrupts this tunnel.
          - See C(LogOutputFormat) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: str
        choices:
          - json
          - text
      bgp_log_enabled:
        description:
          - Whether AWS writes the BGP activity of the tunnel to CloudWatch Logs. Useful only with dynamic
            routing.
          - AWS's default is V(false).
          - A change interrupts this tunnel.
          - See C(BgpLogEnabled) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: bool
      bgp_log_group_arn:
        description:
          - Log group for the BGP log. Only with C(bgp_log_enabled).
          - A change interrupts this tunnel.
          - See C(BgpLogGroupArn) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: str
      bgp_log_output_format:
        description:
          - Format of the BGP log. Only with C(bgp_log_enabled).
          - AWS's default is V(json).
          - A change interrupts this tunnel.
          - See C(BgpLogOutputFormat) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: str
        choices:
          - json
          - text
"""
