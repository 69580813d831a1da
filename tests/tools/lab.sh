#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lab.sh present|absent: the lab of roles/lab, up or gone. A start that is interrupted leaves nothing.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$TOOLS/interrupt.sh"

state=${1:?present or absent}

if [ "$state" = present ]; then
    on_interrupt "$TOOLS/lab.sh" absent
fi

ask_for_sudo
run_until_interrupted ansible-playbook hybridnet.aws_vpn.rehearsal -i localhost, -e "lab_state=$state"
