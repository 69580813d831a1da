#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
private_ansible_home

# By first line or by name, so that none escapes by having no suffix.
shell_scripts() {
    local file first
    checkout_files | while IFS= read -r -d '' file; do
        first=""
        IFS= read -r first <"$file" || [ -n "$first" ] || continue
        case "$file:$first" in
            *.j2:*) ;;
            *.sh:* | *:'#!'*bash* | *:'#!/bin/sh'*) printf '%s\0' "$file" ;;
        esac
    done 2>/dev/null
}

run_shellcheck() { shell_scripts | xargs -0 shellcheck --external-sources --source-path=SCRIPTDIR; }

# mypy needs the packages below their full name, without walking into the link from the checkout to itself.
run_mypy() {
    local tree="$ROOT/.cache/typed/ansible_collections/hybridnet/aws_vpn"
    mkdir -p "$tree"
    ln -sfn "$ROOT/plugins" "$tree/plugins"
    mypy -p ansible_collections.hybridnet.aws_vpn.plugins -p vpn_emulator
    mypy tests/tools
}

step "ruff check" ruff check --no-cache .
step "ruff format" ruff format --no-cache --check .
step "mypy" run_mypy
step "yamllint" yamllint --strict .
step "ansible-lint" ansible-lint --nocolor
step "shellcheck" run_shellcheck
step "reuse" reuse lint --lines
step "antsibull-changelog" antsibull-changelog lint
finish_steps
