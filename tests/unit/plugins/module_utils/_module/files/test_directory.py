# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open directories: how paths are walked, whose a directory is, and drafts of runs that write or were killed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import VpnError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.files.directory import Directory, locate

DRAFT = ".0.aws-vpn-draft"


def opened(path: Path) -> Directory:
    directory: Directory | None = locate(Directory.root(), str(path / "x")).directory
    assert directory
    return directory


def test_a_draft_that_is_written_is_left_alone(tmp_path: Path) -> None:
    writer, other = opened(tmp_path), opened(tmp_path)
    (tmp_path / DRAFT).touch()
    with writer._draft() as (draft, _handle):
        assert other.drafts() == [DRAFT]
        other.remove(draft)
        other.remove(DRAFT)
        assert os.listdir(tmp_path) == [draft]
    # Its writer has ended without giving it a name.
    assert other.drafts() == [draft]
    other.remove(draft)
    other.remove(draft)
    assert os.listdir(tmp_path) == []


def test_a_write_that_fails_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(VpnError, match=f"^{tmp_path}/x: Is a directory$"):
        opened(tmp_path).write("x", b"text", 0o600)
    assert os.listdir(tmp_path) == ["x"]


def test_the_umask_does_not_matter(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        opened(tmp_path).write("x", b"text", 0o644)
    finally:
        os.umask(before)
    assert (tmp_path / "x").stat().st_mode & 0o7777 == 0o644


@pytest.mark.parametrize("path", ["/", "{}", "{}/", "{}/.", "{}/x/..", "{}/../{name}"])
def test_a_directory_is_no_file(tmp_path: Path, path: str) -> None:
    (tmp_path / "x").mkdir()
    place = path.format(tmp_path, name=tmp_path.name)
    with pytest.raises(VpnError, match=r"this is a directory|this is not a regular file"):
        found = locate(Directory.root(), place)
        assert found.directory
        found.directory.read(found.name)


def test_paths_are_walked_as_the_system_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "link").symlink_to("a/b")
    monkeypatch.chdir(tmp_path)
    paths = ("a/x", "link/../x", "./a//b/../x", f"{tmp_path}/a/x", f"/../..{tmp_path}/link/./../x")
    assert {locate(Directory.root(), path).path for path in paths} == {f"{tmp_path}/a/x"}
    missing = locate(Directory.root(), "link/c/d/x")
    assert (missing.directory, missing.path) == (None, f"{tmp_path}/a/b/c/d/x")


@pytest.mark.needs_root
def test_what_is_below_a_directory_of_others_is_not_ours(home: Path) -> None:
    """The user can move root's directory away, and put a link or another one in its place."""
    os.seteuid(0)
    (home / "of-root").mkdir()
    assert not opened(home / "of-root").is_ours
    assert not opened(home).is_ours
    assert opened(home.parent).is_ours
    (home.parent / "tmp/of-root").mkdir(mode=0o755)
    assert opened(home.parent / "tmp/of-root").is_ours
    assert not opened(home.parent / "tmp").is_ours
