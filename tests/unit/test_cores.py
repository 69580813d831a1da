# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The versions of ansible-core: one list, which documentation and metadata repeat; what the job calls an error."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cores
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

WARNING = "[DEPRECATION WARNING]: "
IMPORT = "Importing 'to_native' is deprecated. Use something else."
OF_AMAZON = f"""\
[WARNING]: No inventory was parsed, only implicit localhost is available
{WARNING}{IMPORT}

Traceback (most recent call last):
  File "/tmp/a.zip/ansible_collections/hybridnet/aws_vpn/plugins/modules/vpn_sites.py", line 373, in <module>
  File "<frozen importlib._bootstrap>", line 1415, in _handle_fromlist
  File "/tmp/a.zip/ansible_collections/amazon/aws/plugins/module_utils/modules.py", line 49, in <module>
    from ansible.module_utils._text import to_native
  File "/tmp/a.zip/ansible/module_utils/_text.py", line 30, in __getattr__
    _warnings.deprecate(
Message: Importing 'to_native' is deprecated.

"""
OF_OURS = OF_AMAZON.replace("amazon/aws/plugins/module_utils/modules.py", "hybridnet/aws_vpn/plugins/filter/a.py")
OF_A_PLAYBOOK = f"{WARNING}This is deprecated and is\nwrapped.\n"


def test_the_readme_has_the_list() -> None:
    rows = re.findall(r"^\| (2\.\d+) \| (3\.\d+) to (3\.\d+) \| (3\.\d+) or newer \|$", README, re.MULTILINE)
    assert rows == [(core.minor, core.lowest, core.highest, core.gateway) for core in cores.cores()]
    assert f"ansible-core {rows[0][0]} to {rows[-1][0]}, each with" in README


def test_the_metadata_asks_for_the_first_of_the_list() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    assert runtime["requires_ansible"] == f">={cores.cores()[0].minor}.0"


def test_the_versions_follow_one_another() -> None:
    minors = [int(core.minor.removeprefix("2.")) for core in cores.cores()]
    assert minors == list(range(minors[0], minors[0] + len(minors)))


@pytest.mark.parametrize(
    ("output", "found"),
    [
        (OF_AMAZON, []),
        (OF_AMAZON + OF_OURS, [IMPORT]),
        (f"{WARNING}{IMPORT}\n\n{OF_AMAZON}", [IMPORT]),
        (OF_A_PLAYBOOK + OF_AMAZON, ["This is deprecated and is wrapped."]),
    ],
)
def test_only_amazon_aws_may_cause_a_deprecation_warning(output: str, found: list[str]) -> None:
    assert cores.deprecations(output) == found


@pytest.fixture
def elsewhere(monkeypatch: Any, tmp_path: Path) -> Iterator[Path]:
    """A machine without a Python, on which nothing can be downloaded."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(cores, "download_python", lambda _version: "")
    cores.find_python.cache_clear()
    yield tmp_path
    cores.find_python.cache_clear()


def program(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_shim_without_a_python_is_passed_over(elsewhere: Path) -> None:
    program(elsewhere / "bin/python3.12", "exit 127")
    assert cores.find_python("3.12") == ""
    cores.find_python.cache_clear()
    real = program(elsewhere / "versions/3.12.1/bin/python", f'exec {sys.executable} "$@"')
    program(elsewhere / "bin/pyenv", f'[ "$*" = "prefix 3.12" ] && echo {elsewhere}/versions/3.12.1')
    assert cores.find_python("3.12") == real


def test_what_is_not_there_is_skipped_by_name(elsewhere: Path, capsys: Any) -> None:
    core = cores.cores()[-1]
    program(elsewhere / f"bin/python{core.pythons[1]}", f'exec {sys.executable} "$@"')
    assert (core, core.pythons[1]) in cores.pairs()
    said = capsys.readouterr().out
    assert f"skipped: ansible-core {core.version} with Python {core.lowest}: not on this machine" in said
    assert f"skipped: ansible-core {core.version} with Python {core.highest}: not on this machine" in said
    assert f"with ansible-core {core.version} and Python {core.gateway}: not on this machine" in said
