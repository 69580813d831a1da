#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Everything, cheapest first. A failed part does not stop the others. The end of its output is printed again at the
# end: some CI keeps only that. The last line counts the parts.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$TOOLS/interrupt.sh"
make_scratch
export SKIPPED_LOG="$SCRATCH/skipped"
touch "$SKIPPED_LOG"

passed=0
failed=0
report=()
failed_parts=()

for part in lint docs units sanity cores import_check integration molecule; do
    say "########## ${part/_/-} ##########"
    start=$SECONDS
    if run_until_interrupted "$TOOLS/$part.sh" > >(tee "$SCRATCH/$part.log") 2>&1; then
        verdict=passed
        passed=$((passed + 1))
    else
        verdict=FAILED
        failed=$((failed + 1))
        failed_parts+=("$part")
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

for part in "${failed_parts[@]}"; do
    say "The end of ${part/_/-}"
    tail -n 40 "$SCRATCH/$part.log" | cut -c 1-400
done

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
