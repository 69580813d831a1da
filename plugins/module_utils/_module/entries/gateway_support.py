# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the commands of a support report on a gateway, and takes every key out before anything leaves it."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import glob
from collections.abc import Sequence

from ansible.module_utils.basic import AnsibleModule

from ..._core.gateway import support
from ..._core.gateway.redaction import redacted, secrets_in

# Where the IKE daemons and FRR of all distributions keep their secrets.
SECRET_FILES = (
    "/etc/swanctl/**/*.conf",
    "/etc/strongswan/**/*.conf",
    "/etc/ipsec.secrets",
    "/etc/ipsec.d/**/*.secrets",
    "/etc/strongswan/ipsec.secrets",
    "/etc/frr/*.conf",
)
# A command that waits for a daemon that does not answer is ended.
_TIMEOUT = ("timeout", "10")


def run(module: AnsibleModule) -> None:
    """Return the report."""
    secrets = _secrets()
    found = [(command, module.get_bin_path(command[0])) for command in support.commands(module.params["units"])]
    sections = [
        (command, redacted(_output(module, [program, *command[1:]]), secrets)) for command, program in found if program
    ]
    module.exit_json(changed=False, text=support.report(sections))


def _secrets() -> set[str]:
    found: set[str] = set()
    for pattern in SECRET_FILES:
        for path in glob.glob(pattern, recursive=True):
            try:
                with open(path, encoding="utf-8", errors="replace") as stream:
                    found |= secrets_in(stream.read())
            except OSError:
                continue
    return found


def _output(module: AnsibleModule, command: Sequence[str]) -> str:
    """What a command prints, its complaints included."""
    code, output, errors = module.run_command([*_TIMEOUT, *command])
    ended = f"(exit status {code})" if code else ""
    return "\n".join(part.rstrip() for part in (output, errors, ended) if part.strip())
