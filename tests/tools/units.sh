#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
private_ansible_home

# What tests with the marker `system` use. Some users have no sbin in their path.
export PATH="$PATH:/usr/sbin:/sbin"
command -v nft >/dev/null || install_packages nftables
command -v ping >/dev/null || install_packages iputils-ping

can_make_networks() { unshare --user --map-root-user --net --mount sh -c 'nft list tables && ip link show lo'; }

left_out=()
if ! reason=$(can_make_networks 2>&1) || ! reason=$(systemd-analyze --version 2>&1); then
    skipped "tests of packets and units (marker system): ${reason##*$'\n'}"
    left_out=(-m "not system")
fi

read -r -a extra <<<"${PYTEST_ARGS:-}"
pytest --numprocesses="${PYTEST_WORKERS:-auto}" --dist=worksteal --durations=25 "${left_out[@]}" "${extra[@]}"
