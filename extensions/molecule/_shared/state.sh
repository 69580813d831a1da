#!/bin/sh
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# state.sh FILE    writes what a gateway is to a file: files, units, rules, routes, sysctls, what FRR runs
set -eu

{
  find /etc /usr/local /opt /var/lib/aws-vpn -xdev -printf '%y %m %u:%g %p %l\n' 2>/dev/null | sort -k4
  find /etc /usr/local /opt -xdev -type f -exec sha256sum {} + | sort -k2
  systemctl list-unit-files --no-legend --state=enabled,masked,masked-runtime | awk '{print "unit file", $1, $2}'
  systemctl list-units --no-legend --plain --type=service,timer --state=active,failed |
    awk '$1 !~ /^(ssh@|user|session|systemd-tmpfiles-clean)/ {print "unit", $1, $3}'
  nft --stateless list ruleset
  ip -4 rule
  ip -4 route show table all | grep -v ' table local ' | sed 's/ nhid [0-9]*//' | sort
  ip -6 route show table all | grep -vE ' table local |fe80::|^multicast' | sort
  ip -brief address show up | sed 's/@[^ ]*//'
  ip -brief link show type xfrm
  ip xfrm policy | sed -n '/^src/{p;n;p}'
  sysctl --all --pattern '^net\.ipv[46]\.(ip_forward|fib_multipath_hash_policy|conf\..*\.(forwarding|rp_filter|(accept|send)_redirects))' 2>/dev/null
  if systemctl --quiet is-active frr; then vtysh -c 'show running-config'; fi
} >"$1"
