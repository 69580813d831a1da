#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# nodes.sh RUN: starts the nodes that do not run and returns when ssh to each answers.
# Prints "started" or "present".
set -euo pipefail

run=$1
ssh -F "$run/ssh_config" lab /lab/nodes </dev/null

# On a busy machine a handshake takes seconds. One that is given up costs as much as one that succeeds.
answers() { ssh -F "$run/ssh_config" -o ConnectTimeout=30 -o LogLevel=ERROR "$1" true </dev/null 2>>"$run/ssh.log"; }

wait_for() {
  local deadline=$((SECONDS + 300))
  until answers "$1"; do
    if [ $SECONDS -ge $deadline ]; then
      echo "$1 did not answer on ssh; what it said:" >&2
      ssh -F "$run/ssh_config" lab cat "/run/lab/$1.log" >&2
      return 1
    fi
    sleep 0.3
  done
}

waiting=()
for name in berlin madrid madrid-2 berlin-host madrid-host vpc-host vpc-west-host; do
  wait_for "$name" &
  waiting+=($!)
done
for each in "${waiting[@]}"; do wait "$each"; done
