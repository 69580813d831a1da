# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The units of a gateway: what they may do, and when they start."""

from __future__ import annotations

import configparser
import subprocess
from pathlib import Path
from typing import Any

import pytest

NAMES = ("aws-vpn-guard", "aws-vpn-firewall", "aws-vpn", "aws-vpn-monitor", "aws-vpn-network")


def unit(files: dict[str, str], name: str) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, strict=True)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # systemd tells upper and lower case apart
    parsed.read_string(files[f"/etc/systemd/system/{name}.service"])
    return parsed


def test_these_are_all_units(role_files: Any) -> None:
    assert {Path(path).stem for path in role_files() if path.endswith(".service")} == set(NAMES)


@pytest.mark.system
@pytest.mark.parametrize("name", NAMES)
def test_a_unit_has_few_rights(tmp_path: Path, role_files: Any, name: str) -> None:
    """From 9.6 of 10 without restrictions to 3.0 at most. systemd knows the name of each directive."""
    path = tmp_path / f"{name}.service"
    path.write_text(role_files()[f"/etc/systemd/system/{name}.service"], encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=30", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Overall exposure level" in done.stdout
    assert "Unknown" not in done.stderr, done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_unit_may_change_networks_and_nothing_else(role_files: Any, name: str) -> None:
    service = unit(role_files(), name)["Service"]
    wanted = "CAP_NET_ADMIN CAP_NET_RAW" if name == "aws-vpn-monitor" else "CAP_NET_ADMIN"
    assert service["CapabilityBoundingSet"] == wanted
    assert service.get("AmbientCapabilities", wanted) == wanted
    assert ("DynamicUser" in service) == (name == "aws-vpn-network")
    for key in ("ExecStart", "ExecReload", "ExecStop"):
        assert "python3" not in service.get(key, "") or service[key].startswith("/usr/bin/python3 -I /usr/local/lib/")


@pytest.mark.parametrize("name", ["aws-vpn-guard", "aws-vpn-firewall"])
def test_guard_and_firewall_come_first_and_stay(role_files: Any, name: str) -> None:
    parsed = unit(role_files(), name)
    assert "ExecStop" not in parsed["Service"]
    assert parsed["Service"]["RemainAfterExit"] == "yes"
    assert parsed["Unit"]["DefaultDependencies"] == "no"
    assert set(parsed["Unit"]["Before"].split()) == {"network-pre.target", "systemd-sysctl.service"}
    assert not {"Requires", "BindsTo", "PartOf"} & set(parsed["Unit"])


@pytest.mark.system
@pytest.mark.parametrize("program", ["tunnels", "monitor", "network"])
def test_programs_find_each_other_in_an_isolated_python(program: str) -> None:
    """Only beside themselves: not where the environment or the working directory says."""
    path = Path(__file__).resolve().parents[4] / f"roles/gateway/files/{program}.py"
    load = f"import runpy; print(runpy.run_path({str(path)!r})['config' if {program!r} == 'tunnels' else 'tunnels'])"
    done = subprocess.run(["python3", "-I", "-c", load], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    assert str(path.parent) in done.stdout or "function config" in done.stdout
