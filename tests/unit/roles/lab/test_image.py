# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images of the lab: which are built, with which packages, and that only their owner reaches them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

IMAGE = Path(__file__).resolve().parents[4] / "roles/lab/files/image.sh"

# The programs that need root or a network. The first one makes the tree, and notes what protects it meanwhile.
PROGRAMS = {
    "mmdebstrap": """
        root=$(printf '%s\\n' "$@" | grep '/root$')
        mkdir -p "$root"/{usr/bin,etc/ssh/sshd_config.d,var,lab}
        touch "$root/usr/bin/su"
        chmod 4755 "$root/usr/bin/su"
        stat -c %a "$IMAGES" >>"$NOTES"
        printf '%s\\n' "$@" | grep -B 1 -xF "$root" | head -n 1 >>"$NOTES"
        printf '%s\\n' "$@" | sed -n 's/^--include=//p' >>"$NOTES"
    """,
    "chroot": "",
    "apt-get": "",
}


@pytest.fixture
def images(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    return tmp_path / "images"


def run(images: Path, command: str, *names: str) -> tuple[str, list[str]]:
    """What image.sh printed for a machine that runs the nodes itself, and what mmdebstrap noted."""
    programs, notes = images.parent / "programs", images.parent / "notes"
    programs.mkdir(exist_ok=True)
    notes.write_text("", encoding="utf-8")
    for name, text in PROGRAMS.items():
        (programs / name).write_text(f"#!/usr/bin/env bash\n{text}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "IMAGES": str(images),
        "NOTES": str(notes),
    }
    arguments = [str(IMAGE), command, str(images), "direct", *names]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, notes.read_text(encoding="utf-8").splitlines()


def test_nobody_else_reaches_the_tree_during_the_build_and_after_it(images: Path) -> None:
    images.chmod(0o755)  # as earlier versions made it
    said, notes = run(images, "build")
    assert (said, notes[0]) == ("built\n", "700")
    assert images.stat().st_mode & 0o777 == 0o700
    (program,) = images.glob("direct-*/root/usr/bin/su")
    assert program.stat().st_mode & 0o4000


def test_only_the_images_that_are_asked_for_are_built_and_each_once(images: Path) -> None:
    assert run(images, "build")[0] == "built\n"
    said, notes = run(images, "build", "bookworm-libreswan", "trixie-libreswan")
    assert said == "built\n"
    assert notes[1::3] == ["bookworm", "trixie"]
    assert run(images, "build", "bookworm-libreswan") == ("cached\n", [])
    keys = run(images, "key", "bookworm-libreswan", "trixie-libreswan")[0].split()
    assert {Path(key) for key in keys} == {path for path in images.iterdir() if path.is_dir()}
    assert [Path(key).name.rpartition("-")[0] for key in keys] == [
        "direct",
        "direct-bookworm-libreswan",
        "direct-trixie-libreswan",
    ]


def test_no_image_has_two_ike_daemons(images: Path) -> None:
    # Debian refuses to install both, and each daemon removes the other.
    notes = run(images, "build", "bookworm-strongswan", "bookworm-libreswan")[1]
    lab, strongswan, libreswan = (set(packages.split(",")) for packages in notes[2::3])
    assert {"charon-systemd", "bird2"} <= lab
    # The elliptic curves of strongSwan 5.
    assert {"charon-systemd", "libstrongswan-standard-plugins"} <= strongswan
    assert "libreswan" in libreswan
    assert "libreswan" not in lab | strongswan
    assert not [name for name in libreswan if "strongswan" in name or "charon" in name]
