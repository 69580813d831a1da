#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The scenarios run against the lab: real IPsec, real BGP. The scenario `default` brings it up and down.
# ALL=1 runs all of them, SCENARIO="..." those that it names. CI leaves out the longest.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$TOOLS/interrupt.sh"
private_ansible_home

# Only with ALL=1: the other combinations of IKE daemon, routing and release, NAT, and the long trials.
# Only with ALL=1: the other combinations of IKE daemon, routing and release, NAT, and the long trials.
only_all=(bgp_libreswan_12 bgp_libreswan_13 bgp_strongswan_12 daemon_swap drills failures far_end foreign_inventory healing nat owner_node staged)

on_interrupt "$TOOLS/lab.sh" absent
ask_for_sudo
if [ -n "${SCENARIO:-}" ]; then
    read -r -a named <<<"$SCENARIO"
    selection=(--report "${named[@]/#/--scenario-name=}")
else
    selection=(--all --report)
    if [ -z "${ALL:-}" ]; then
        for scenario in "${only_all[@]}"; do selection+=(--exclude "$scenario"); done
    fi
fi
status=0
run_until_interrupted molecule test "${selection[@]}" || status=$?
# A failure can keep molecule from its last step.
if [ "$status" -ne 0 ]; then
    say "Taking the lab down"
    "$TOOLS/lab.sh" absent
fi
exit "$status"
