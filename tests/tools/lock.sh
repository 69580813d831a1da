#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Writes the version and the hashes of every package of the test environments.
# Versions that are locked stay, where the requirements allow it; delete a lock to take the newest.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# lock WHERE-THEY-ARE LOCK OLDEST-PYTHON REQUIREMENT...
lock() {
    local source=$1 locked=$2 oldest=$3 kept
    kept=$(mktemp)
    [ ! -e "$locked" ] || cp "$locked" "$kept"
    printf '%s\n' "${@:4}" |
        uv pip compile --quiet --no-config --universal --python-version "$oldest" --generate-hashes --no-annotate \
            --no-header --output-file "$kept" -
    {
        printf '# SPDX-%s: %s\n' FileCopyrightText 'hybridnet.aws_vpn contributors' License-Identifier GPL-3.0-or-later
        printf '# Written by make lock, from %s.\n' "$source"
        grep -v '^#' "$kept"
    } >"$locked"
    rm -f "$kept"
}

for name in dev importer; do
    lock "requirements-$name.txt" "requirements-$name-lock.txt" 3.11 "-r requirements-$name.txt"
done

versions=tests/cores/versions.txt
grep -v '^#' "$versions" | while read -r core oldest _; do
    lock "$versions" "tests/cores/${core%.*}-lock.txt" "$oldest" "ansible-core==$core" "-r requirements.txt"
done
