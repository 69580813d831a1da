#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# start.sh RUN PLACE MANAGEMENT MEMORY GATEWAYS IMAGE [NODE_IMAGE ...]
# Starts the lab's own world (PLACE: guest or direct) with this run's keys and scripts, writes
# RUN/ssh_config and returns when ssh to it answers. GATEWAYS says which image each gateway has, such as
# "berlin=trixie-strongswan madrid=bookworm-libreswan". Prints "started", "updated" (a running lab got
# changed scripts) or "running".
set -euo pipefail

run=$1 place=$2 management=$3 memory=$4 gateways=$5 image=$6
node_images=("${@:7}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
aliases=(lab berlin madrid berlin-host madrid-host vpc-host madrid-2 vpc-west-host) # management addresses .10, .11, ... in this order

alive() { [ -e "$run/world.pid" ] && [ -d "/proc/$(cat "$run/world.pid")" ]; }

make_keys() {
  mkdir -p "$run"
  chmod 700 "$run"
  local name
  for name in id_ed25519 host_ed25519; do
    [ -e "$run/$name" ] || ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$run/$name"
  done
  sed "s/^/lab-node /" "$run/host_ed25519.pub" | cut -d' ' -f1-3 >"$run/known_hosts"
}

# What the guest unpacks over its system: scripts and keys of this run.
make_payload() {
  local tree=$run/payload
  rm -rf "$tree"
  mkdir -p "$tree/lab" "$tree/root/.ssh" "$tree/etc/ssh"
  chmod 755 "$tree" "$tree/etc" "$tree/etc/ssh"
  chmod 700 "$tree/root" "$tree/root/.ssh"
  find "$here/world" -maxdepth 1 -type f -exec cp -p {} "$tree/lab/" \; -o -type l -exec cp -P {} "$tree/lab/" \;
  printf 'LAB_PLACE=%s\nLAB_MANAGEMENT=%s\nLAB_CGROUP=%s\nLAB_GATEWAYS="%s"\n' \
    "$place" "$management" "hybridnet-lab" "$gateways" >"$tree/lab/settings"
  cp "$run/id_ed25519.pub" "$tree/root/.ssh/authorized_keys"
  cp "$run/host_ed25519" "$tree/etc/ssh/ssh_host_ed25519_key"
  cp "$run/host_ed25519.pub" "$tree/etc/ssh/ssh_host_ed25519_key.pub"
  chmod 600 "$tree/root/.ssh/authorized_keys" "$tree/etc/ssh/ssh_host_ed25519_key"
  tar -C "$tree" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$run/payload.tar" .
  chmod 600 "$run/payload.tar"
  rm -rf "$tree"
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

free_ports() {
  python3 - "$1" <<'PYTHON'
import socket
import sys

sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*[each.getsockname()[1] for each in sockets])
PYTHON
}

# write_ssh_config PORT ...: one port per alias (guest), or none (addresses of the management network)
write_ssh_config() {
  local ports=("$@") index
  {
    for index in "${!aliases[@]}"; do
      echo "Host ${aliases[$index]}"
      if [ "$place" = guest ]; then
        printf '  HostName 127.0.0.1\n  Port %s\n' "${ports[$index]}"
      else
        printf '  HostName %s.%s\n' "$management" "$((10 + index))"
      fi
    done
    cat <<CONFIG
Host ${aliases[*]}
  User root
  IdentityFile "$run/id_ed25519"
  IdentitiesOnly yes
  HostKeyAlias lab-node
  UserKnownHostsFile "$run/known_hosts"
  StrictHostKeyChecking yes
  KexAlgorithms curve25519-sha256
  ControlMaster auto
  ControlPath "$run/ssh-%n"
  ControlPersist 300
  ServerAliveInterval 15
  ServerAliveCountMax 8
CONFIG
  } >"$run/ssh_config"
}

# KVM counts only when a guest really starts with it: /dev/kvm may be there and of no use. The answer
# is kept for this kernel.
accelerator() {
  local known
  known=$(dirname "$run")/processor-$(uname -r)
  [ -e "$known" ] || find_accelerator >"$known"
  cat "$known"
}

find_accelerator() {
  if [ -w /dev/kvm ] && timeout 6 qemu-system-x86_64 -accel kvm -cpu max -m 256 -display none -nodefaults -no-reboot \
    -serial stdio -kernel "$image/vmlinuz" -initrd "$image/initrd" -append 'console=ttyS0 quiet lab.probe' \
    </dev/null 2>"$run/kvm.log" | grep -q 'lab probe: alive'; then
    echo '-accel kvm -cpu host'
  else
    # An older processor without AVX costs a fifth less to emulate; AES instructions help IPsec.
    echo '-accel tcg,thread=multi -cpu Westmere,+rdrand'
  fi
}

# The name that an image of a gateway has in the lab.
name_of() {
  local name=${1##*/"$place"-}
  echo "${name%-*}"
}

# disk FILE [SERIAL]: what QEMU needs for a disk that is only read. The guest sees them in this order.
drives=()
disk() {
  local id=disk$((${#drives[@]} / 4))
  drives+=(-drive "file=$1,format=raw,if=none,id=$id,readonly=on" -device "virtio-blk-pci,drive=$id${2:+,serial=$2}")
}

start_guest() {
  local ports forwards='' index processor each
  read -ra processor < <(accelerator)
  read -ra ports < <(free_ports "${#aliases[@]}")
  write_ssh_config "${ports[@]}"
  for index in "${!aliases[@]}"; do
    forwards+=",hostfwd=tcp:127.0.0.1:${ports[$index]}-$management.$((10 + index)):22"
  done
  disk "$image/guest.ext4"
  disk "$run/payload.tar"
  for each in "${node_images[@]}"; do disk "$each/node.ext4" "$(name_of "$each")"; done
  qemu-system-x86_64 -name hybridnet-lab -daemonize -pidfile "$run/world.pid" \
    "${processor[@]}" -smp 2 -m "$memory" -display none -nodefaults -no-reboot \
    -serial "file:$run/console.log" \
    -kernel "$image/vmlinuz" -initrd "$image/initrd" -append 'console=ttyS0 mitigations=off net.ifnames=0 quiet' \
    "${drives[@]}" \
    -netdev "user,id=management,restrict=on,ipv6=off,net=$management.0/24$forwards" \
    -device virtio-net-pci,netdev=management,romfile= -device virtio-rng-pci
}

start_direct() {
  local each nodes=()
  write_ssh_config
  for each in "${node_images[@]}"; do nodes+=("$(name_of "$each")=$each/root"); done
  as_root "$here/direct.sh" up "$run" "$management" "$image" "${nodes[@]}" </dev/null >"$run/console.log" 2>&1
}

answers() { ssh -F "$run/ssh_config" -o ConnectTimeout=30 -o LogLevel=ERROR "$1" true </dev/null 2>"$run/ssh.log"; }

wait_for_ssh() {
  local name=$1 deadline=$((SECONDS + 180))
  until answers "$name"; do
    if ! alive || [ $SECONDS -ge $deadline ]; then
      echo "the lab did not answer on ssh ($name); the end of its console:" >&2
      tail -n 20 "$run/console.log" >&2
      return 1
    fi
    sleep 0.3
  done
}

alive || "$here/down.sh" "$run" >/dev/null # what is left of one that died
if alive && [ "$(cat "$run/gateways")" != "$gateways" ]; then
  echo "The lab runs with other images of its gateways ($(cat "$run/gateways")). Stop it first." >&2
  exit 1
fi
make_keys
echo "$gateways" >"$run/gateways"
before=$([ ! -e "$run/payload.tar" ] || sha256sum <"$run/payload.tar")
make_payload
if alive; then
  if [ "$before" = "$(sha256sum <"$run/payload.tar")" ]; then
    echo running
  else
    ssh -F "$run/ssh_config" lab tar -xf - -C / <"$run/payload.tar"
    echo updated
  fi
  exit 0
fi
"start_$place"
wait_for_ssh lab
echo started
