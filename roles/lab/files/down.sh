#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# down.sh RUN: ends everything the lab started and removes its run directory, whatever state it is in.
# Needs no Ansible, so that a trap can call it. Prints "stopped" or "absent".
set -euo pipefail

run=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The emulator and the guest, known by an argument no other process has: that finds them also when
# the run directory was removed by hand.
ours() {
  local marks
  printf -v marks '%s\n%s' "$run/emulator.pid" "$run/world.pid"
  # 1: there is none; 2: a process ended while grep looked.
  { grep -slzxF -f <(echo "$marks") /proc/[0-9]*/cmdline || [ $? -le 2 ]; } | cut -d/ -f3
}

# end SIGNAL SECONDS: whether all of ours have gone in that time
end() {
  local deadline=$((SECONDS + $2)) pids
  mapfile -t pids < <(ours)
  [ ${#pids[@]} -gt 0 ] || return 0
  kill "-$1" "${pids[@]}" 2>/dev/null || sleep 0.1 # one that has just gone is no mistake
  while [ $SECONDS -lt $deadline ]; do
    sleep 0.1
    [ -n "$(ours)" ] || return 0
  done
  return 1
}

if [ ! -d "$run" ] && [ -z "$(ours)" ]; then
  echo absent
  exit 0
fi

for socket in "$run"/ssh-*; do
  [ -S "$socket" ] || continue
  # Nobody may listen at it any more.
  if ! ssh -T -F "$run/ssh_config" -o ControlPath="$socket" -O exit lab 2>>"$run/ssh.log"; then rm -f "$socket"; fi
done
if [ -e "$run/direct" ]; then
  if [ "$(id -u)" = 0 ]; then "$here/direct.sh" down "$run"; else sudo -n "$here/direct.sh" down "$run"; fi
fi
end TERM 5 || end KILL 5
rm -rf "$run"
echo stopped
