#!/bin/sh
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The far end of berlin.
set -eu
sysctl --quiet --write net.ipv4.ip_forward=1
systemctl start ipsec
