#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Everything, cheapest first. A failed part does not stop the others; the last line counts the parts.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$TOOLS/interrupt.sh"
make_scratch
export SKIPPED_LOG="$SCRATCH/skipped"
touch "$SKIPPED_LOG"

passed=0
failed=0
report=()

for part in lint docs units sanity cores import_check integration molecule; do
    say "########## ${part/_/-} ##########"
    start=$SECONDS
    if run_until_interrupted "$TOOLS/$part.sh"; then
        verdict=passed
        passed=$((passed + 1))
    else
        verdict=FAILED
        failed=$((failed + 1))
    fi
    report+=("$(printf '%-14s %-7s %3d min %02d s' "${part/_/-}" "$verdict" $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60)))")
done

say "Parts"
printf '%s\n' "${report[@]}"
printf '%-14s %-7s %3d min %02d s\n' total "" $((SECONDS / 60)) $((SECONDS % 60))

say "Skipped"
if [ -s "$SKIPPED_LOG" ]; then
    sed 's/^/- /' "$SKIPPED_LOG"
else
    echo "- nothing"
fi

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
