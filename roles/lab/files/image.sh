#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# image.sh key IMAGES PLACE [NAME ...]     prints the directory of each finished image (or what it would be)
# image.sh build IMAGES PLACE [NAME ...]   builds those that are not there; as root; prints "built" or "cached"
#
# The first image is the lab's own system, and the lower layer of every node that needs no other.
#   PLACE direct   root/: the tree itself
#   PLACE guest    guest.ext4, vmlinuz, initrd: the same tree as a disk, with a kernel that has ESP
# After it come those of NAME, a release and an IKE daemon such as bookworm-libreswan: the lower layer of a gateway.
#   PLACE direct   root/
#   PLACE guest    node.ext4
set -euo pipefail

suite=trixie          # what the lab itself runs
kernel_suite=bookworm # trixie's kernel panics under QEMU 7.2 without KVM
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# What a gateway has before a role comes: everything that the role could want to install.
node_packages=(
  systemd systemd-sysv dbus openssh-server python3 python3-apt sudo
  iproute2 iputils-ping procps kmod nftables tcpdump
  frr frr-pythontools
)
strongswan_packages=(charon-systemd strongswan-swanctl libstrongswan-extra-plugins)
libreswan_packages=(libreswan)
lab_packages=(systemd-container udev busybox-static iperf3 bird2)
# What the guest loads: the rest of the kernel package stays out of the image.
modules=(kernel/net kernel/crypto kernel/arch kernel/lib kernel/drivers/net kernel/drivers/virtio
  kernel/drivers/block kernel/drivers/char/hw_random kernel/fs/overlayfs)
boot_modules=(virtio_pci virtio_blk overlay)

# finished IMAGES PLACE[-NAME]: the name changes with everything that goes into the image
finished() { echo "$1/$2-$(cat "$here/image.sh" "$here"/image/* | sha256sum | cut -c1-16)"; }

# The mirror this machine already uses for Debian; nothing when it uses none (mmdebstrap knows one).
own_mirror() {
  # shellcheck disable=SC2016 # $(ORIGIN) is apt's, not the shell's
  apt-get indextargets --no-release-info --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' '$1 == "Debian" && $2 == "Debian" {print $3; exit}'
}

# By daemon of a node, for image/packages.sh: the packages of the other daemon, then its own.
declare -A swap_packages=(
  [strongswan]="libreswan charon-systemd strongswan-libcharon strongswan-swanctl libstrongswan"
  [libreswan]="charon-systemd,libstrongswan-standard-plugins,libreswan- libreswan"
)

# make_root DIRECTORY RELEASE DAEMON PACKAGE ...
make_root() {
  local root=$1 release=$2 packages=${swap_packages[$3]} mirror
  shift 3
  mirror=$(own_mirror)
  mmdebstrap --quiet --mode=root --variant=apt \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
    --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook="$(printf '%q ' "$here/image/packages.sh") \"\$1\" $packages" \
    --include="$(IFS=,; echo "$*")" "$release" "$root" ${mirror:+"$mirror"}
}

# Services are off until a role turns them on; what a container never needs is masked, each unit
# costs tenths of a second without KVM.
# settle_root DIRECTORY UNIT ...
settle_root() {
  local root=$1
  # The lists of the packages beside the tree, see image/packages.sh.
  chroot "$root" apt-get -qq update
  chroot "$root" systemctl --quiet disable "${@:2}"
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
  install -d "$root/lab" "$root/image" "$root/images" "$root/etc/systemd/journald.conf.d"
  # The start of Libreswan tries many kernel modules one by one, which takes long without KVM.
  install -d "$root/etc/systemd/system/ipsec.service.d"
  printf '[Service]\nTimeoutStartSec=300\n' >"$root/etc/systemd/system/ipsec.service.d/lab.conf"
  touch "$root/etc/.updated" "$root/var/.updated" # nothing to do on first boot
  printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' >"$root/etc/systemd/journald.conf.d/lab.conf"
}

# Newest kernel of $kernel_suite, taken with a private apt state so that the host's own stays as it is.
fetch_kernel() {
  local work=$1 root=$2 name
  mkdir -p "$work/lists/partial" "$work/archives/partial"
  sed "s/ $suite / $kernel_suite /" "$root/../sources.list" | grep " $kernel_suite " >"$work/sources.list"
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
  make_disk "$root" "$work/guest.ext4"
}

make_disk() {
  truncate -s "$(($(du -sm "$1" | cut -f1) * 3 / 2 + 64))M" "$2"
  mkfs.ext4 -q -O ^has_journal -E lazy_itable_init=1 -d "$1" "$2"
}

make_lab() {
  local work=$1 place=$2
  make_root "$work/root" "$suite" strongswan "${node_packages[@]}" "${strongswan_packages[@]}" "${lab_packages[@]}"
  settle_root "$work/root" strongswan.service frr.service bird.service machines.target
  [ "$place" = direct ] || make_guest "$work"
}

make_node() {
  local work=$1 place=$2 release=${3%-*}
  case ${3#*-} in
    strongswan)
      # Release 5 has elliptic curves in a package of their own.
      make_root "$work/root" "$release" strongswan "${node_packages[@]}" "${strongswan_packages[@]}" libstrongswan-standard-plugins
      settle_root "$work/root" strongswan.service frr.service
      ;;
    libreswan)
      make_root "$work/root" "$release" libreswan "${node_packages[@]}" "${libreswan_packages[@]}"
      settle_root "$work/root" ipsec.service frr.service
      ;;
  esac
  [ "$place" = direct ] || make_disk "$work/root" "$work/node.ext4"
}

# build_one FINAL MAKE PLACE [NAME]
build_one() {
  local final=$1 make=$2 place=$3
  [ ! -e "$final" ] || return 0
  work=$(mktemp -d "${final%/*}/.building.XXXXXX")
  chmod 755 "$work"
  "$make" "$work" "${@:3}"
  rm -f "$work/sources.list"
  [ "$place" = direct ] || rm -rf "$work/root"
  mv -T "$work" "$final"
  did=built
}

build() {
  local images=$1 place=$2 name
  # The tree has setuid programs that nobody updates: other users of this machine must not reach them.
  chmod 700 "$images"
  exec 9>"$images/.lock" # closed, and so given up, when this script ends
  flock 9
  rm -rf "$images"/.building.* # of a build that was killed
  # An interrupted build leaves nothing, and nothing half made under the final name.
  did=cached work=''
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  build_one "$(finished "$images" "$place")" make_lab "$place"
  for name in "${@:3}"; do build_one "$(finished "$images" "$place-$name")" make_node "$place" "$name"; done
  echo "$did"
}

case ${1-} in
  key)
    finished "$2" "$3"
    for name in "${@:4}"; do finished "$2" "$3-$name"; done
    ;;
  build) build "${@:2}" ;;
  *)
    echo "usage: image.sh key|build IMAGES guest|direct [NAME ...]" >&2
    exit 2
    ;;
esac
