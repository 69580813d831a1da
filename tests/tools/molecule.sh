#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The scenarios run against the lab: real IPsec, real BGP. The scenario `default` brings it up and down.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$TOOLS/interrupt.sh"
private_ansible_home

on_interrupt "$TOOLS/lab.sh" absent
ask_for_sudo
if [ -n "${SCENARIO:-}" ]; then
    selection=(--scenario-name "$SCENARIO")
else
    selection=(--all --report)
fi
status=0
run_until_interrupted molecule test "${selection[@]}" || status=$?
# A failure can keep molecule from its last step.
if [ "$status" -ne 0 ]; then
    say "Taking the lab down"
    "$TOOLS/lab.sh" absent
fi
exit "$status"
