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
      - Up to two tunnels. An entry is for the tunnel which has its inside CIDR, otherwise for the one at its
        position.
      - Options that are left out are AWS's choice for a new connection, and left alone on an existing one.
      - A change of an existing tunnel needs its twin to be up, or O(force_tunnel_change=true).
    type: list
    elements: dict
    suboptions:
      inside_cidr:
        description:
          - 'Network of the two inside addresses: a /30 within 169.254.0.0/16. AWS takes the first host address,
            the customer gateway the second.'
          - Not one of V(169.254.0.0/30), V(169.254.1.0/30), V(169.254.2.0/30), V(169.254.3.0/30), V(169.254.4.0/30),
            V(169.254.5.0/30) and V(169.254.169.252/30), which AWS keeps for itself. Unique on one virtual
            private gateway.
          - AWS's default is one of its own choice.
          - A change interrupts this tunnel.
          - See C(TunnelInsideCidr) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: str
      inside_ipv6_cidr:
        description:
          - 'IPv6 network of the two inside addresses: a /126 within fd00::/8, unique on one transit gateway.
            Only on a connection whose C(tunnel_inside_ip_version) is V(ipv6).'
          - AWS's default is one of its own choice, with IPv6 inside.
          - A change interrupts this tunnel.
          - See C(TunnelInsideIpv6Cidr) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: str
      pre_shared_key:
        description:
          - 'Pre-shared key of the tunnel: 8 to 64 characters out of A-Z, a-z, 0-9, V(.) and V(_), first not
            V(0).'
          - Never returned, and shown as C((set)) or C((changed)) in plans and diffs. Not compared while it
            is kept in AWS Secrets Manager.
          - AWS's default is a key of 32 characters of its own making.
          - A change interrupts this tunnel.
          - See C(PreSharedKey) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: str
        aliases:
          - psk
      ike_versions:
        description:
          - IKE versions AWS allows.
          - AWS's default is all it supports.
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
          - 'AWS takes the lowest of these that the gateway offers, whatever the gateway prefers: to force
            strength, leave the weak ones out.'
          - AWS's default is all it supports.
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
          - 'AWS takes the lowest of these that the gateway offers, whatever the gateway prefers: to force
            strength, leave the weak ones out.'
          - AWS's default is all it supports.
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
          - AWS answers no such list while only GCM ciphers are allowed in the phase; it is then not compared.
          - AWS's default is all it supports.
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
          - AWS answers no such list while only GCM ciphers are allowed in the phase; it is then not compared.
          - AWS's default is all it supports.
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
          - 'AWS takes the lowest of these that the gateway offers, whatever the gateway prefers: to force
            strength, leave the weak ones out.'
          - AWS's default is all it supports.
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
          - 'AWS takes the lowest of these that the gateway offers, whatever the gateway prefers: to force
            strength, leave the weak ones out.'
          - AWS's default is all it supports.
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
          - All additional key exchanges of phase 1 after the initial one, as in RFC 9370, for instance with
            ML-KEM against quantum computers; an empty list switches them off.
          - IKEv2 only. The initial exchange and every required round must be able to use different methods.
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
              - A required round needs at least one; an optional round without any is switched off.
          requirement:
            type: str
            choices: &id004
              - required
              - optional
            default: required
            description: &id005
              - With V(required) the tunnel stays down when the gateway does not take part in the round.
      phase2_additional_key_exchanges:
        description:
          - All additional key exchanges of phase 2 after the initial one, as in RFC 9370, for instance with
            ML-KEM against quantum computers; an empty list switches them off.
          - IKEv2 only. The initial exchange and every required round must be able to use different methods.
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
          - Lifetime of phase 2 on the AWS side, less than that of phase 1.
          - V(900) to V(3600) seconds.
          - AWS's default is V(3600).
          - A change interrupts this tunnel.
          - See C(Phase2LifetimeSeconds) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      rekey_margin_time_seconds:
        description:
          - 'How long before the end of phase 2 AWS may begin a new one: at most half of the lifetime of phase
            2.'
          - V(60) to V(1800) seconds.
          - AWS's default is V(270).
          - A change interrupts this tunnel.
          - See C(RekeyMarginTimeSeconds) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      rekey_fuzz_percentage:
        description:
          - Share of the rekey margin within which AWS picks the moment at random.
          - V(0) to V(100) percent.
          - AWS's default is V(100).
          - A change interrupts this tunnel.
          - See C(RekeyFuzzPercentage) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      replay_window_size:
        description:
          - Size of the window in which AWS takes packets out of order.
          - V(64) to V(2048) packets.
          - AWS's default is V(1024).
          - A change interrupts this tunnel.
          - See C(ReplayWindowSize) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      dpd_timeout_seconds:
        description:
          - After how long without an answer AWS holds the gateway for dead.
          - At least V(30) seconds.
          - AWS's default is V(30) or V(40), its documentation has both.
          - A change interrupts this tunnel.
          - See C(DPDTimeoutSeconds) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html).
        type: int
      dpd_timeout_action:
        description:
          - 'What AWS does then: V(clear) ends the session and takes its routes away, V(restart) starts it
            anew, V(none) does nothing.'
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
          - 'Who begins: with V(add) the gateway has to, with V(start) AWS does, which takes IKEv2 and a customer
            gateway with an address.'
          - AWS's default is V(add).
          - A change interrupts this tunnel.
          - See C(StartupAction) in U(https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html).
        type: str
        choices:
          - add
          - start
      enable_tunnel_lifecycle_control:
        description:
          - Whether AWS waits with endpoint maintenance until its date, so that it can be done earlier at a
            time of your own.
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
          - Log group for the activity log; only with C(log_enabled). A name that begins with C(/aws/vendedlogs/)
            stays clear of the size limit of the resource policy.
          - A change interrupts this tunnel.
          - See C(LogGroupArn) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: str
      log_output_format:
        description:
          - Format of the activity log; only with C(log_enabled).
          - AWS's default is V(json).
          - A change interrupts this tunnel.
          - See C(LogOutputFormat) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: str
        choices:
          - json
          - text
      bgp_log_enabled:
        description:
          - Whether AWS writes what BGP does to CloudWatch Logs; of use only with dynamic routing.
          - AWS's default is V(false).
          - A change interrupts this tunnel.
          - See C(BgpLogEnabled) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: bool
      bgp_log_group_arn:
        description:
          - Log group for the BGP log; only with C(bgp_log_enabled).
          - A change interrupts this tunnel.
          - See C(BgpLogGroupArn) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: str
      bgp_log_output_format:
        description:
          - Format of the BGP log; only with C(bgp_log_enabled).
          - AWS's default is V(json).
          - A change interrupts this tunnel.
          - See C(BgpLogOutputFormat) in U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html).
        type: str
        choices:
          - json
          - text
"""
