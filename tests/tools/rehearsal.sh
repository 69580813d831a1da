#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The real playbook against the lab. The lab stays up, for a second look or a second run;
# Ctrl-C takes it away.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$TOOLS/interrupt.sh"

minutes() { printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); }

say "Rehearsal, 1 of 2: the lab (packages, images, nodes, the emulated AWS region)"
run_until_interrupted "$TOOLS/lab.sh" present
lab=$SECONDS

# Until here lab.sh has cleaned up after itself.
on_interrupt "$TOOLS/lab.sh" absent

say "Rehearsal, 2 of 2: ansible-playbook site_vpn.yml -i inventories/rehearsal"
status=0
run_until_interrupted ansible-playbook site_vpn.yml -i inventories/rehearsal || status=$?

say "Lab $(minutes "$lab"), playbook $(minutes $((SECONDS - lab)))."
cat <<'NEXT'
The lab is still up. Again, or as a plan:
  .venv/bin/ansible-playbook site_vpn.yml -i inventories/rehearsal
  .venv/bin/ansible-playbook site_vpn.yml -i inventories/rehearsal --check --diff
Down:
  make rehearsal-down
NEXT
exit "$status"
