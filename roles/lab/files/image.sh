#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# image.sh key IMAGES PLACE      prints the directory the finished image has (or would have)
# image.sh build IMAGES PLACE    builds it if it is not there; as root; prints "built" or "cached"
#
# One Debian root serves all: it is the lab's own system and the lower layer of every node.
#   PLACE direct   root/: the tree itself
#   PLACE guest    guest.ext4, vmlinuz, initrd: the same tree as a disk, with a kernel that has ESP
set -euo pipefail

suite=trixie          # what nodes and guest run
kernel_suite=bookworm # trixie's kernel panics under QEMU 7.2 without KVM
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

packages=(
  systemd systemd-sysv systemd-container dbus udev busybox-static
  openssh-server python3 python3-apt sudo
  iproute2 iputils-ping procps kmod nftables tcpdump iperf3
  charon-systemd strongswan-swanctl libstrongswan-extra-plugins
  frr frr-pythontools bird2
)
# What the guest loads: the rest of the kernel package stays out of the image.
modules=(kernel/net kernel/crypto kernel/arch kernel/lib kernel/drivers/net kernel/drivers/virtio
  kernel/drivers/block kernel/drivers/char/hw_random kernel/fs/overlayfs)
boot_modules=(virtio_pci virtio_blk overlay)

# finished IMAGES PLACE: the name changes with everything that goes into the image
finished() { echo "$1/$2-$(cat "$here/image.sh" "$here"/image/* | sha256sum | cut -c1-16)"; }

# The mirror this machine already uses for Debian; nothing when it uses none (mmdebstrap knows one).
own_mirror() {
  # shellcheck disable=SC2016 # $(ORIGIN) is apt's, not the shell's
  apt-get indextargets --no-release-info --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' '$1 == "Debian" && $2 == "Debian" {print $3; exit}'
}

make_root() {
  local mirror
  mirror=$(own_mirror)
  mmdebstrap --quiet --mode=root --variant=apt \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
    --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --include="$(IFS=,; echo "${packages[*]}")" "$suite" "$1" ${mirror:+"$mirror"}
}

# Services are off until a role turns them on; what a container never needs is masked, each unit
# costs tenths of a second without KVM.
settle_root() {
  local root=$1
  chroot "$root" systemctl --quiet disable strongswan.service frr.service bird.service machines.target
  chroot "$root" systemctl --quiet set-default multi-user.target
  chroot "$root" systemctl --quiet mask getty@tty1.service getty.target console-getty.service sshd-keygen.service \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer logrotate.timer \
    systemd-pstore.service systemd-logind.service systemd-udevd.service systemd-udev-trigger.service \
    systemd-journal-flush.service systemd-update-utmp.service systemd-user-sessions.service remote-fs.target \
    sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount dev-mqueue.mount bird.service \
    systemd-tmpfiles-setup-dev.service systemd-tmpfiles-setup-dev-early.service systemd-remount-fs.service
  rm -f "$root"/etc/ssh/ssh_host_*_key* "$root/etc/machine-id" "$root/var/lib/dbus/machine-id"
  # Without our name in them: tests look for what the collection leaves on a gateway.
  grep -v '^#' "$here/image/sshd.conf" >"$root/etc/ssh/sshd_config.d/lab.conf"
  grep -v '^#' "$here/image/inittab" >"$root/etc/inittab"
  install -d -m 700 "$root/root/.ssh"
  install -d "$root/lab" "$root/image" "$root/etc/systemd/journald.conf.d"
  touch "$root/etc/.updated" "$root/var/.updated" # nothing to do on first boot
  printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' >"$root/etc/systemd/journald.conf.d/lab.conf"
}

# Newest kernel of $kernel_suite, taken with a private apt state so that the host's own stays as it is.
fetch_kernel() {
  local work=$1 root=$2 name
  mkdir -p "$work/lists/partial" "$work/archives/partial"
  sed "s/ $suite / $kernel_suite /" "$root/etc/apt/sources.list" | grep " $kernel_suite " >"$work/sources.list"
  : >"$work/status"
  local apt=(-qq -o "Dir::State=$work" -o "Dir::State::lists=$work/lists" -o "Dir::State::status=$work/status"
    -o "Dir::Cache=$work" -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Acquire::Languages=none -o APT::Sandbox::User=root -o APT::Get::List-Cleanup=false)
  apt-get "${apt[@]}" update
  name=$(apt-cache "${apt[@]}" depends linux-image-cloud-amd64 | awk '/Depends:/ {print $2; exit}')
  (cd "$work" && apt-get "${apt[@]}" download "$name")
  dpkg-deb -x "$work/$name"_*.deb "$work/kernel"
  echo "${name#linux-image-}"
}

make_initrd() {
  local root=$1 version=$2 target=$3 path
  local tree=$root/initrd.tmp
  mkdir -p "$tree/bin" "$tree/modules"
  cp "$root/usr/bin/busybox" "$tree/bin/"
  ln -s busybox "$tree/bin/sh"
  install -m 755 "$here/image/init" "$tree/init"
  for path in "${boot_modules[@]}"; do
    chroot "$root" modprobe --set-version "$version" --show-depends "$path"
  done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' | while read -r path; do
    cp "$root$path" "$tree/modules/"
    basename "$path" >>"$tree/modules/order"
  done
  chroot "$root" sh -c 'cd /initrd.tmp && find . | busybox cpio -o -H newc' >"$target"
  rm -rf "$tree"
}

make_guest() {
  local work=$1 root=$1/root version part
  version=$(fetch_kernel "$work/kernel.tmp" "$root")
  mkdir -p "$root/lib/modules/$version"
  for part in "${modules[@]}"; do
    mkdir -p "$(dirname "$root/lib/modules/$version/$part")"
    cp -a "$work/kernel.tmp/kernel/lib/modules/$version/$part" "$root/lib/modules/$version/$part"
  done
  cp "$work/kernel.tmp/kernel/lib/modules/$version"/modules.{order,builtin}* "$root/lib/modules/$version/"
  chroot "$root" depmod "$version"
  make_initrd "$root" "$version" "$work/initrd"
  cp "$work/kernel.tmp/kernel/boot/vmlinuz-$version" "$work/vmlinuz"
  rm -rf "$work/kernel.tmp"
  truncate -s "$(($(du -sm "$root" | cut -f1) * 3 / 2 + 64))M" "$work/guest.ext4"
  mkfs.ext4 -q -O ^has_journal -E lazy_itable_init=1 -d "$root" "$work/guest.ext4"
}

build() {
  local images=$1 place=$2 final
  final=$(finished "$images" "$place")
  # The tree has setuid programs that nobody updates: other users of this machine must not reach them.
  chmod 700 "$images"
  exec 9>"$images/.lock" # closed, and so given up, when this script ends
  flock 9
  if [ -e "$final" ]; then
    echo cached
    return
  fi
  rm -rf "$images"/.building.* # of a build that was killed
  work=$(mktemp -d "$images/.building.XXXXXX")
  # An interrupted build leaves nothing, and nothing half made under the final name.
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  chmod 755 "$work"
  make_root "$work/root"
  settle_root "$work/root"
  if [ "$place" = guest ]; then
    make_guest "$work"
    rm -rf "$work/root"
  fi
  mv -T "$work" "$final"
  echo built
}

case ${1-} in
  key) finished "$2" "$3" ;;
  build) build "$2" "$3" ;;
  *)
    echo "usage: image.sh key|build IMAGES guest|direct" >&2
    exit 2
    ;;
esac
