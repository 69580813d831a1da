# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a module writes about its progress, shown while it runs."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
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


class Watch:
    """Shows a line whenever the state of a run has changed, but not often, and none in a short run."""

    def __init__(
        self, show: Callable[[str], None], now: Callable[[], float] = time.monotonic, every: float = EVERY
    ) -> None:
        self._show = show
        self._now = now
        self._every = every
        self._began = self._due = now()
        self._shown = ""
        self._over = threading.Event()
        # The module may run as another user of this host, who has to get at the file; it holds nothing but numbers.
        self._directory = Path(tempfile.mkdtemp(prefix="aws_vpn_progress_"))
        self._directory.chmod(0o711)
        self.path = self._directory / "progress"
        self.path.touch()
        self.path.chmod(0o666)
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
        """Shows the last complete line of the file, if it is time and it is news."""
        now = self._now()
        last = self._last() if now >= self._due else ""
        if last and last != self._shown:
            self._shown = last
            self._due = now + self._every
            self._show(progress.line(json.loads(last), now - self._began))

    def _run(self) -> None:
        while not self._over.wait(LOOK):
            self.look()

    def _last(self) -> str:
        lines = self.path.read_text(encoding="utf-8").split(os.linesep)
        return lines[-2] if len(lines) > 1 else ""
