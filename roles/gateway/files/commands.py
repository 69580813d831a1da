# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run commands, for the other programs of the role hybridnet.aws_vpn.gateway. Python 3.8, standard library."""

from __future__ import annotations

import subprocess


def call(*command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command, with text for its input. A command that is not installed fails with 127, as in a shell."""
    try:
        return subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    except OSError:
        return subprocess.CompletedProcess(command, 127, "", f"{command[0]} is not installed")


def must(*command: str, given: str | None = None) -> str:
    """What a command prints. The program ends if it fails."""
    done = call(*command, given=given)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}\n{given or ''}".strip())
    return done.stdout


def output(*command: str) -> str | None:
    """What a command prints, None if it fails."""
    done = call(*command)
    return done.stdout if done.returncode == 0 else None
