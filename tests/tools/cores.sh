#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The collection with every ansible-core that it is for. The environments stay in .cache.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_scratch
# An environment has ansible-core only, without collections.
place_dependencies "$SCRATCH"
export ANSIBLE_COLLECTIONS_PATH="$ROOT/collections:$SCRATCH"
PYTHONPATH=roles/lab/files python "$TOOLS/cores.py"
