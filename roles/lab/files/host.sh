#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# host.sh PLACE      PLACE: auto, guest or direct; as root
# Looks at this machine and prints {"place": ..., "why": ..., "missing": [packages]}. Changes nothing
# but loads the kernel's IPsec modules where it has them.
set -euo pipefail

# A real XFRM interface and a real ESP state, in a namespace that ends with the probe.
kernel_has_ipsec() {
  if ! modprobe -qa esp4 xfrm_user xfrm_interface; then
    echo 'no modules to load; perhaps they are built in' >&2
  fi
  unshare --net bash -ec '
    ip link set lo up
    ip link add probe type xfrm dev lo if_id 1
    ip xfrm state add src 127.0.0.1 dst 127.0.0.1 proto esp spi 0x100 mode tunnel if_id 1 \
      aead "rfc4106(gcm(aes))" 0x000102030405060708090a0b0c0d0e0f10111213 128
  '
}

if ! command -v dpkg-query >/dev/null || [ "$(uname -m)" != x86_64 ]; then
  # shellcheck source=/dev/null
  echo "The lab runs on Debian and Ubuntu on x86-64; this is $(. /etc/os-release; echo "$PRETTY_NAME"), $(uname -m)." >&2
  exit 1
fi

place=$1 why='as asked for'
if [ "$place" = auto ]; then
  if ! said=$(kernel_has_ipsec 2>&1); then
    place=guest why="this kernel has no usable IPsec ($(tail -n 1 <<<"$said" | tr -d '\042\134'))"
  elif [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
    place=guest why='this system has no unified control groups, which the nodes need'
  else
    place=direct why='this kernel has ESP and XFRM interfaces'
  fi
fi

packages=(mmdebstrap debian-archive-keyring openssh-client iproute2)
[ "$place" = direct ] || packages+=(qemu-system-x86 e2fsprogs)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("\"$package\"")
done
printf '{"place": "%s", "why": "%s", "missing": [%s]}\n' "$place" "$why" "$(IFS=,; echo "${missing[*]}")"
