# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images of the lab hold setuid programs without updates: other users of the machine cannot reach them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

IMAGE = Path(__file__).resolve().parents[4] / "roles/lab/files/image.sh"

# The programs that need root or a network. The first one makes the tree, and notes what protects it meanwhile.
PROGRAMS = {
    "mmdebstrap": """
        root=$(printf '%s\\n' "$@" | grep '/root$')
        mkdir -p "$root"/{usr/bin,etc/ssh/sshd_config.d,var,lab}
        touch "$root/usr/bin/su"
        chmod 4755 "$root/usr/bin/su"
        stat -c %a "$IMAGES" >"$NOTES"
    """,
    "chroot": "",
    "apt-get": "",
}


def test_nobody_else_reaches_the_tree_during_the_build_and_after_it(tmp_path: Path) -> None:
    images, programs, notes = tmp_path / "images", tmp_path / "programs", tmp_path / "notes"
    programs.mkdir()
    for name, text in PROGRAMS.items():
        (programs / name).write_text(f"#!/usr/bin/env bash\n{text}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    images.mkdir()
    images.chmod(0o755)  # as earlier versions made it
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "IMAGES": str(images),
        "NOTES": str(notes),
    }
    command = [str(IMAGE), "build", str(images), "direct"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "built\n"), done.stderr
    assert notes.read_text(encoding="utf-8") == "700\n"
    assert images.stat().st_mode & 0o777 == 0o700
    (program,) = images.glob("direct-*/root/usr/bin/su")
    assert program.stat().st_mode & 0o4000
