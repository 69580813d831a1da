#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ansible-test integration in a placed copy: every module, by default against the emulated EC2 API.
# With tests/integration/integration_config.yml the targets run against the account it describes.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_scratch
python_version=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
read -r -a targets <<<"${TARGET:-}"
# Side by side: each target waits for one thing at a time, and two keep two cores busy. They need a copy each.
shards=(first second)

for shard in "${shards[@]}"; do
    place_copy "$SCRATCH/$shard"
    place_dependencies "$SCRATCH/$shard"
done

# The target ping_probe pings.
command -v ping >/dev/null || install_packages iputils-ping

if [ "$(id -u)" -ne 0 ]; then
    skipped "integration target gateway_status: it needs root"
fi

stop_emulator() {
    if [ -n "${emulator:-}" ]; then
        kill "$emulator" 2>/dev/null && wait "$emulator" || emulator=""
        emulator=""
    fi
}

start_emulator() {
    # Without moto's machine images: loading them is most of the cost of an empty Region.
    MOTO_EC2_LOAD_DEFAULT_AMIS=false PYTHONPATH="$SCRATCH/first/ansible_collections/hybridnet/aws_vpn/roles/lab/files" \
        python "$TOOLS/recording_emulator.py" --url-file "$SCRATCH/url" --notes "$SCRATCH/calls.json" &
    emulator=$!
    trap 'stop_emulator; rm -rf "$SCRATCH"' EXIT
    local tries=0
    until [ -s "$SCRATCH/url" ]; do
        kill -0 "$emulator" 2>/dev/null || die "the emulator did not start"
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || die "the emulator does not answer"
        sleep 0.1
    done
}

# Calls of the modules go below /by/TARGET, so that those of the preparation are not counted with them.
write_config() {
    local url
    url=$(cat "$SCRATCH/url")
    cat >"$SCRATCH/config.yml" <<CONFIG
is_emulated: true
aws_access_key: testing
aws_secret_key: testing
aws_endpoint_url: "$url/by/{{ role_name }}"
ec2_api_url: "$url"
CONFIG
}

all_targets() {
    local tasks
    for tasks in tests/integration/targets/*/tasks/main.yml; do
        basename "${tasks%/tasks/main.yml}"
    done
}

# Every second target, beginning with the given one.
run_shard() {
    local shard=$1 offset=$2 home=$3 chosen=() number
    for ((number = offset; number < ${#targets[@]}; number += ${#shards[@]})); do
        chosen+=("${targets[number]}")
    done
    [ ${#chosen[@]} -gt 0 ] || return 0
    cd "$SCRATCH/$shard/ansible_collections/hybridnet/aws_vpn" || return
    cp "$SCRATCH/config.yml" tests/integration/integration_config.yml
    mkdir -p "$home"
    HOME="$home" ansible-test integration --color no --local --continue-on-error --python "$python_version" "${chosen[@]}"
}

# $1 is the HOME of both, or empty for one of their own.
run_targets() {
    local number pids=() failed=0
    for number in "${!shards[@]}"; do
        run_shard "${shards[number]}" "$number" "${1:-$SCRATCH/home-$number}" >"$SCRATCH/log-$number" 2>&1 &
        pids+=($!)
    done
    for number in "${!shards[@]}"; do
        wait "${pids[number]}" || failed=1
        cat "$SCRATCH/log-$number"
    done
    return "$failed"
}

is_partial=${#targets[@]}
if [ "$is_partial" -eq 0 ]; then
    mapfile -t targets < <(all_targets)
fi

if [ -f tests/integration/integration_config.yml ]; then
    say "Using the account of tests/integration/integration_config.yml"
    cp tests/integration/integration_config.yml "$SCRATCH/config.yml"
    step "targets" run_targets "$HOME"
else
    start_emulator
    write_config
    step "targets" run_targets ""
    stop_emulator
    if [ "$is_partial" -eq 0 ]; then
        targets=()
    fi
    step "permissions" python "$SCRATCH/first/ansible_collections/hybridnet/aws_vpn/tests/tools/permissions.py" \
        "$SCRATCH/calls.json" "${targets[@]}"
fi
finish_steps
