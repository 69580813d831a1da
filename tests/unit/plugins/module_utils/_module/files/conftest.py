# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ordinary user, who is who runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

USER = 12345


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory of a user, below one that the user can search and not read."""
    outer = Path(tempfile.mkdtemp())
    (outer / "home").mkdir(mode=0o755)
    os.chown(outer / "home", USER, USER)
    (outer / "tmp").mkdir()
    (outer / "tmp").chmod(0o1777)
    outer.chmod(0o711)
    os.seteuid(USER)
    yield outer / "home"
    os.seteuid(0)
    shutil.rmtree(outer)
