#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ansible-test integration in a placed copy: every module, by default against the emulated EC2 API.
# With tests/integration/integration_config.yml the targets run against the account it describes.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_scratch
place_copy "$SCRATCH"
place_dependencies "$SCRATCH"

config="$PLACED/tests/integration/integration_config.yml"
python_version=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
read -r -a targets <<<"${TARGET:-}"

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
    MOTO_EC2_LOAD_DEFAULT_AMIS=false PYTHONPATH="$PLACED/roles/lab/files" \
        python "$PLACED/tests/tools/recording_emulator.py" --url-file "$SCRATCH/url" --notes "$SCRATCH/calls.json" &
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
    cat >"$config" <<CONFIG
is_emulated: true
aws_access_key: testing
aws_secret_key: testing
aws_endpoint_url: "$url/by/{{ role_name }}"
ec2_api_url: "$url"
CONFIG
}

run_targets() {
    cd "$PLACED" || return
    HOME="$1" ansible-test integration --color no --local --continue-on-error --python "$python_version" \
        "${targets[@]}"
}

if [ -f tests/integration/integration_config.yml ]; then
    say "Using the account of tests/integration/integration_config.yml"
    # ignored by git, so not in the copy
    cp tests/integration/integration_config.yml "$config"
    step "targets" run_targets "$HOME"
else
    start_emulator
    write_config
    step "targets" run_targets "$SCRATCH"
    stop_emulator
    step "permissions" python "$PLACED/tests/tools/permissions.py" "$SCRATCH/calls.json" "${targets[@]}"
fi
finish_steps
