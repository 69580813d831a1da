#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The tarball for a release, from the files that git tracks: build.sh [DIRECTORY]

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
private_ansible_home

mkdir "$SCRATCH/tracked"
git ls-files -z | tar --null --files-from=- --create --file=- | tar --extract --file=- --directory="$SCRATCH/tracked"
ansible-galaxy collection build "$SCRATCH/tracked" --output-path "${1:-.cache/build}" --force
