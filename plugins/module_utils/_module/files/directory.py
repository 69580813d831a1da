# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads and writes files without following a link that another user can plant.

Root writes files in directories that belong to daemons, such as /etc/frr. The daemon's user must not get to choose
where root writes, or what root reads and shows. So a path is walked directory by directory, and every file is opened,
replaced and removed relative to its open directory. A link is followed only where nobody else can have made it.
"""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ..._core.errors import VpnError

FOREIGN = "it belongs to another user, in a directory that other users can write"

_DRAFT = ".aws-vpn-draft"

# With O_PATH, where the system has it, a directory needs to be searchable only.
_WALK = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_LIST = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# Without waiting for the other end of a named pipe.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BEGIN = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_OTHERS_CAN_WRITE = stat.S_IWGRP | stat.S_IWOTH
_MOST_LINKS = 40


def is_draft(name: str) -> bool:
    """Whether a file is one that a run writes before it gets its name."""
    return name.endswith(_DRAFT)


@contextmanager
def about(path: str) -> Iterator[None]:
    """What the system refuses, with the path as a user knows it."""
    try:
        yield
    except OSError as error:
        raise VpnError(f"{path}: {error.strerror}") from None


@dataclass(frozen=True)
class File:
    """A regular file as it was read."""

    content: bytes
    owner: int
    group: int
    mode: int


class Directory:
    """An open directory. Whatever becomes of its path, what is done here is done in this directory."""

    def __init__(self, handle: int, path: str, within: Directory | None = None) -> None:
        self._handle = handle
        self._children: dict[str, Directory] = {}
        self.path = path
        status = os.fstat(handle)
        can_others_write = bool(status.st_mode & _OTHERS_CAN_WRITE)
        belongs_to_us = status.st_uid in (0, os.geteuid()) and (within is None or within._keeps_entries)
        # In a directory with the sticky bit others can add entries, but not replace ours.
        self._keeps_entries: bool = belongs_to_us and (not can_others_write or bool(status.st_mode & stat.S_ISVTX))
        self.is_ours = belongs_to_us and not can_others_write

    def __del__(self) -> None:
        os.close(self._handle)

    @classmethod
    def root(cls) -> Directory:
        """Where every walk begins."""
        return cls(os.open("/", _WALK), "/")

    def path_of(self, name: str) -> str:
        """The path of an entry, for people."""
        return os.path.join(self.path, name)

    def enter(self, name: str, make: bool = False) -> Directory | None:
        """A directory in this one, None when there is none."""
        if name not in self._children:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(name, 0o755, dir_fd=self._handle)
            try:
                handle = os.open(name, _WALK, dir_fd=self._handle)
            except FileNotFoundError:
                return None
            self._children[name] = Directory(handle, self.path_of(name), self)
        return self._children[name]

    def link(self, name: str) -> str | None:
        """Where a link leads, None for anything but a link."""
        try:
            return os.readlink(name, dir_fd=self._handle)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.EINVAL:
                return None
            raise

    def names(self) -> list[str]:
        """All entries but directories, in order."""
        with about(self.path), self._opened(".", _LIST) as handle, os.scandir(handle) as entries:
            return sorted(entry.name for entry in entries if not entry.is_dir(follow_symlinks=False))

    def read(self, name: str) -> File | None:
        """A regular file, None when there is none."""
        try:
            with self._opened(name, _READ) as handle:
                return self._read(name, handle)
        except FileNotFoundError:
            return None

    def _read(self, name: str, handle: int) -> File:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise VpnError(f"{self.path_of(name)}: this is not a regular file")
        if status.st_nlink > 1 and not self.is_ours:
            raise VpnError(f"{self.path_of(name)}: this is a hard link, in a directory that other users can write")
        with os.fdopen(handle, "rb", closefd=False) as stream:
            return File(stream.read(), status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode))

    def write(self, name: str, content: bytes, mode: int, owner: tuple[int, int] | None = None) -> None:
        """Replace a file, or create it. Nobody ever sees half a file, nor a key in a file that others can read."""
        with about(self.path_of(name)), self._draft() as (draft, handle):
            with os.fdopen(handle, "wb", closefd=False) as stream:
                stream.write(content)
            if owner:
                os.fchown(handle, *owner)
            os.fchmod(handle, mode)
            os.fsync(handle)
            os.replace(draft, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def begin(self, name: str) -> int:
        """Empty a file, or create it, to write to it bit by bit."""
        with about(self.path_of(name)):
            handle = os.open(name, _BEGIN, 0o666, dir_fd=self._handle)
        if os.fstat(handle).st_uid != os.geteuid() and not self.is_ours:
            os.close(handle)
            raise VpnError(f"{self.path_of(name)}: {FOREIGN}")
        # A pipe or a terminal has no length.
        with suppress(OSError):
            os.ftruncate(handle, 0)
        return handle

    def remove(self, name: str) -> None:
        """Remove a file, if it is there; of a link the link. A draft only if no run is writing it."""
        with about(self.path_of(name)), suppress(FileNotFoundError, BlockingIOError):
            if is_draft(name):
                with self._opened(name, _READ) as handle:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(name, dir_fd=self._handle)
            else:
                os.unlink(name, dir_fd=self._handle)

    def drafts(self) -> list[str]:
        """Names of drafts of runs that were killed. A run that is still writing has locked its own."""
        return [name for name in self.names() if is_draft(name) and not self._is_locked(name)]

    def _is_locked(self, name: str) -> bool:
        try:
            with self._opened(name, _READ) as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # Also one that we may not open, or that has just gone.
            return True
        return False

    @contextmanager
    def _opened(self, name: str, flags: int) -> Iterator[int]:
        handle = os.open(name, flags, dir_fd=self._handle)
        try:
            yield handle
        finally:
            os.close(handle)

    @contextmanager
    def _draft(self) -> Iterator[tuple[str, int]]:
        """A new locked file that only we can read. Its name is one that no daemon reads; it goes if an error comes."""
        name, handle = self._new_draft()
        try:
            yield name, handle
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=self._handle)
            raise
        finally:
            os.close(handle)

    def _new_draft(self) -> tuple[str, int]:
        while True:
            name = f".{secrets.token_hex(8)}{_DRAFT}"
            handle = os.open(name, _CREATE, 0o600, dir_fd=self._handle)
            # Some network file systems have no locks; there drafts are never found to be unused.
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            # Another run may have found it before it was locked.
            if os.fstat(handle).st_nlink:
                return name, handle
            os.close(handle)


@dataclass(frozen=True)
class Place:
    """Where a file is, or would be: its path without links, and its directory when that exists."""

    directory: Directory | None
    name: str
    path: str


def locate(root: Directory, path: str, make: bool = False, follow: bool = True) -> Place:
    """Walk to the directory of a file, and make missing directories if asked to; C(follow) is about the file itself."""
    walked = [root]
    # The current directory may be one that this user cannot read.
    todo = (path if os.path.isabs(path) else os.path.join(os.getcwd(), path)).split("/")[::-1]
    links = 0
    while todo:
        name = todo.pop()
        here = walked[-1]
        is_last = not any(todo)
        if name == "..":
            walked = walked[:-1] or [root]
            continue
        if name in ("", "."):
            continue
        with about(here.path_of(name)):
            target = here.link(name)
            if target is not None:
                links += 1
                _check_link(here, name, links, follow or not is_last)
                walked = [root] if target.startswith("/") else walked
                todo += target.split("/")[::-1]
            elif is_last:
                return Place(here, name, here.path_of(name))
            else:
                child = here.enter(name, make)
                if child is None:
                    return Place(None, todo[0], here.path_of("/".join([name, *todo[::-1]])))
                walked.append(child)
    raise VpnError(f"{path}: this is a directory; name the file")


def _check_link(here: Directory, name: str, links: int, may_follow: bool) -> None:
    if not here.is_ours:
        raise VpnError(f"{here.path_of(name)}: this is a link, in a directory that other users can write")
    if not may_follow:
        raise VpnError(f"{here.path_of(name)}: this is a link; secrets are not written through a link")
    if links > _MOST_LINKS:
        raise VpnError(f"{here.path_of(name)}: too many links")
