# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes the files of a gateway: atomically, only where something differs, with a note of what is to be activated."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import glob
import json
import os
import shlex
import tempfile
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..._core.gateway import files as text

_NEW_FILE_MODE = 0o644


class Change:
    """One file as it is and as it shall be. No text at all means: not there."""

    def __init__(self, entry: dict[str, Any], secret: bool = False) -> None:
        self.path = os.path.realpath(entry["path"])
        self.activates = entry.get("activates")
        self.secret = secret
        self.before = _read(self.path)
        self.after = self._wanted(entry)
        self.mode = int(entry["mode"], 8) if entry.get("mode") else None

    def _wanted(self, entry: dict[str, Any]) -> str | None:
        content: str | None = entry.get("content")
        if content is not None:
            return content
        if entry.get("block") is not None:
            wanted = text.with_block(self.before or "", entry["block"], entry["comment"])
            return wanted if wanted or self.before is not None else None
        return None if self.before is None else text.with_lines(self.before, entry["replace"])

    @property
    def is_needed(self) -> bool:
        if self.after is None:
            return False
        return self.before != self.after or (self.mode is not None and self.mode != _mode(self.path))

    def diff(self) -> dict[str, str]:
        if self.secret:
            return {"before_header": self.path, "after_header": f"{self.path} (not shown)"}
        return {
            "before_header": self.path,
            "after_header": self.path,
            "before": self.before or "",
            "after": self.after or "",
        }

    def write(self) -> None:
        """Nobody ever sees half a file, nor a key in a file that others may read."""
        os.makedirs(os.path.dirname(self.path), mode=0o755, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".", suffix=".aws-vpn-draft", dir=os.path.dirname(self.path))
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(self.after or "")
                stream.flush()
                os.fsync(stream.fileno())
            self._dress(draft)
            os.replace(draft, self.path)
        except BaseException:
            os.unlink(draft)
            raise

    def _dress(self, draft: str) -> None:
        mode = self.mode
        if self.before is not None:
            status = os.stat(self.path)
            os.chown(draft, status.st_uid, status.st_gid)
            mode = status.st_mode & 0o7777 if mode is None else mode
        os.chmod(draft, _NEW_FILE_MODE if mode is None else mode)


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def _mode(path: str) -> int | None:
    try:
        return os.stat(path).st_mode & 0o7777
    except FileNotFoundError:
        return None


def _check(module: AnsibleModule, change: Change, entry: dict[str, Any]) -> None:
    """Refuse what the program that will read the file would refuse."""
    conflict = entry.get("conflict")
    if conflict:
        stray = text.outside_block(change.after or "", conflict, entry["comment"])
        if stray:
            module.fail_json(
                msg=f"{change.path} has lines of this collection outside its marked block: {'; '.join(stray)}. Saving "
                "the running configuration removes the marks. Restore the file, or remove these lines."
            )
    command = shlex.split(entry["validate"]) if entry.get("validate") else []
    if not command or not change.is_needed or module.get_bin_path(command[0]) is None:
        return
    handle, draft = tempfile.mkstemp(dir=module.tmpdir)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(change.after or "")
    code, output, errors = module.run_command([part.replace("%s", draft) for part in command])
    os.unlink(draft)
    if code != 0:
        module.fail_json(msg=f"{change.path} would not be valid: {(errors or output).strip()}")


def _stale(purge: list[dict[str, Any]], kept: list[str]) -> dict[str, str | None]:
    """Path and what its removal is to activate, of every file that matches a pattern and is not kept."""
    return {
        path: entry["activates"]
        for entry in purge
        for path in sorted(glob.glob(entry["pattern"]))
        if os.path.realpath(path) not in kept
    }


def run(module: AnsibleModule) -> None:
    """Bring the files to what is wanted, or say what would be done."""
    options = module.params
    changes = []
    for entry in options["files"]:
        change = Change(entry)
        _check(module, change, entry)
        changes.append(change)
    changes += [Change(entry, secret=True) for entry in options["secret_files"]]
    stale = _stale(options["purge"], [change.path for change in changes])
    needed = [change for change in changes if change.is_needed]
    added = [label for label in [*(change.activates for change in needed), *stale.values()] if label]
    pending = text.pending(_read(options["pending_file"]), added)
    if not module.check_mode:
        _apply(options["pending_file"], needed, stale, pending)
    result: dict[str, Any] = {
        "changed": bool(needed or stale),
        "changed_paths": [change.path for change in needed],
        "removed_paths": sorted(stale),
        "pending": pending,
    }
    if module._diff:
        removed = [{"before_header": path, "after_header": "(removed)"} for path in sorted(stale)]
        result["diff"] = [change.diff() for change in needed] + removed
    module.exit_json(**result)


def _apply(pending_file: str, needed: list[Change], stale: dict[str, str | None], pending: list[str]) -> None:
    """The note comes first: a run that breaks off leaves behind what the next one has to activate."""
    if pending and (needed or stale):
        note = Change({"path": pending_file, "content": json.dumps(pending) + "\n"})
        if note.is_needed:
            note.write()
    for change in needed:
        change.write()
    for path in stale:
        os.unlink(path)
