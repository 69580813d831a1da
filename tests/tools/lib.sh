# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What the scripts in this folder share. Source it first: it goes to the root of the checkout.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export TOOLS="$ROOT/tests/tools"
cd "$ROOT"

# Ansible refuses to start without a UTF-8 locale, and a minimal installation has none set.
export LC_ALL=C.UTF-8
export PATH="$ROOT/.venv/bin:$PATH"
# The checkout answers for hybridnet.aws_vpn; everything else comes from the ansible package.
export ANSIBLE_COLLECTIONS_PATH="$ROOT/collections"

say() { printf '\n==> %s\n' "$*"; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root: $* (run as root, or install sudo)"
    fi
}

install_packages() {
    command -v apt-get >/dev/null || die "please install: $* (done here only where apt-get exists)"
    say "Installing system packages: $*"
    as_root apt-get -o DPkg::Lock::Timeout=300 -qq update
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 -qq install --yes --no-install-recommends "$@" >/dev/null
}

# A directory of this run. It goes with the script; short, because control sockets live below it.
make_scratch() {
    SCRATCH=$(mktemp -d)
    trap 'rm -rf "$SCRATCH"' EXIT
}

# Playbooks and linters put copies of the checkout into ANSIBLE_HOME. In the user's own that copy
# would go stale and later shadow a newer installation.
private_ansible_home() {
    make_scratch
    export ANSIBLE_HOME="$SCRATCH/ansible"
    mkdir -p "$ANSIBLE_HOME"
}

# Runs a command, keeps going when it fails; finish_steps then ends the script with the verdict.
# In a subshell, and not as a condition: otherwise bash would go on after an error inside a function.
failed_steps=()
step() {
    local name=$1 start=$SECONDS status
    shift
    say "$name"
    set +e
    (
        set -e
        "$@"
    )
    status=$?
    set -e
    if [ "$status" -eq 0 ]; then
        printf '%s: ok (%d s)\n' "$name" "$((SECONDS - start))"
    else
        printf '%s: FAILED (%d s)\n' "$name" "$((SECONDS - start))"
        failed_steps+=("$name")
    fi
}

finish_steps() {
    if [ ${#failed_steps[@]} -gt 0 ]; then
        printf '\nfailed: %s\n' "${failed_steps[*]}"
        exit 1
    fi
}

# What was not run, and why: printed, and repeated at the end of `make test`.
skipped() {
    printf 'skipped: %s\n' "$*"
    if [ -n "${SKIPPED_LOG:-}" ]; then
        printf '%s\n' "$*" >>"$SKIPPED_LOG"
    fi
}

# The files of the checkout, committed or not, without what git ignores and without the link to itself.
checkout_files() {
    local file
    git ls-files -z --cached --others --exclude-standard -- ':!collections/ansible_collections' |
        while IFS= read -r -d '' file; do
            if [ -f "$file" ] || [ -L "$file" ]; then
                printf '%s\0' "$file"
            fi
        done
}

# ansible-test and galaxy-importer want the real path .../ansible_collections/NAMESPACE/NAME: a link is not enough.
place_copy() {
    PLACED="$1/ansible_collections/hybridnet/aws_vpn"
    mkdir -p "$PLACED"
    checkout_files | tar --null --files-from=- --create --file=- | tar --extract --file=- --directory="$PLACED"
}

# amazon.aws of the ansible package, below another folder: for tools that look nowhere else.
place_dependencies() {
    local packages
    packages=$(python -c 'import ansible, pathlib; print(pathlib.Path(ansible.__file__).parents[1])')
    mkdir -p "$1/ansible_collections"
    ln -s "$packages/ansible_collections/amazon" "$1/ansible_collections/amazon"
}
