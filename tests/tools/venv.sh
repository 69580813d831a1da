#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# .venv with the locked development requirements. Quick when nothing changed. System packages are
# installed only when something is missing, and only where apt-get exists.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

python=${PYTHON:-python3}
stamp=.venv/.requirements

missing_packages() {
    command -v git >/dev/null || echo git
    command -v ssh >/dev/null || echo openssh-client
    if ! command -v "$python" >/dev/null; then
        echo python3 python3-venv
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo python3-venv
    fi
}

fingerprint() { sha256sum <requirements-dev-lock.txt; }

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] && .venv/bin/python -c 'import ansible' 2>/dev/null; then
    exit 0
fi

read -r -a packages <<<"$(missing_packages | tr '\n' ' ')"
if [ ${#packages[@]} -gt 0 ]; then
    install_packages "${packages[@]}"
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "$python is $("$python" --version 2>&1); Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..."
"$python" -c 'import ensurepip, venv' ||
    die "$python cannot make virtual environments: install its venv package, or choose another one with PYTHON="

say "Installing the development requirements into .venv (1-3 minutes the first time)"
if ! [ -x .venv/bin/python ]; then
    "$python" -m venv .venv
fi
.venv/bin/python -m pip --disable-pip-version-check install -qq --require-hashes -r requirements-dev-lock.txt
fingerprint >"$stamp"
