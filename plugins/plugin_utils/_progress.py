# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a module writes about its progress, shown while it runs."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from ..module_utils._core.run import progress

# Seconds between two lines, and before the first one.
EVERY = 10.0
# Seconds between two looks into the file.
LOOK = 0.5
# The last line is in the last so many bytes.
_TAIL = 8192


class Watch:
    """Shows a line whenever the state of a run has changed, but not often, and none in a short run."""

    def __init__(
        self, show: Callable[[str], None], now: Callable[[], float] = time.monotonic, every: float = EVERY
    ) -> None:
        self._show = show
        self._now = now
        self._every = every
        self._began = self._due = now()
        self._shown: dict[str, int] = {}
        self._over = threading.Event()
        # For this user only: what is in it goes to the terminal.
        self._directory = Path(tempfile.mkdtemp(prefix="aws_vpn_progress_"))
        self.path = self._directory / "progress"
        self.path.touch(mode=0o600, exist_ok=False)
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)

    def __enter__(self) -> Watch:
        self._due = self._began + self._every
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        shutil.rmtree(self._directory, ignore_errors=True)

    def look(self) -> None:
        """Shows the last complete line of the file, if it is time and it is news. Only numbers of it are shown."""
        now = self._now()
        state = progress.read(self._last()) if now >= self._due else {}
        if state and state != self._shown:
            self._shown = state
            self._due = now + self._every
            self._show(progress.line(state, now - self._began))

    def _run(self) -> None:
        while not self._over.wait(LOOK):
            self.look()

    def _last(self) -> str:
        """The last complete line, empty when there is none."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
                lines = file.read(_TAIL).decode("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return lines[-2] if len(lines) > 1 else ""
