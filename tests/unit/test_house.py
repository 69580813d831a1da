# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs together in the repository says the same thing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.variables import (
    OPTIONS,
    PLAY_OPTIONS,
    PREFIX,
)

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "inventories/example"
GUIDES = sorted((ROOT / "docs/docsite/rst").glob("*.rst"))
ROLES = sorted(path for path in (ROOT / "roles").iterdir() if (path / "tasks").is_dir())
MODULES = sorted((ROOT / "plugins/modules").glob("*.py"))


def read(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def load(path: str | Path) -> Any:
    return yaml.safe_load(read(path))


def name_of(path: Path) -> str:
    return path.name


def specs_of(role: Path) -> dict[str, Any]:
    specs: dict[str, Any] = load(role / "meta/argument_specs.yml")["argument_specs"]
    return specs


def test_there_is_something_to_check() -> None:
    assert {role.name for role in ROLES} >= {"cloud", "gateway", "lab", "verify"}
    assert {module.stem for module in MODULES} >= {"vpn_sites", "vpn_connection_info", "gateway_status"}


@pytest.mark.parametrize(
    "path",
    [
        "CODE_OF_CONDUCT.md",
        "CONTRIBUTING.md",
        "COPYING",
        "LICENSES/GPL-3.0-or-later.txt",
        "MAINTAINERS",
        "README.md",
        "SECURITY.md",
        "changelogs/config.yaml",
        "docs/docsite/extra-docs.yml",
        "docs/docsite/links.yml",
        "meta/execution-environment.yml",
        "meta/runtime.yml",
    ],
)
def test_a_collection_has_it(path: str) -> None:
    assert read(path).strip()


# Roles


@pytest.mark.parametrize("role", ROLES, ids=name_of)
def test_role_is_documented(role: Path) -> None:
    assert (role / "README.md").is_file()
    for entry_point, spec in specs_of(role).items():
        assert spec["short_description"], entry_point
        assert spec["description"], entry_point
        assert (role / f"tasks/{entry_point}.yml").is_file()


@pytest.mark.parametrize("role", ROLES, ids=name_of)
def test_role_defaults_are_its_argument_specs(role: Path) -> None:
    defaults: dict[str, Any] = load(role / "defaults/main.yml") or {}
    specified: dict[str, Any] = {}
    for spec in specs_of(role).values():
        for name, option in spec.get("options", {}).items():
            if "default" in option:
                specified[name] = option["default"]
    assert specified == defaults


@pytest.mark.parametrize("role", ROLES, ids=name_of)
def test_role_variables_carry_its_name(role: Path) -> None:
    names = {name for spec in specs_of(role).values() for name in spec.get("options", {})}
    names |= set(load(role / "defaults/main.yml") or {})
    assert [name for name in names if not name.startswith(f"{role.name}_")] == []


def test_role_option_tables_are_up_to_date() -> None:
    command = [sys.executable, ROOT / "tests/tools/role_tables.py"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_page_of_all_variables_is_up_to_date() -> None:
    command = [sys.executable, ROOT / "tests/tools/variable_docs.py"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# Modules


def documentation_of(module: Path) -> dict[str, Any]:
    """The module's DOCUMENTATION, without running the module."""
    for node in ast.parse(read(module)).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            documentation: dict[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return documentation
    raise AssertionError(f"{module.name} has no DOCUMENTATION")


def fragments_of(module: Path) -> list[str]:
    fragments = documentation_of(module).get("extends_documentation_fragment", [])
    return [fragments] if isinstance(fragments, str) else fragments


def test_action_group_is_all_modules_with_aws_credentials() -> None:
    group = {name for name in load("meta/runtime.yml")["action_groups"]["aws_vpn"] if isinstance(name, str)}
    assert group == {module.stem for module in MODULES if "amazon.aws.common.modules" in fragments_of(module)}


# Requirements


def floors(path: str) -> dict[str, str]:
    lines = [line for line in read(path).splitlines() if line and not line.startswith("#")]
    return dict(re.fullmatch(r"([\w.-]+)>=([\d.]+)", line).groups() for line in lines)  # type: ignore[union-attr]  # no match is a failure too


def test_requirement_floors_are_equal() -> None:
    assert {**floors("requirements.txt"), "jmespath": "1.0.0"} == floors("meta/ee-requirements.txt")
    assert "jmespath>=1.0.0" in read("requirements-controller.txt").splitlines()
    galaxy = load("galaxy.yml")["dependencies"]
    assert galaxy == {item["name"]: item["version"] for item in load("collections/requirements.yml")["collections"]}


def test_dev_requirements_include_the_controllers() -> None:
    assert "-r requirements.txt" in read("requirements-controller.txt")
    assert "-r requirements-controller.txt" in read("requirements-dev.txt")


# Documentation


def test_readme_stands_alone() -> None:
    """Galaxy and Automation Hub show it without the repository around it."""
    targets = re.findall(r"\]\(([^)\s]+)", read("README.md"))
    assert [target for target in targets if not target.startswith("https://")] == []
    assert not re.search(r"pip install\s+ansible", read("README.md"))


@pytest.mark.parametrize(
    "path", ["README.md", "CONTRIBUTING.md", *sorted(map(str, ROOT.glob("docs/docsite/rst/*.rst")))]
)
def test_make_targets_named_in_the_documentation_exist(path: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ *)make ([a-z][a-z-]*)", read(path), re.MULTILINE))
    assert named - targets == set()


def test_every_guide_is_in_the_table_of_contents() -> None:
    listed = [guide for section in load("docs/docsite/extra-docs.yml")["sections"] for guide in section["toctree"]]
    assert sorted(listed) == [guide.stem for guide in GUIDES]


@pytest.mark.parametrize("path", [ROOT / "README.md", *GUIDES, *sorted(EXAMPLE.rglob("*.yml"))], ids=name_of)
def test_inventory_variables_named_in_the_documentation_exist(path: Path) -> None:
    known = {f"{PREFIX}{name}" for name in [*OPTIONS, *PLAY_OPTIONS]}
    named = set(re.findall(rf"\b{PREFIX}[a-z_]+", re.sub(r"site_vpn\.yml", "", read(path))))
    assert named - known == set()


def test_readme_names_every_role_and_module() -> None:
    missing = [path.stem for path in [*ROLES, *MODULES] if f"`{path.stem}`" not in read("README.md")]
    assert missing == []


# CI


def test_ci_calls_make_test_only() -> None:
    commands = [line for line in read(".ci/run").splitlines() if line and not line.startswith("#")]
    assert commands[0] == "set -euo pipefail"
    assert commands[-1] == "exec make test"
    assert len(commands) == 3  # the one between goes to the root of the checkout


def test_every_pre_commit_tool_is_a_development_requirement() -> None:
    hooks = [hook for repo in load(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    tools = {Path(hook["entry"].split()[0]).name for hook in hooks}
    required = re.findall(r"^([a-z-]+?)(?:-py)?(?:\[.*\])?[=>]=", read("requirements-dev.txt"), re.MULTILINE)
    assert tools - set(required) == set()
