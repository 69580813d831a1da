# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's tarball holds the files that git tracks, and nothing else of the checkout it was built in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKER = "marker-of-a-secret-5d1c"

# What a user of the collection does not need: the tools of contributors, and the tests.
FOLDERS_LEFT_OUT = (".ci", ".github", "collections", "extensions", "tests")
FILES_LEFT_OUT = {
    ".ansible-lint",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".yamllint",
    "Makefile",
    "REUSE.toml",
    "galaxy.yml",
    "pyproject.toml",
    "requirements-controller.txt",
    "requirements-dev-lock.txt",
    "requirements-dev.txt",
    "requirements-importer-lock.txt",
    "requirements-importer.txt",
}
MADE_BY_THE_BUILD = {"FILES.json", "MANIFEST.json"}

# Nobody shares these, and no .gitignore names them all.
PLANTED = (
    ".env",
    ".vault_password",
    "ansible.cfg",
    "credentials",
    "id_ed25519",
    "inventories/production/host_vars/berlin.yml",
    "inventories/production/hosts.yml",
    "playbooks/vault_password",
    "plugins/modules/.secret.yml",
    "production.yml",
    "roles/gateway/files/gateway.key",
    "roles/gateway/files/gateway.pem",
    "roles/lab/files/image/id_ed25519",
    "roles/lab/files/world/.env",
    "site.retry",
    "tests/integration/cloud-config-aws.ini",
    "tests/integration/integration_config.yml",
    "vault_password",
    "venv/lib/python3.11/site-packages/secret.py",
)
# Of a suffix and in a folder that are shipped: only the build from tracked files leaves these out.
PLANTED_BESIDE_OURS = (
    "inventories/example/host_vars/production.yml",
    "plugins/module_utils/venv/secret.py",
    "roles/gateway/vars/production.yml",
)


def run(*command: str | Path, cwd: Path) -> bytes:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def tracked(checkout: Path) -> set[str]:
    return set(run("git", "ls-files", "-z", cwd=checkout).decode().rstrip("\0").split("\0"))


def expected() -> set[str]:
    return {
        path for path in tracked(ROOT) if path not in FILES_LEFT_OUT and path.split("/")[0] not in FOLDERS_LEFT_OUT
    } | MADE_BY_THE_BUILD


def contents(tarball: Path) -> dict[str, bytes]:
    with tarfile.open(tarball) as opened:
        members = [member for member in opened if not member.isdir()]
        assert [member.name for member in members if not member.isfile()] == []
        return {member.name: opened.extractfile(member).read() for member in members}  # type: ignore[union-attr]  # a file


def plant(checkout: Path, *paths: str) -> None:
    for path in paths:
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout / path).write_text(f"# {MARKER}\n", encoding="utf-8")
    (checkout / "docs/docsite/rst/shared.rst").symlink_to(checkout / ".env")


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A repository with our tracked files, which a test fills up with other people's."""
    copy = tmp_path / "checkout"
    for path in tracked(ROOT):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy / path, follow_symlinks=False)
    run("git", "init", "--quiet", cwd=copy)
    run("git", "add", "--all", cwd=copy)
    yield copy
    shutil.rmtree(copy)


def test_build_in_a_checkout_leaves_out_what_is_not_ours(checkout: Path, tmp_path: Path) -> None:
    plant(checkout, *PLANTED)
    run("ansible-galaxy", "collection", "build", checkout, "--output-path", tmp_path, cwd=tmp_path)
    (tarball,) = tmp_path.glob("*.tar.gz")
    built = contents(tarball)
    assert set(built) == expected(), "name the file in the manifest of galaxy.yml, or above in what is left out"
    assert [name for name, text in built.items() if MARKER.encode() in text] == []


def test_make_build_takes_only_what_git_tracks(checkout: Path, tmp_path: Path) -> None:
    plant(checkout, *PLANTED, *PLANTED_BESIDE_OURS)
    run(checkout / "tests/tools/build.sh", tmp_path / "build", cwd=checkout)
    (tarball,) = (tmp_path / "build").glob("*.tar.gz")
    built = contents(tarball)
    assert set(built) == expected()
    assert [name for name, text in built.items() if MARKER.encode() in text] == []
