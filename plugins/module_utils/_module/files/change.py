# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One file as it is and as it shall be: what differs, what of that may be shown, and how it is written."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..._core.errors import VpnError
from ..._core.gateway import files as parts
from .directory import FOREIGN, Directory, File, locate

_NEW_FILE_MODE = 0o644


class Change:
    """A whole file belongs to the user who runs. A file that is only partly ours keeps its owner and its mode."""

    def __init__(self, root: Directory, entry: Mapping[str, Any], is_secret: bool = False) -> None:
        self._root = root
        self._entry = entry
        self._is_secret = is_secret
        self._is_whole = entry.get("content") is not None
        self._mode = int(entry["mode"], 8) if entry.get("mode") else None
        self._place = locate(root, entry["path"], follow=not is_secret)
        self.directory = self._place.directory
        self.path = self._place.path
        self.activates: str | None = entry.get("activates")
        self._file = self._read()
        self.before = self._text()
        self._after = self._wanted()

    def _read(self) -> File | None:
        if self.directory is None:
            return None
        file = self.directory.read(self._place.name)
        if file and self._is_whole and file.owner != os.geteuid() and not self.directory.is_ours:
            raise VpnError(f"{self.path}: {FOREIGN}")
        return file

    def _text(self) -> str | None:
        try:
            return None if self._file is None else self._file.content.decode("utf-8")
        except UnicodeDecodeError:
            raise VpnError(f"{self.path}: it exists and is no text") from None

    def _wanted(self) -> str | None:
        """The text to write, None for nothing."""
        entry, before = self._entry, self.before
        if self._is_whole:
            content: str = entry["content"]
            return before if before is not None and entry.get("once") else content
        if entry.get("block") is not None:
            wanted = parts.with_block(before or "", entry["block"], entry["comment"])
            return wanted if wanted or before is not None else None
        return None if before is None else parts.with_lines(before, entry["replace"])

    @property
    def is_needed(self) -> bool:
        if self._after is None:
            return False
        file = self._file
        if file is None or self.before != self._after or self._mode not in (None, file.mode):
            return True
        return self._is_whole and file.owner != os.geteuid()

    @property
    def content(self) -> bytes:
        """All that is written, others' part included: not to be shown."""
        return (self._after or "").encode("utf-8")

    @property
    def others(self) -> str:
        """The part of the text that is not ours."""
        if self._is_whole:
            return ""
        if self._entry.get("block") is not None:
            return parts.outside_block(self._after or "", self._entry["comment"])
        return parts.outside_lines(self.before or "", self._entry["replace"])

    def diff(self) -> dict[str, str]:
        """Only our own part: the rest can hold secrets of others."""
        before, after = self.before or "", self._after or ""
        if self._is_secret or not self._entry.get("show_content", True):
            state = "new" if self.before is None else "changed"
            # How long it is would tell something of a secret.
            length = "" if self._is_secret else f", {len(after.splitlines())} lines"
            return {"prepared": f"{self.path}: {state}{length} (not shown)\n"}
        if self._entry.get("block") is not None:
            before, after = (parts.own_block(each, self._entry["comment"]) for each in (before, after))
        elif not self._is_whole:
            before, after = parts.own_lines(before, self._entry["replace"])
        header = self.path if self._is_whole else f"{self.path} (only the part of this collection)"
        return {"before_header": header, "after_header": header, "before": before, "after": after}

    def write(self) -> None:
        """Make it so."""
        place = locate(self._root, self._entry["path"], make=True, follow=not self._is_secret)
        file = self._file
        mode = self._mode if self._mode is not None else file.mode & 0o777 if file else _NEW_FILE_MODE
        owner = None if file is None or self._is_whole else (file.owner, file.group)
        if place.directory is None:
            raise VpnError(f"{self.path}: its directory was removed")
        place.directory.write(place.name, self.content, mode, owner)
