#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a user gets: build the collection, install it somewhere else without a network, use it from
# there; then let Galaxy's importer judge it, in an environment of its own (its pins exclude ours).

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
private_ansible_home
place_copy "$SCRATCH/tree"

importer="$ROOT/.cache/importer"

# Only these folders may matter to a user; the rest of the collection is taken away before it is used.
build_and_install() {
    export ANSIBLE_COLLECTIONS_PATH="$SCRATCH/installed"
    local installed="$SCRATCH/installed/ansible_collections/hybridnet/aws_vpn"
    "$TOOLS/build.sh" "$SCRATCH/build"
    ansible-galaxy collection install "$SCRATCH"/build/*.tar.gz -p "$SCRATCH/installed" --offline
    find "$installed" -mindepth 1 -maxdepth 1 -type d ! -name meta ! -name plugins ! -name roles ! -name playbooks \
        -exec rm -r {} +
    cd "$SCRATCH" || return
    ansible-doc --type role --list hybridnet.aws_vpn
    ansible-doc --type module --list hybridnet.aws_vpn
    ansible-playbook --syntax-check --inventory localhost, hybridnet.aws_vpn.site_vpn hybridnet.aws_vpn.rehearsal
}

importer_environment() {
    if ! cmp --silent requirements-importer-lock.txt "$importer/.requirements"; then
        rm -rf "$importer"
        "$ROOT/.venv/bin/python" -m venv "$importer"
        "$importer/bin/python" -m pip --disable-pip-version-check install -qq --require-hashes -r requirements-importer-lock.txt
        cp requirements-importer-lock.txt "$importer/.requirements"
    fi
}

# Its ansible-doc needs amazon.aws for the shared documentation, and gets ours by the Python path.
galaxy_importer() {
    place_dependencies "$SCRATCH/dependencies"
    mkdir "$SCRATCH/out"
    cat >"$SCRATCH/importer.cfg" <<CONFIG
[galaxy-importer]
CHECK_REQUIRED_TAGS=True
CHECK_CHANGELOG=True
RUN_ANSIBLE_LINT=False
CONFIG
    cd "$SCRATCH" || return
    PATH="$importer/bin:$PATH" PYTHONPATH="$SCRATCH/dependencies" GALAXY_IMPORTER_CONFIG="$SCRATCH/importer.cfg" \
        "$importer/bin/python" -m galaxy_importer.main --git-clone-path "$PLACED" --output-path "$SCRATCH/out" 2>&1 |
        tee "$SCRATCH/importer.log"
    # It ends well even when it could not read the documentation.
    if grep --quiet -E '^(ERROR|WARNING)' "$SCRATCH/importer.log"; then
        return 1
    fi
}

step "build, install elsewhere, use" build_and_install
step "importer environment" importer_environment
step "galaxy-importer" galaxy_importer
finish_steps
