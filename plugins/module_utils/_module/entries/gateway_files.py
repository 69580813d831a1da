# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes the files of a gateway: atomically, only where something differs, with a note of what is to be activated."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import fnmatch
import glob
import json
import os
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..._core.errors import VpnError
from ..._core.gateway import files as parts
from ..files.change import Change
from ..files.directory import Directory, is_draft, locate


@dataclass(frozen=True)
class Stale:
    """A file to remove."""

    directory: Directory
    name: str
    activates: str | None = None

    @property
    def path(self) -> str:
        """For the result."""
        return self.directory.path_of(self.name)


class Work:
    """Everything one run has to do."""

    def __init__(self, options: dict[str, Any]) -> None:
        root = Directory.root()
        self.files = [Change(root, entry) for entry in options["files"]]
        changes = self.files + [Change(root, entry, is_secret=True) for entry in options["secret_files"]]
        self.needed = [change for change in changes if change.is_needed]
        noted = Change(root, {"path": options["pending_file"], "content": ""})
        folders = [_folder(root, entry["pattern"]) for entry in options["purge"]]
        stale = _stale(zip(folders, options["purge"]), {change.path for change in changes})
        self.stale = stale + _drafts([noted.directory, *folders, *(change.directory for change in changes)])
        labels = [change.activates for change in self.needed] + [each.activates for each in stale]
        self.pending = parts.pending(noted.before, [label for label in labels if label])
        self._note = Change(root, {"path": options["pending_file"], "content": json.dumps(self.pending) + "\n"})
        # What was written, for a run that breaks off.
        self.written: list[str] = []

    def apply(self) -> None:
        """The note comes first: a run that breaks off leaves behind what the next one has to activate."""
        if self.pending and (self.needed or self.stale) and self._note.is_needed:
            self._note.write()
        for change in self.needed:
            change.write()
            self.written.append(change.path)
        for each in self.stale:
            each.directory.remove(each.name)

    def result(self) -> dict[str, Any]:
        """What was done, or would be done."""
        return {
            "changed": bool(self.needed or self.stale),
            "changed_paths": [change.path for change in self.needed],
            "removed_paths": sorted(each.path for each in self.stale),
            "pending": self.pending,
        }

    def diff(self) -> list[dict[str, str]]:
        """The same with our own text."""
        removed = [{"prepared": f"{each.path}: removed\n"} for each in self.stale]
        return [change.diff() for change in self.needed] + removed


def _folder(root: Directory, pattern: str) -> Directory | None:
    """The directory of a pattern, None when there is none."""
    if glob.has_magic(os.path.dirname(pattern)):
        raise VpnError(f"{pattern}: only the last part of a path can be a pattern")
    return locate(root, pattern, follow=False).directory


def _stale(purge: Iterable[tuple[Directory | None, dict[str, Any]]], kept: set[str]) -> list[Stale]:
    """Every file that matches a pattern and is not kept."""
    found: dict[str, Stale] = {}
    for folder, entry in purge:
        pattern = os.path.basename(entry["pattern"])
        for name in folder.names() if folder else ():
            is_hidden = name.startswith(".") and not pattern.startswith(".")
            if folder and fnmatch.fnmatchcase(name, pattern) and not is_hidden and not is_draft(name):
                found.setdefault(folder.path_of(name), Stale(folder, name, entry["activates"]))
    return [stale for path, stale in found.items() if path not in kept]


def _drafts(directories: Iterable[Directory | None]) -> list[Stale]:
    """What runs that were killed have left in the directories of our files, keys included."""
    known = {each.path: each for each in directories if each}
    return [Stale(directory, name) for directory in known.values() for name in directory.drafts()]


def _check(module: AnsibleModule, change: Change, entry: dict[str, Any]) -> None:
    """Refuse what the program that will read the file would refuse."""
    command = shlex.split(entry["validate"]) if entry.get("validate") else []
    if not command or not change.is_needed or module.get_bin_path(command[0]) is None:
        return
    # In memory: a run that is killed leaves no copy of the file behind.
    draft = os.memfd_create("draft")
    with os.fdopen(draft, "wb") as stream:
        stream.write(change.content)
        stream.flush()
        path = f"/proc/{os.getpid()}/fd/{draft}"
        code, output, errors = module.run_command([part.replace("%s", path) for part in command])
    if code != 0:
        said = parts.masked((errors or output).strip(), change.others)
        raise VpnError(f"{change.path} would not be valid: {said}")


def run(module: AnsibleModule) -> None:
    """Bring the files to what is wanted, or say what would be done."""
    work = None
    try:
        work = Work(module.params)
        for change, entry in zip(work.files, module.params["files"]):
            _check(module, change, entry)
        if not module.check_mode:
            work.apply()
    except VpnError as error:
        written = work.written if work else []
        module.fail_json(msg=str(error), changed=bool(written), changed_paths=written)
    else:
        module.exit_json(**work.result(), **({"diff": work.diff()} if module._diff else {}))
