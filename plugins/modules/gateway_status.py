#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: gateway_status
short_description: Read the state of the tunnels on a gateway
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Runs on a gateway. Returns whether its kernel supports IPsec, and for each tunnel the state of IKE, ESP, BGP, the
    interface and the routes. For a tunnel that is down it returns why the latest attempt failed.
  - It can wait until all tunnels are up.
  - It changes no configuration. To test the kernel it may load kernel modules. It creates an XFRM interface and an ESP
    state in a network namespace of their own, and removes them.
  - Keys are neither read nor returned.
options:
  peers:
    description:
      - The tunnels, as the filter P(hybridnet.aws_vpn.gateway_peers#filter) returns them.
      - Used are C(name), C(interface), C(outside_address), C(bgp_neighbor), C(remote_cidrs), C(local_network_cidr) and
        C(remote_network_cidr).
    type: list
    elements: dict
    default: []
  wait_timeout:
    description: Seconds to wait until every tunnel is up, if the IKE daemon runs. With V(0) it does not wait.
    type: int
    default: 0
  journal_minutes:
    description: How many minutes of the journal of the IKE daemon are read to find why attempts failed.
    type: int
    default: 15
  diagnose:
    description: Whether to look also for firewall rules that may stop the packets of a tunnel, see RV(dropping_chains).
    type: bool
    default: false
  route_to:
    description: RV(host.local_address) is the source address of packets to this address.
    type: str
    default: 192.0.2.1
  remote_cidrs:
    description: Networks in AWS. The module warns about those that are inside a network to which an interface of the
      gateway is directly connected, because hosts there do not send packets for them to the gateway.
    type: list
    elements: str
    default: []
  packages:
    description: Packages to check, besides those that the role P(hybridnet.aws_vpn.gateway#role) needs. Those not
      installed are returned in RV(host.packages_missing).
    type: list
    elements: str
    default: []
  units:
    description: Systemd units whose state is returned in RV(units), besides those of the role
      P(hybridnet.aws_vpn.gateway#role).
    type: list
    elements: str
    default: []
  sysctls:
    description: Names of sysctls. RV(owner.sysctls) says what other files than O(sysctl_file) set them to.
    type: list
    elements: str
    default: []
  sysctl_file:
    description: The file in which the role sets O(sysctls).
    type: path
    default: /etc/sysctl.d/60-aws-vpn.conf
  routing:
    description: The kind of routing that is planned. With V(bgp) the packages of the routing daemon matter for
      RV(host.packages_unavailable).
    type: str
    choices: [bgp, static]
  daemon:
    description: The IKE daemon. By default strongSwan on Debian and Ubuntu, and Libreswan on distributions with rpm.
    type: str
    choices: [strongswan, libreswan]
  ike_unit:
    description: The systemd unit of the IKE daemon. By default C(strongswan.service) or C(ipsec.service).
    type: str
  bgp_unit:
    description: The systemd unit of the routing daemon.
    type: str
    default: frr.service
requirements:
  - root
attributes:
  check_mode:
    description: Changes nothing in either mode.
    support: full
  diff_mode:
    description: There is nothing to compare.
    support: none
seealso:
  - plugin: hybridnet.aws_vpn.gateway_peers
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Check whether a host can be a gateway
  hybridnet.aws_vpn.gateway_status:
  register: gateway

- name: Fail if it cannot
  ansible.builtin.assert:
    that: gateway.ipsec_capable
    fail_msg: "no IPsec: {{ gateway.missing | join(', ') }}"

- name: Wait until the tunnels are up
  hybridnet.aws_vpn.gateway_status:
    peers: "{{ tunnels | hybridnet.aws_vpn.gateway_peers(remote_cidrs=['10.0.0.0/16']) }}"
    wait_timeout: 90
"""

RETURN = r"""
ipsec_capable:
  description: Whether an XFRM interface and an ESP state could be created.
  returned: always
  type: bool
missing:
  description: What is missing for that.
  returned: always
  type: list
  elements: str
  sample: [XFRM interfaces (kernel module xfrm_interface)]
host:
  description: The host itself.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the distribution.
      type: str
      sample: debian
    version:
      description: Release of the distribution.
      type: str
      sample: "13"
    local_address:
      description: The source address of packets to O(route_to) outside of the tunnels, none without a route.
      type: str
    forwards:
      description: Whether its kernel forwards IPv4 packets.
      type: bool
    addresses:
      description: All its IPv4 addresses except loopback.
      type: list
      elements: str
    packages_missing:
      description: Packages that are not installed.
      type: list
      elements: str
    packages_unavailable:
      description: Those that the distribution does not have itself, and that no repository of the host has either. Only
        packages count that the role P(hybridnet.aws_vpn.gateway#role) needs with this daemon and this routing.
      type: list
      elements: str
      sample: [strongswan]
    sysctls:
      description: The values of O(sysctls) now.
      type: dict
      sample: {net.ipv4.ip_forward: "1"}
    network_managers:
      description: Which of C(systemd-networkd) and C(NetworkManager) start at boot.
      type: list
      elements: str
daemon:
  description: The IKE daemon.
  returned: always
  type: dict
  contains:
    name:
      description: Its name.
      type: str
    running:
      description: Whether it runs.
      type: bool
    version:
      description: Version of its package, none when the package is not installed.
      type: str
bgp_daemon:
  description: The routing daemon.
  returned: always
  type: dict
  contains:
    name:
      description: Its name.
      type: str
    running:
      description: Whether it runs.
      type: bool
units:
  description: By unit, C(active) and C(enabled).
  returned: always
  type: dict
drift:
  description:
    - What runs on the gateway otherwise than the files of the role P(hybridnet.aws_vpn.gateway#role) say. Empty before
      the role has installed its programs, and while files wait for their activation.
    - The role activates it again in its next run.
  returned: always
  type: list
  elements: dict
  contains:
    line:
      description: One line for people.
      type: str
      sample: "sysctl: net.ipv4.ip_forward is 0, not 1"
    activates:
      description: The part that is activated again.
      type: str
      sample: sysctl
is_swapping:
  description: Whether a swap of the IKE daemon was interrupted. The next run of the role completes it.
  returned: always
  type: bool
owner:
  description: What the owner of the host has configured in places where the role configures something too.
  returned: always
  type: dict
  contains:
    bgp:
      description: FRR's configuration without the marked block of the role. Only the default instance of BGP counts.
      type: dict
      contains:
        asn:
          description: The AS of C(router bgp).
          type: int
        router_id:
          description: The address of C(bgp router-id).
          type: str
        neighbors:
          description: Addresses of the neighbors.
          type: list
          elements: str
        route_map:
          description: The line C(ip protocol bgp route-map).
          type: str
          sample: ip protocol bgp route-map SET-SOURCE
        calls_ours:
          description: Whether that route map calls the route map of the role.
          type: bool
        ours:
          description: Lines with names that begin with C(AWS-VPN-), as they are after C(write) in vtysh.
          type: list
          elements: str
        separate:
          description: Files of single daemons. FRR does not read them if C(frr.conf) has a configuration.
          type: list
          elements: str
    sysctls:
      description: By name, the last setting in a file other than O(sysctl_file), none if there is no such setting.
      type: dict
      sample:
        net.ipv4.ip_forward:
          where: /etc/sysctl.d/99-hardening.conf:3
          line: net.ipv4.ip_forward = 0
          value: "0"
          is_later: true
    connections:
      description:
        - By the unit of an IKE daemon, files with connections that are not of the role, and their names. Of strongSwan
          only the files of Debian and Ubuntu are read.
      type: dict
      sample: {strongswan.service: [/etc/swanctl/conf.d/branch.conf (branch)]}
    firewall:
      description: What of the firewall of the host stops the tunnels.
      type: dict
      contains:
        manager:
          description: Where the firewall is configured. V(firewalld) or V(ufw) if it starts at boot, else V(nftables).
          type: str
        chains:
          description: With V(nftables) the chains that the role opens in the file of C(nftables.service), as
            RV(dropping_chains).
          type: list
          elements: dict
        closed:
          description: Further chains, with no rule for the tunnels, that the role cannot open.
          type: list
          elements: dict
dropping_chains:
  description:
    - The chains of nftables and iptables in which packets are dropped that no rule accepts. Whether a rule accepts the
      packets of a tunnel is not examined.
    - Empty without O(diagnose=true).
  returned: always
  type: list
  elements: dict
  contains:
    hook:
      description: V(input), V(forward) or V(output).
      type: str
    chain:
      description: The chain, in nftables with its family and its table.
      type: str
      sample: inet filter forward
    ending:
      description: What drops them.
      type: str
      sample: policy drop
tunnels:
  description: One entry per peer, in the same order. Empty when the kernel cannot do IPsec.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the peer, which is the name of its connection in the IKE daemon.
      type: str
    outside_address:
      description: Address of the AWS end.
      type: str
    interface:
      description: Name of the interface.
      type: str
    interface_up:
      description: Whether the interface is there and up.
      type: bool
    ike:
      description: V(ESTABLISHED), V(CONNECTING) or V(DOWN).
      type: str
    esp:
      description: V(INSTALLED) or V(DOWN).
      type: str
    bytes_in:
      description: Bytes received over the ESP SAs in use.
      type: int
    bytes_out:
      description: Bytes sent over the ESP SAs in use.
      type: int
    bgp:
      description:
        - C(state), C(prefixes_received) and C(prefixes_sent), none with static routing.
        - C(state) is V(Established), another state as the routing daemon names it, or V(Down) when it has no such
          session.
        - While it is not V(Established), C(reason) is why the session ended the last time, if the routing daemon knows
          it. In front of a notification it is C(sent) or C(received).
      type: dict
    routes:
      description: Destinations that have a route into this tunnel now, and that overlap the remote CIDRs.
      type: list
      elements: str
    routes_missing:
      description:
        - Remote CIDRs without a route into this tunnel.
        - With static routing the tunnel is not up while there are any. With BGP they may use another tunnel.
      type: list
      elements: str
    selectors_missing:
      description:
        - The local and remote network of the tunnel, if its IPsec SA carries only a part of it, because AWS has a
          narrower one. Empty without an SA.
        - The tunnel is not up while there are any.
      type: list
      elements: str
      sample: [0.0.0.0/0 (remote)]
    evidence:
      description:
        - Why there is no ESP SA, as far as the gateway knows. Empty while there is one.
        - V(DAEMON_NOT_RUNNING) and V(NOT_LOADED) mean that the daemon makes no attempt. All others come from the latest
          attempt.
        - V(NO_ANSWER) means that AWS does not answer, V(NO_SHARED_KEY) that the gateway has no key for the tunnel,
          V(KERNEL_REFUSED) that the kernel of the gateway did not accept the SA.
        - Error notifications of IKE have their names in RFC 7296. They are V(AUTHENTICATION_FAILED),
          V(NO_PROPOSAL_CHOSEN), V(TS_UNACCEPTABLE), V(INVALID_SELECTORS), V(INVALID_MAJOR_VERSION), V(INVALID_SYNTAX),
          V(UNSUPPORTED_CRITICAL_PAYLOAD), V(SINGLE_PAIR_REQUIRED), V(NO_ADDITIONAL_SAS), V(INTERNAL_ADDRESS_FAILURE)
          and V(FAILED_CP_REQUIRED).
      type: list
      elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries.gateway_status import run


def main() -> None:
    run(
        AnsibleModule(
            argument_spec={
                "peers": {"type": "list", "elements": "dict", "default": []},
                "wait_timeout": {"type": "int", "default": 0},
                "journal_minutes": {"type": "int", "default": 15},
                "diagnose": {"type": "bool", "default": False},
                "route_to": {"type": "str", "default": "192.0.2.1"},
                "remote_cidrs": {"type": "list", "elements": "str", "default": []},
                "packages": {"type": "list", "elements": "str", "default": []},
                "units": {"type": "list", "elements": "str", "default": []},
                "sysctls": {"type": "list", "elements": "str", "default": []},
                "sysctl_file": {"type": "path", "default": "/etc/sysctl.d/60-aws-vpn.conf"},
                "routing": {"type": "str", "choices": ["bgp", "static"]},
                "daemon": {"type": "str", "choices": ["strongswan", "libreswan"]},
                "ike_unit": {"type": "str"},
                "bgp_unit": {"type": "str", "default": "frr.service"},
            },
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
