#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What N sites cost, beside what one would write otherwise: a table, and with BENCH_JSON the records too.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

options=(--sizes "${BENCH_N:-}" --what "${BENCH_WHAT:-}")
if [ -n "${BENCH_JSON:-}" ]; then
    options+=(--json "$BENCH_JSON")
fi
python tests/bench/bench.py "${options[@]}"
