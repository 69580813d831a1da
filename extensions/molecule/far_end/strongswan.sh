#!/bin/sh
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The far end of madrid. The routes are our own.
set -eu
printf 'charon-systemd {\n  install_routes = no\n}\n' >/etc/strongswan.d/office.conf
sysctl --quiet --write net.ipv4.ip_forward=1
ip link add office type xfrm dev eth0 if_id 42
ip address add 169.254.99.1/30 dev office
ip link set office up
ip route add 10.30.0.0/16 dev office
systemctl start strongswan
