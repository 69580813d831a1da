#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
private_ansible_home
place_copy "$SCRATCH/tree"

# It copies amazon.aws too, and would take only what git tracks, as .venv is inside of our repository.
lint_collection_docs() {
    GIT_CEILING_DIRECTORIES="$ROOT" ANSIBLE_COLLECTIONS_PATH="$SCRATCH/tree" antsibull-docs lint-collection-docs --plugin-docs "$PLACED"
}
# The requirements must be found, not only the file that names them be valid.
introspect_environment() {
    ansible-builder introspect --sanitize "$SCRATCH/tree" | tee "$SCRATCH/environment"
    grep --quiet boto3 "$SCRATCH/environment"
    grep --quiet openssh "$SCRATCH/environment"
}

step "collection docs" lint_collection_docs
step "role option tables" python "$TOOLS/role_tables.py"
step "options of the field table" python "$TOOLS/option_docs.py"
step "page of all variables" python "$TOOLS/variable_docs.py"
step "execution environment" introspect_environment
finish_steps
