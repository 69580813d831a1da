# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The connections of an owner in the files of an IKE daemon: they end when another daemon takes its place."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

# The daemons read these, by their unit. Files that they include from elsewhere are not known.
FILES: Mapping[str, tuple[str, ...]] = {
    "strongswan.service": ("/etc/swanctl/swanctl.conf", "/etc/swanctl/conf.d/*.conf"),
    "strongswan-starter.service": ("/etc/ipsec.conf", "/etc/ipsec.d/*.conf"),
    "ipsec.service": ("/etc/ipsec.conf", "/etc/ipsec.d/*.conf"),
}
_SWANCTL = "strongswan.service"
_OUR_FILES = re.compile(r".*/aws-vpn-[^/]+\Z")
_OURS = re.compile(r"vpn-[0-9a-f]+-[12]\Z")
_CONN = re.compile(r"(?m)^conn[ \t]+(\S+)")
_PIECES = re.compile(r'"[^"]*"|#[^\n]*|[{}\n]|[^\s{}#"=]+|=')


def others(unit: str, texts: Mapping[str, str], loaded: Iterable[str]) -> list[str]:
    """One text for each place: a file with its connections, or what the daemon has loaded from elsewhere."""
    read = swanctl_connections if unit == _SWANCTL else conn_sections
    named = {path: read(text) for path, text in sorted(texts.items()) if not _OUR_FILES.match(path)}
    known = {name for names in named.values() for name in names}
    elsewhere = sorted(name for name in loaded if name not in known and not _OURS.match(name))
    found = [f"{path} ({', '.join(names)})" for path, names in named.items() if names]
    return found + [f"the daemon has loaded {', '.join(elsewhere)}"] * bool(elsewhere)


def conn_sections(text: str) -> list[str]:
    """Those of ipsec.conf, without its defaults."""
    return [name for name in _CONN.findall(text) if name != "%default"]


def swanctl_connections(text: str) -> list[str]:
    """The sections directly below C(connections)."""
    path: list[str] = []
    last, found = "", []
    for piece in _PIECES.findall(text):
        if piece == "{":
            path.append(last)
            if len(path) == 2 and path[0] == "connections":
                found.append(last)
        elif piece == "}":
            path = path[:-1]
        elif piece != "\n" and not piece.startswith("#"):
            last = piece
    return found
