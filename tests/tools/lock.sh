#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Writes the version and the hashes of every package of the test environments, for Python 3.11 and newer.
# Versions that are locked stay, where the requirements allow it; delete a lock to take the newest.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

lock() {
    local requirements=$1 locked=$2 kept
    kept=$(mktemp)
    [ ! -e "$locked" ] || cp "$locked" "$kept"
    uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --output-file "$kept" "$requirements"
    {
        printf '# SPDX-%s: %s\n' FileCopyrightText 'hybridnet.aws_vpn contributors' License-Identifier GPL-3.0-or-later
        printf '# Written by make lock, from %s.\n' "$requirements"
        grep -v '^#' "$kept"
    } >"$locked"
    rm -f "$kept"
}

lock requirements-dev.txt requirements-dev-lock.txt
lock requirements-importer.txt requirements-importer-lock.txt
