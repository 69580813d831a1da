# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The swap of the IKE daemon: what is kept before it, what comes back after a failure, and what is noted after it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PROGRAMS = Path(__file__).resolve().parents[4] / "roles/gateway/files"
NAME = "vpn-0123456789abcdef0-1"
GATEWAY = {"ike_daemon": "libreswan", "ike_unit": "ipsec.service", "tunnels": [{"name": NAME}]}
# As apt of Debian 12 prints it.
SIMULATED = """\
Reading package lists...
Remv charon-systemd [5.9.8-5+deb12u6]
Remv strongswan-libcharon [5.9.8-5+deb12u6] []
Inst libnss3 [2:3.87.1-1+deb12u2] (2:3.87.1-1+deb12u4 Debian-Security:12/oldstable-security [amd64])
Inst libreswan (4.10-2+deb12u1 Debian:12.15/oldstable [amd64])
Conf libreswan (4.10-2+deb12u1 Debian:12.15/oldstable [amd64])
"""


@pytest.fixture(scope="module")
def programs() -> Iterator[tuple[ModuleType, ModuleType]]:
    sys.path.insert(0, str(PROGRAMS))
    yield import_module("stage"), import_module("swap")
    sys.path.remove(str(PROGRAMS))


@pytest.fixture
def stage(programs: tuple[ModuleType, ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """With its files in a directory of the test."""
    place = tmp_path / "swap"
    place.mkdir()
    known = {"PLACE": place, "JOURNAL": place / "journal.json", "PACKAGES": place / "packages"}
    for name, path in known.items():
        monkeypatch.setattr(programs[0], name, path)
    patterns = ((f"{tmp_path}/etc/aws-vpn-*.conf", "ike"), (f"{tmp_path}/etc/frr.conf", "bgp"))
    monkeypatch.setattr(programs[0], "FILES", patterns)
    (tmp_path / "etc").mkdir()
    return programs[0]


@pytest.fixture
def swap(programs: tuple[ModuleType, ModuleType], stage: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Prepared, with one tunnel that works."""
    monkeypatch.setattr(programs[1].tunnels, "config", lambda: GATEWAY)
    stage.JOURNAL.write_text(json.dumps({"needed": [NAME], "files": {}, "packages": {}, "units": {}}))
    return programs[1]


@pytest.mark.parametrize("daemon", ["strongswan", "libreswan"])
def test_every_file_of_the_role_is_kept(
    programs: tuple[ModuleType, ModuleType], role_files: Callable[..., dict[str, str]], daemon: str
) -> None:
    patterns = [pattern for pattern, _activates in programs[0].FILES]
    # What the first run found stays as it is.
    files = set(role_files(daemon=daemon, routing="bgp")) - {"/var/lib/aws-vpn/before.json"}
    assert {path for path in files if not any(Path(path).match(pattern) for pattern in patterns)} == set()


def test_what_apt_would_do(stage: ModuleType) -> None:
    new, old = stage.actions(SIMULATED)
    assert new == {"libnss3": "2:3.87.1-1+deb12u4", "libreswan": "4.10-2+deb12u1"}
    assert old == {"charon-systemd": "5.9.8-5+deb12u6", "strongswan-libcharon": "5.9.8-5+deb12u6"}


def test_a_package_is_taken_from_the_cache_of_apt(
    stage: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(stage, "APT_CACHE", tmp_path)
    stage.PACKAGES.mkdir()
    (tmp_path / "libnss3_2%3a3.87.1-1_amd64.deb").write_text("a package")
    stage.fetch({"libnss3:amd64": "2:3.87.1-1"})
    assert [path.name for path in stage.PACKAGES.iterdir()] == ["libnss3_2%3a3.87.1-1_amd64.deb"]


def test_a_package_without_a_way_back_stops_the_swap(
    stage: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Before anything has changed."""
    monkeypatch.setattr(stage, "APT_CACHE", tmp_path)
    monkeypatch.setattr(stage, "simulate", lambda _packages: ({}, {"charon-systemd": "5.9.8-1"}))
    stage.PACKAGES.mkdir()
    with pytest.raises(SystemExit, match=r"no way back: charon-systemd 5\.9\.8-1\. If"):
        stage.gather(["libreswan"])


def test_the_files_come_back_as_they_were(stage: ModuleType, swap: ModuleType, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    old, changed, gone = (etc / f"aws-vpn-{name}.conf" for name in ("old", "changed", "gone"))
    for path in (old, changed, gone):
        path.write_text(path.name)
    gone.chmod(0o600)
    kept = stage.saved()
    changed.write_text("other")
    gone.unlink()
    (etc / "aws-vpn-new.conf").write_text("new")
    (etc / "frr.conf").write_text("of a package")
    assert swap.restore_files(kept) == {"ike"}
    assert {path.name: path.read_text() for path in etc.iterdir()} == {
        **{path.name: path.name for path in (old, changed, gone)},
        "frr.conf": "of a package",
    }
    assert gone.stat().st_mode & 0o777 == 0o600
    assert swap.restore_files(kept) == set()


def test_a_link_of_somebody_else_is_neither_read_nor_followed(stage: ModuleType, tmp_path: Path) -> None:
    secret, link = tmp_path / "secret", tmp_path / "etc/frr.conf"
    secret.write_text("secret")
    link.symlink_to(secret)
    assert stage.saved() == {}
    stage.write(link, "ours", 0o640)
    assert (secret.read_text(), link.read_text(), link.is_symlink()) == ("secret", "ours", False)


def outcome(swap: ModuleType, monkeypatch: pytest.MonkeyPatch, down: list[dict[str, str]], **fails: Any) -> str:
    """Why the swap failed, with what is down after it and after the way back."""

    def step(name: str) -> Callable[..., None]:
        def run(*_arguments: Any) -> None:
            if name in fails:
                raise SystemExit(fails[name])

        return run

    for name in ("move", "put_back", "note"):
        monkeypatch.setattr(swap, name, step(name))
    monkeypatch.setattr(swap, "missing", lambda *_arguments: down.pop(0))
    monkeypatch.setattr(swap, "call", lambda *_words: type("Said", (), {"stdout": "pluto: no\n"}))
    monkeypatch.setattr(swap.signal, "signal", lambda *_arguments: None)
    try:
        swap.apply({"unit": "ipsec.service"})
    except SystemExit as failure:
        return str(failure)
    return ""


def test_a_swap_that_works(swap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(swap, monkeypatch, [{}]) == ""
    assert not swap.stage.PLACE.exists()


def test_tunnels_that_do_not_come_up(swap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    said = outcome(swap, monkeypatch, [{NAME: "no IPsec SA"}, {}])
    assert said.splitlines() == [
        f"The swap failed: these tunnels worked before and do not come up: {NAME} (no IPsec SA)",
        f"Everything was put back. Tunnels that work again: {NAME}.",
        "The last lines of ipsec.service:",
        "pluto: no",
    ]
    assert not swap.stage.PLACE.exists()


def test_packages_that_cannot_be_installed(swap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    said = outcome(swap, monkeypatch, [{}], move="apt-get: no space left")
    assert said.startswith("The swap failed: apt-get: no space left\nEverything was put back.")


@pytest.mark.parametrize(
    ("down", "fails", "text"),
    [
        ([{NAME: "no IPsec SA"}] * 2, {}, f"but these tunnels are still down: {NAME} (no IPsec SA)"),
        ([{NAME: "no IPsec SA"}], {"put_back": "dpkg: no"}, "Not everything could be put back: dpkg: no"),
    ],
)
def test_the_journal_stays_until_the_tunnels_work(
    swap: ModuleType, monkeypatch: pytest.MonkeyPatch, down: list[dict[str, str]], fails: dict[str, str], text: str
) -> None:
    assert text in outcome(swap, monkeypatch, list(down), **fails)
    assert swap.stage.JOURNAL.exists()


def test_what_a_removal_says_about_packages(swap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There and back is as before, but for what nothing removes."""
    record = tmp_path / "before.json"
    monkeypatch.setattr(swap.before, "RECORD", record)
    record.write_text(json.dumps({"packages": ["frr"], "units": {}}))
    first = {"frr": "1", "charon-systemd": "6"}
    second = {"frr": "1", "libreswan": "5", "libunbound8": "1"}
    third = {"frr": "1", "charon-systemd": "6", "libunbound8": "1"}
    noted = []
    for then, now in ((first, second), (second, third)):
        monkeypatch.setattr(swap.stage, "installed", lambda now=now: now)
        swap.note({"packages": then})
        read = json.loads(record.read_text())
        noted.append((read["packages"], read["packages_removed"]))
    assert noted == [(["frr", "libreswan", "libunbound8"], ["charon-systemd"]), (["frr", "libunbound8"], [])]
