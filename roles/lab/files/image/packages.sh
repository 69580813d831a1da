#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# packages.sh ROOT OTHER[,...] OWN ...: run by mmdebstrap. Puts the packages OTHER with all that they need, and OWN, which
# go when those are installed, into a repository of the tree itself. A node reaches no mirror.
set -euo pipefail
export APT_CONFIG=$MMDEBSTRAP_APT_CONFIG
root=$1 place=$1/packages
IFS=, read -ra other <<<"$2"
mkdir "$place"
# The packages of the tree itself.
rm -f "$root"/var/cache/apt/archives/*.deb
apt-get -qq --yes --no-install-recommends --download-only install "${other[@]}"
mv "$root"/var/cache/apt/archives/*.deb "$place"
cd "$place"
apt-get -qq -o APT::Sandbox::User=root download "${@:3}"
for file in *.deb; do
  dpkg-deb --field "$file"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$file" "$(stat -c %s "$file")" "$(sha256sum "$file" | cut -d' ' -f1)"
done >Packages
# The kernel of the lab comes from where the tree comes from.
mv "$root/etc/apt/sources.list" "$root/../sources.list"
rm -f "$root"/etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/packages ./' >"$root/etc/apt/sources.list"
