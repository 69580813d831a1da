# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kill a writer at each line of its code from the first file on: `kill_at_each_line.py DIRECTORY WHAT`.

Prints one JSON document per kill: what it left, and what is there after the next run.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from ansible.module_utils.testing import patch_module_args
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import devices
from ansible_collections.hybridnet.aws_vpn.plugins.modules import gateway_files

OURS = "/aws_vpn/plugins/module_utils/_module/"
# These only look at what is there.
LOOKING = {"locate", "link", "about", "path_of"}
MARKER = "MARKER_psk.1"
OLD, NEW = f"old {MARKER}\n", f"new {MARKER}\n"


class Tree:
    """The files of one writer, always below one directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.key, self.frr, self.sample = (root / name for name in ("etc/key.conf", "etc/frr.conf", "sample.txt"))

    def reset(self) -> None:
        for path in (path for path in self.root.rglob("*") if path.is_file()):
            path.unlink()
        for path, mode in ((self.key, 0o600), (self.frr, 0o640), (self.sample, 0o600)):
            path.parent.mkdir(exist_ok=True)
            path.write_text(OLD, encoding="utf-8")
            path.chmod(mode)

    def seen(self) -> dict[str, Any]:
        """Mode and text of all files that have the marker in them."""
        found = {}
        for path in (path for path in self.root.rglob("*") if path.is_file()):
            text = path.read_text(encoding="utf-8")
            if MARKER in text:
                found[str(path.relative_to(self.root))] = [path.stat().st_mode & 0o777, text]
        return found

    def run_module(self, **options: Any) -> None:
        given = {"pending_file": str(self.root / "var/pending.json"), "_ansible_remote_tmp": str(self.root / "tmp")}
        with patch_module_args({**given, **options}):
            gateway_files.main()

    def write(self) -> None:
        """A key, and a block in a file of others, which has a secret of theirs."""
        block = {"path": str(self.frr), "block": "ours", "comment": "!"}
        self.run_module(files=[block], secret_files=[{"path": str(self.key), "content": NEW, "activates": "keys"}])

    def remove(self) -> None:
        self.run_module(
            files=[{"path": str(self.frr), "block": "", "comment": "!"}],
            purge=[{"pattern": str(self.root / "etc/key*.conf"), "activates": "keys"}],
        )

    def write_sample(self) -> None:
        devices._file(str(self.sample), Secret(NEW), True)


def in_a_process(action: Callable[[], None], lines: int = 0) -> bool:
    """Whether the action came to its end; it is killed at the given line of ours."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        # For speed: this is about kills, not about power failures.
        os.fsync = lambda _handle: None
        is_writing, seen = False, 0

        def trace(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal is_writing, seen
            if OURS not in frame.f_code.co_filename or frame.f_code.co_name in LOOKING:
                return None
            # Before the first file is written there is nothing to leave.
            is_writing = is_writing or frame.f_code.co_name == "write"
            seen += is_writing and event == "line"
            if seen == lines:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        if lines:
            sys.settrace(trace)
        try:
            action()
        finally:
            os._exit(0)
    return os.WIFEXITED(os.waitpid(child, 0)[1])


def main() -> None:
    tree = Tree(Path(sys.argv[1]))
    victim, then = {
        "write": (tree.write, tree.write),
        "absent": (tree.write, tree.remove),
        "sample": (tree.write_sample, tree.write_sample),
    }[sys.argv[2]]
    (tree.root / "tmp").mkdir(exist_ok=True)
    lines, is_complete = 0, False
    while not is_complete:
        lines += 1
        tree.reset()
        is_complete = in_a_process(victim, lines)
        killed = tree.seen()
        in_a_process(then)
        print(json.dumps({"killed": killed, "after": tree.seen()}))


if __name__ == "__main__":
    main()
