#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# api.sh RUN PYTHON PORT SETTLE: the emulated EC2 API beside Ansible, in front of the lab's endpoints.
# Prints its URL, after "started " when it was not running.
set -euo pipefail

run=$1 python=$2 port=$3 settle=$4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

url() { sed -n 's/^vpn_emulator listens on //p' "$run/emulator.out"; }

if [ -s "$run/emulator.pid" ] && [ -d "/proc/$(cat "$run/emulator.pid")" ]; then
  url
  exit 0
fi

# A new access key for each run, the only one that the API accepts: other users of this machine cannot read it.
# Both sides read it from this file, so that it is on no command line.
(
  umask 077
  rm -f "$run/credentials"
  key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '[rehearsal]\naws_access_key_id = %s\naws_secret_access_key = rehearsal\n' "$key" >"$run/credentials"
)
cat >"$run/dataplane.json" <<JSON
{
  "command": ["ssh", "-F", "$run/ssh_config", "-o", "BatchMode=yes", "lab", "/lab/endpoints"],
  "outside_addresses": ["203.0.113.2", "203.0.113.6", "203.0.113.10", "203.0.113.14",
                        "203.0.113.18", "203.0.113.22", "203.0.113.26", "203.0.113.30",
                        "203.0.113.34", "203.0.113.38", "203.0.113.42", "203.0.113.46"],
  "status_max_age": 2.0
}
JSON
rm -f "$run/aws.json" "$run/emulator.pid" # a new API knows nothing of the account before
echo '{"tunnels": []}' | ssh -F "$run/ssh_config" lab /lab/endpoints apply >"$run/endpoints.log"
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 setsid "$python" -m vpn_emulator --port "$port" --settle "$settle" \
  --credentials "$run/credentials" --data-plane "$run/dataplane.json" --pid-file "$run/emulator.pid" </dev/null >"$run/emulator.out" 2>"$run/emulator.log" &
for _ in $(seq 300); do
  [ ! -s "$run/emulator.pid" ] || break
  if ! kill -0 $! 2>/dev/null; then break; fi
  sleep 0.1
done
if [ ! -s "$run/emulator.pid" ]; then
  echo "the emulator did not start:" >&2
  tail -n 20 "$run/emulator.log" >&2
  exit 1
fi
echo "started $(url)"
