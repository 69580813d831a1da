# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a whole file is when an ordinary user runs. More of changes is in test_gateway_files.py of the modules."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import VpnError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.files.change import Change
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.files.directory import Directory


def key_file(path: Path) -> Change:
    return Change(Directory.root(), {"path": str(path), "content": "key", "mode": "0600"}, is_secret=True)


@pytest.mark.needs_root
def test_a_file_of_root_in_a_directory_of_the_user_is_replaced(home: Path) -> None:
    user = os.geteuid()
    os.seteuid(0)
    (home / "key").write_text("key", encoding="utf-8")
    os.seteuid(user)
    change = key_file(home / "key")
    assert change.is_needed
    change.write()
    assert ((home / "key").stat().st_uid, (home / "key").stat().st_mode & 0o7777) == (os.geteuid(), 0o600)
    assert not key_file(home / "key").is_needed


@pytest.mark.needs_root
def test_a_file_of_root_in_a_directory_of_all_is_refused(home: Path) -> None:
    path = home.parent / "tmp/key"
    user = os.geteuid()
    os.seteuid(0)
    path.write_text("theirs", encoding="utf-8")
    os.seteuid(user)
    with pytest.raises(VpnError, match="it belongs to another user"):
        key_file(path)
    key_file(path.with_name("mine")).write()
    assert path.with_name("mine").stat().st_mode & 0o7777 == 0o600
