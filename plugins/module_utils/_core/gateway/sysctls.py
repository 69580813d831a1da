# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the files of others say about the sysctls that a gateway needs, and who has the last word at boot."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

# Of two files with one name, the one in the first of these directories is read. See sysctl.d(5).
DIRECTORIES = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d")
# Read after them: by `sysctl --system`, and by ufw when it starts.
LAST = "/etc/sysctl.conf"
UFW = "/etc/ufw/sysctl.conf"
# The kernel has two names for one value.
_SAME = {"net.ipv4.ip_forward": "net.ipv4.conf.all.forwarding"}


def in_order(paths: Iterable[str]) -> list[str]:
    """The files of the directories as they are read: by name, from the first directory that has it."""
    first: dict[str, str] = {}
    for path in sorted(paths, key=lambda each: DIRECTORIES.index(str(PurePosixPath(each).parent))):
        first.setdefault(PurePosixPath(path).name, path)
    return [first[name] for name in sorted(first)]


def others(files: Mapping[str, str], own: str, keys: Iterable[str]) -> dict[str, dict[str, Any] | None]:
    """By key: the last setting of it in a file that is not our own, and whether that is read after ours.

    The files are in the order in which they are read.
    """
    found: dict[str, dict[str, Any] | None] = dict.fromkeys(keys)
    is_later = False
    for path, text in files.items():
        if path == own:
            is_later = True
            continue
        for number, line, pattern, value in _settings(text):
            for key in found:
                if any(fnmatchcase(name, pattern) for name in (key, _SAME.get(key, key))):
                    found[key] = {"where": f"{path}:{number}", "line": line, "value": value, "is_later": is_later}
    return found


def _settings(text: str) -> Iterator[tuple[int, str, str, str]]:
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        key, separator, value = line.lstrip("-").partition("=")
        if separator and not line.startswith(("#", ";")):
            yield number, line, _dotted(key.strip()), value.strip()


def _dotted(key: str) -> str:
    """The separator that comes first separates; the other one is a part of a name."""
    is_path = "/" in key and ("." not in key or key.index("/") < key.index("."))
    return key.translate(str.maketrans("/.", "./")) if is_path else key
