#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ansible-test sanity, without ignore files, in a placed copy. It builds small virtual environments
# the first time (about three minutes); they stay in .cache, so later runs take half a minute.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_scratch
place_copy "$SCRATCH"
place_dependencies "$SCRATCH"

# ansible-test clears the environment but for HOME and PATH. A HOME of our own keeps its caches out of
# the user's, and carries the pip settings, wherever the user keeps them, as the file pip still reads.
home="$ROOT/.cache/sanity-home"
python "$TOOLS/ansible_test_home.py" "$home"

skipped "sanity under other ansible-core versions than $(python -c 'import ansible.release as r; print(r.__version__)'):" \
    "they need another Python than this one"

cd "$PLACED" || exit 1
HOME="$home" ansible-test sanity --color no --python "$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" "$@"
