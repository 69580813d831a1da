# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files where other users can write: these get no key, and do not choose what root writes, reads or removes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., dict[str, Any]]

MARKER = "MARKER_psk.1"
FRR = 12345
STRONGSWAN = {"vendor": "strongswan"}

pytestmark = pytest.mark.needs_root


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """Stands for /etc. pytest's own directories are for us only, and nobody else can write there."""
    path = tmp_path / "etc"
    path.mkdir(mode=0o755)
    return path


@pytest.fixture
def frr(etc: Path) -> Path:
    """A directory of the daemon's user, as /etc/frr is."""
    path = etc / "frr"
    path.mkdir(mode=0o755)
    os.chown(path, FRR, FRR)
    return path


@pytest.fixture
def shadow(etc: Path) -> Path:
    """A secret that only root can read."""
    path = etc / "shadow"
    path.write_text(f"root:{MARKER}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def planted(path: Path, text: str = "theirs\n", mode: int = 0o666) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    os.chown(path, FRR, FRR)
    return path


def block(path: Path, **more: Any) -> dict[str, Any]:
    return {"path": str(path), "block": "router bgp 65010\n", "comment": "!", **more}


# Links.


@pytest.mark.parametrize("check", [True, False])
def test_a_link_of_the_daemon_is_refused(run_files: Run, frr: Path, shadow: Path, check: bool) -> None:
    link = frr / "frr.conf"
    link.symlink_to(shadow)
    before = shadow.read_bytes()
    result = run_files(check=check, files=[block(link)])
    assert result["failed"]
    assert f"{link}: this is a link, in a directory that other users can write" in result["msg"]
    assert MARKER not in result["printed"]
    assert shadow.read_bytes() == before


@pytest.mark.parametrize("kind", ["block", "replace", "content", "secret", "pending", "purge"])
def test_a_linked_directory_of_the_daemon_is_refused(run_files: Run, frr: Path, etc: Path, kind: str) -> None:
    cron = etc / "cron.d"
    cron.mkdir()
    (cron / "frr.conf").write_text("bgpd=no\n", encoding="utf-8")
    (frr / "conf.d").symlink_to(cron)
    path = str(frr / "conf.d/frr.conf")
    options: dict[str, Any] = {
        "block": {"files": [block(frr / "conf.d/frr.conf")]},
        "replace": {"files": [{"path": path, "replace": [{"pattern": "^bgpd=no", "line": "bgpd=yes"}]}]},
        "content": {"files": [{"path": path, "content": "ours\n"}]},
        "secret": {"secret_files": [{"path": path, "content": f"{MARKER}\n"}]},
        "pending": {"files": [{"path": str(etc / "a"), "content": "", "activates": "x"}], "pending_file": path},
        "purge": {"purge": [{"pattern": str(frr / "conf.d/*.conf")}]},
    }[kind]
    result = run_files(**options)
    assert result["failed"]
    assert f"{frr}/conf.d: this is a link, in a directory that other users can write" in result["msg"]
    assert [path.name for path in cron.iterdir()] == ["frr.conf"]
    assert (cron / "frr.conf").read_text(encoding="utf-8") == "bgpd=no\n"
    assert not (etc / "a").exists()


def test_a_directory_that_is_swapped_meanwhile_changes_nothing(run_files: Run, frr: Path, etc: Path) -> None:
    """Between the look at the file and its replacement, the daemon's user puts a link in place of its directory."""
    cron, swap = etc / "cron.d", etc / "swap"
    cron.mkdir()
    (frr / "conf.d").mkdir()
    planted(frr / "conf.d/frr.conf")
    swap.write_text(f"#!/bin/sh\nmv {frr}/conf.d {frr}/old\nln -s {cron} {frr}/conf.d\n", encoding="utf-8")
    swap.chmod(0o755)
    run_files(files=[block(frr / "conf.d/frr.conf", validate=f"{swap} %s")])
    assert (frr / "conf.d").is_symlink()
    assert list(cron.iterdir()) == []


def test_links_of_root_are_followed(run_files: Run, etc: Path, frr: Path) -> None:
    """/etc/frr in another place, and a configuration that is kept elsewhere, such as in a repository."""
    real = etc / "srv"
    real.mkdir()
    (real / "frr.conf.real").write_text("log syslog\n", encoding="utf-8")
    (real / "frr.conf").symlink_to("../srv/./frr.conf.real")
    (etc / "linked").symlink_to(real)
    (etc / "of-the-daemon").symlink_to(frr)
    planted(frr / "frr.conf")
    result = run_files(files=[block(etc / "linked/frr.conf"), block(etc / "of-the-daemon/frr.conf")])
    assert result["changed_paths"] == [str(real / "frr.conf.real"), str(frr / "frr.conf")]
    assert "router bgp" in (real / "frr.conf.real").read_text(encoding="utf-8")
    assert (real / "frr.conf").is_symlink()
    again = run_files(files=[block(etc / "linked/frr.conf"), block(etc / "of-the-daemon/frr.conf")])
    assert again["changed"] is False


def test_links_that_lead_to_themselves_end(run_files: Run, etc: Path) -> None:
    (etc / "a").symlink_to("b")
    (etc / "b").symlink_to("a")
    assert "too many links" in run_files(files=[{"path": str(etc / "a/x"), "content": ""}])["msg"]


def test_a_secret_is_not_written_through_a_link(run_files: Run, etc: Path) -> None:
    (etc / "key.conf").symlink_to(etc / "elsewhere")
    result = run_files(secret_files=[{"path": str(etc / "key.conf"), "content": MARKER}])
    assert "secrets are not written through a link" in result["msg"]
    assert not (etc / "elsewhere").exists()


def test_only_a_link_is_purged_and_not_what_it_names(run_files: Run, etc: Path, shadow: Path) -> None:
    (etc / "aws-vpn-1.conf").symlink_to(shadow)
    (etc / "aws-vpn-2.conf").mkdir()
    result = run_files(purge=[{"pattern": str(etc / "aws-vpn-*.conf")}])
    assert result["removed_paths"] == [str(etc / "aws-vpn-1.conf")]
    assert shadow.exists()
    assert (etc / "aws-vpn-2.conf").is_dir()


# What is no file of the daemon.


def test_a_second_name_of_a_file_of_root_is_refused(run_files: Run, frr: Path, shadow: Path) -> None:
    os.link(shadow, frr / "frr.conf")
    result = run_files(files=[block(frr / "frr.conf")])
    assert "this is a hard link, in a directory that other users can write" in result["msg"]
    assert MARKER not in result["printed"]


def test_a_pipe_does_not_stop_the_run(run_files: Run, frr: Path) -> None:
    os.mkfifo(frr / "frr.conf")
    assert "this is not a regular file" in run_files(files=[block(frr / "frr.conf")])["msg"]


# Owners and modes.


def test_a_file_of_the_daemon_keeps_its_owner_and_its_mode(run_files: Run, frr: Path) -> None:
    path = planted(frr / "frr.conf", mode=0o4640)
    assert run_files(files=[block(path)])["changed"]
    status = path.stat()
    # But never with special bits.
    assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (FRR, FRR, 0o640)


@pytest.mark.parametrize("kind", ["files", "secret_files"])
def test_a_wrong_owner_of_our_own_file_is_corrected(run_files: Run, etc: Path, kind: str) -> None:
    path = planted(etc / "aws-vpn.conf", f"{MARKER}\n", 0o600)
    wanted = {kind: [{"path": str(path), "content": f"{MARKER}\n", "mode": "0600"}]}
    assert run_files(check=True, **wanted)["changed"]
    assert path.stat().st_uid == FRR
    assert run_files(**wanted)["changed"]
    assert (path.stat().st_uid, path.stat().st_mode & 0o7777) == (0, 0o600)
    assert run_files(**wanted)["changed"] is False


@pytest.mark.parametrize("kind", ["files", "secret_files"])
def test_a_file_that_somebody_else_planted_is_refused(run_files: Run, frr: Path, kind: str) -> None:
    path = planted(frr / "aws-vpn.conf")
    result = run_files(**{kind: [{"path": str(path), "content": MARKER}]})
    assert "it belongs to another user, in a directory that other users can write" in result["msg"]
    assert path.read_text(encoding="utf-8") == "theirs\n"
    assert path.stat().st_uid == FRR


# The sample configuration.


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """As /tmp is."""
    path = tmp_path / "shared"
    path.mkdir()
    path.chmod(0o1777)
    return path


@pytest.fixture
def write_sample(run: Run, world: dict[str, str]) -> Run:
    run("customer_gateway", name="berlin", public_ip="198.51.100.10")
    run("vpn_connection", name="berlin", transit_gateway_id=world["tgw"], tunnels=[{"psk": MARKER}, {}])

    def write(dest: Path, **options: Any) -> dict[str, Any]:
        result: dict[str, Any] = run("vpn_device_configuration", name="berlin", dest=str(dest), **STRONGSWAN, **options)
        assert MARKER not in result["printed"]
        return result

    return write


def test_a_planted_file_gets_no_keys(write_sample: Run, shared: Path) -> None:
    dest = planted(shared / "berlin.txt")
    for check in (True, False):
        result = write_sample(dest, check=check)
        assert result["failed"]
        assert f"Nothing was changed: {dest}: it belongs to another user" in result["msg"]
    assert dest.read_text(encoding="utf-8") == "theirs\n"
    # Also not where it is open already: the new file is another one.
    os.chown(dest, 0, 0)
    with dest.open(encoding="utf-8") as kept_open:
        assert write_sample(dest)["changed"]
        assert kept_open.read() == "theirs\n"
    assert (dest.stat().st_uid, dest.stat().st_mode & 0o7777) == (0, 0o600)


def test_a_planted_link_gets_no_keys(write_sample: Run, shared: Path, tmp_path: Path) -> None:
    target = planted(tmp_path / "theirs")
    for name, leads_to in (("file", target), ("nothing", tmp_path / "none"), ("directory", tmp_path)):
        (shared / name).symlink_to(leads_to)
        dest = shared / name / "x" if name == "directory" else shared / name
        result = write_sample(dest)
        assert f"{shared}/{name}: this is a link, in a directory that other users can write" in result["msg"]
    assert target.read_text(encoding="utf-8") == "theirs\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shared", "theirs"]


def test_a_wrong_owner_in_a_directory_of_our_own_is_corrected(write_sample: Run, tmp_path: Path) -> None:
    dest = tmp_path / "berlin.txt"
    assert write_sample(dest)["changed"]
    os.chown(dest, FRR, FRR)
    assert write_sample(dest, check=True)["changed"]
    assert write_sample(dest)["changed"]
    assert dest.stat().st_uid == 0
    assert write_sample(dest)["changed"] is False
