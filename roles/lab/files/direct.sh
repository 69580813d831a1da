#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# direct.sh up RUN MANAGEMENT IMAGE [NAME=TREE ...]   the lab's world on this kernel, in namespaces of its own; as root
# direct.sh down RUN                                  ends it
#
# The world is a container over the image: what the guest is elsewhere. All the host sees of it is one
# interface (hybridnet-lab, MANAGEMENT.2) and its processes; everything else ends with the first of them.
set -euo pipefail

place=/run/hybridnet-lab

up() {
  local run=$1 management=$2 pid
  modprobe -a esp4 xfrm_user xfrm_interface veth bridge overlay nf_tables
  mkdir -p "$place" /sys/fs/cgroup/hybridnet-lab
  touch "$run/direct"
  setsid unshare --mount --net --uts --ipc --pid --fork --kill-child -- \
    bash "$0" world "$run/payload.tar" "${@:3}" </dev/null >>"$run/console.log" 2>&1 &
  pid=$!
  echo "$pid" >"$run/world.pid"
  ip link add hybridnet-lab type veth peer name eth0 netns "$(first_child "$pid")"
  ip address add "$management.2/24" dev hybridnet-lab
  ip link set hybridnet-lab up
}

first_child() {
  local child
  for _ in $(seq 50); do
    child=$(cat "/proc/$1/task/$1/children")
    [ -z "$child" ] || break
    sleep 0.1
  done
  echo "${child%% *}"
}

# The first process inside: a system like the guest's, then the same init.
world() {
  local payload=$1 image=$2 new=$place/root name each
  mount --make-rprivate /
  mount -t tmpfs tmpfs "$place"
  mkdir "$place"/{upper,work,root}
  mount -t overlay -o "lowerdir=$image/root,upperdir=$place/upper,workdir=$place/work" overlay "$new"
  mount --bind "$image/root" "$new/image"
  mount -o remount,bind,ro "$new/image"
  for each in "${@:3}"; do
    mkdir "$new/images/${each%%=*}"
    mount --bind "${each#*=}" "$new/images/${each%%=*}"
    mount -o remount,bind,ro "$new/images/${each%%=*}"
  done
  tar -xf "$payload" -C "$new"
  mount -t proc proc "$new/proc"
  mount -t sysfs sysfs "$new/sys"
  mount -t cgroup2 cgroup2 "$new/sys/fs/cgroup"
  mount -t tmpfs -o mode=755 tmpfs "$new/dev"
  for name in null zero full random urandom tty net/tun; do
    [ -e "/dev/$name" ] || continue
    mkdir -p "$(dirname "$new/dev/$name")"
    cp -a "/dev/$name" "$new/dev/$name"
  done
  ln -s pts/ptmx "$new/dev/ptmx"
  ln -s /proc/self/fd "$new/dev/fd"
  mkdir "$new/old"
  cd "$new"
  pivot_root . old
  umount -l /old
  exec /usr/bin/busybox init </dev/null
}

down() {
  local run=$1 pid
  if [ -e /sys/class/net/hybridnet-lab ]; then ip link delete hybridnet-lab; fi
  if [ -s "$run/world.pid" ]; then
    pid=$(cat "$run/world.pid")
    if [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q -- "$run/payload.tar"; then
      kill -KILL "$pid" # and, as it asked for, the first process inside with all that it started
      timeout 20 tail --pid="$pid" -f /dev/null
    fi
  fi
  for _ in $(seq 50); do
    ! grep -q 'populated 1' /sys/fs/cgroup/hybridnet-lab/cgroup.events || sleep 0.1
  done
  find /sys/fs/cgroup/hybridnet-lab -depth -type d -exec rmdir {} +
  rmdir "$place"
  rm -f "$run/direct" "$run/world.pid"
}

"$@"
