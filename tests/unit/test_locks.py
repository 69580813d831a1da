# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test environments hold what was locked, hash by hash, and the locks hold what the requirements ask for."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cores
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {f"requirements-{name}.txt": f"requirements-{name}-lock.txt" for name in ("dev", "importer")}


def requirements(name: str) -> Iterator[Requirement]:
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            yield from requirements(line.removeprefix("-r "))
        elif line and not line.startswith("#"):
            yield Requirement(line)


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """Versions and hashes, by package."""
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found = {}
    for entry in re.split(r"\n(?=\S)", "\n".join(lines)):
        pinned = re.match(r"([A-Za-z0-9._-]+)(?:\[.*\])?==(\S+)", entry)
        assert pinned, entry.splitlines()[0]
        found[canonicalize_name(pinned[1])] = (pinned[2], re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry))
    return found


@pytest.mark.parametrize(("asked", "lock"), LOCKS.items())
def test_a_lock_has_a_version_with_hashes_for_everything_asked_for(asked: str, lock: str) -> None:
    found = locked(lock)
    assert [name for name, (_version, hashes) in found.items() if not hashes] == []
    wanted = list(requirements(asked))
    assert [str(one) for one in wanted if canonicalize_name(one.name) not in found] == [], "run make lock"
    versions = {one: found[canonicalize_name(one.name)][0] for one in wanted}
    assert [str(one) for one, version in versions.items() if version not in one.specifier] == [], "run make lock"


@pytest.mark.parametrize("core", cores.cores(), ids=lambda core: core.minor)
def test_each_ansible_core_has_a_lock_with_hashes(core: cores.Core) -> None:
    found = locked(str(core.lock.relative_to(ROOT)))
    assert [name for name, (_version, hashes) in found.items() if not hashes] == []
    assert found["ansible-core"][0] == core.version, "run make lock"
    assert [one for one in requirements("requirements.txt") if found[one.name][0] not in one.specifier] == []


def test_every_installation_of_our_tools_asks_for_hashes() -> None:
    # ansible-test's own pip is not one of our tools.
    others = {ROOT / "tests/tools/ansible_test_home.py"}
    scripts = {path for path in (ROOT / "tests/tools").iterdir() if path.suffix in {".sh", ".py"}} - others
    lines = [line for path in scripts for line in path.read_text(encoding="utf-8").splitlines()]
    installs = [line for line in lines if re.search(r"\bpip\b.*\binstall\b", line)]
    assert len(installs) == len(LOCKS) + 1
    assert [line for line in installs if not re.search(r'--require-hashes"?,? "?-r\b', line)] == []


def test_a_package_with_other_contents_is_not_installed(tmp_path: Path) -> None:
    """By the options that our scripts use."""
    wheel = tmp_path / "example-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("example.py", "")
        archive.writestr("example-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: example\nVersion: 1.0\n")
        archive.writestr(
            "example-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("example-1.0.dist-info/RECORD", "")
    right = hashlib.sha256(wheel.read_bytes()).hexdigest()
    for digest, is_installed in ((right, True), ("0" * 64, False), (None, False)):
        lock = tmp_path / "lock.txt"
        lock.write_text("example==1.0" + (f" --hash=sha256:{digest}\n" if digest else "\n"), encoding="utf-8")
        target = tmp_path / f"target-{digest}"
        options = ["--no-index", "--find-links", str(tmp_path), "--target", str(target), "-qq"]
        command = [sys.executable, "-m", "pip", "install", *options, "--require-hashes", "-r", str(lock)]
        assert (subprocess.run(command, capture_output=True, check=False).returncode == 0) is is_installed
        assert (target / "example.py").exists() is is_installed
