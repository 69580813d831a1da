# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may import whom: the imports are read from the source, so nothing has to run to break the build."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
COLLECTION = "ansible_collections.hybridnet.aws_vpn.plugins"
AMAZON = "ansible_collections.amazon.aws.plugins.module_utils"

# By room: the prefixes it may import besides the standard library and itself.
ALLOWED: dict[str, list[str]] = {
    "module_utils/_core": [],
    "module_utils/_aws": [
        f"{COLLECTION}.module_utils._core",
        "boto3",
        "botocore",
        *(f"{AMAZON}.{name}" for name in ("botocore", "errors", "exceptions", "retries", "waiter")),
    ],
    "module_utils/_module": [
        f"{COLLECTION}.module_utils._core",
        f"{COLLECTION}.module_utils._aws",
        "ansible.module_utils",
        f"{AMAZON}.modules",
        f"{AMAZON}.botocore",
    ],
    "modules": [f"{COLLECTION}.module_utils._module", "ansible.module_utils.basic"],
    "plugin_utils": [f"{COLLECTION}.module_utils._core", "ansible.errors", "jinja2"],
    "action": [f"{COLLECTION}.plugin_utils", "ansible.plugins.action", "ansible.utils.display"],
    "filter": [f"{COLLECTION}.plugin_utils", "ansible.errors"],
    "doc_fragments": [],
}

OLDEST_HOST_PYTHON = (3, 8)

# Time and randomness arrive as arguments.
IMPURE = {"datetime", "os", "random", "secrets", "socket", "subprocess", "threading", "time", "urllib", "uuid"}
# The types in these are values, not clocks.
PURE_PARTS = {"datetime.timedelta", "datetime.datetime", "datetime.timezone"}


def sources() -> list[Path]:
    return sorted(PLUGINS.rglob("*.py"))


def room_of(path: Path) -> str:
    relative = path.relative_to(PLUGINS).as_posix()
    return next(room for room in ALLOWED if relative.startswith(room + "/"))


def absolute(path: Path, node: ast.ImportFrom) -> str:
    """The full name of the module that a from-import names, dots at its start resolved."""
    if not node.level:
        return node.module or ""
    package = [COLLECTION, *path.relative_to(PLUGINS).parent.parts]
    base = package[: len(package) - (node.level - 1)]
    return ".".join([*base, node.module] if node.module else base)


def imports(path: Path) -> Iterator[str]:
    """Everything a file imports, as dotted names, deferred and guarded imports included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{absolute(path, node)}.{alias.name}" for alias in node.names)


def is_below(name: str, prefixes: list[str]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def is_standard(name: str) -> bool:
    return name.split(".")[0] in sys.stdlib_module_names


def name_of(path: Path) -> str:
    return path.relative_to(PLUGINS).as_posix()


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_imports_only_what_its_room_may(path: Path) -> None:
    room = room_of(path)
    allowed = [*ALLOWED[room], f"{COLLECTION}.{room.replace('/', '.')}"]
    breaches = [name for name in imports(path) if not is_standard(name) and not is_below(name, allowed)]
    assert breaches == []


@pytest.mark.parametrize("path", [p for p in sources() if room_of(p) == "module_utils/_core"], ids=name_of)
def test_core_has_no_clock_and_no_world(path: Path) -> None:
    breaches = [name for name in imports(path) if name.split(".")[0] in IMPURE and name not in PURE_PARTS]
    assert breaches == []


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_private_packages_of_others_stay_private(path: Path) -> None:
    breaches = [
        name
        for name in imports(path)
        if name.startswith("ansible_collections.amazon.") and any(part.startswith("_") for part in name.split("."))
    ]
    assert breaches == []


def attributes(path: Path) -> Iterator[tuple[str, str]]:
    """(receiver, name) of everything read as an attribute of something that has a name itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            receiver = node.value
            if isinstance(receiver, ast.Name):
                yield receiver.id, node.attr
            elif isinstance(receiver, ast.Attribute):
                yield receiver.attr, node.attr


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_only_the_edge_calls_a_client(path: Path) -> None:
    if path.parent == PLUGINS / "module_utils/_aws/api":
        return
    assert [name for receiver, name in attributes(path) if receiver.lstrip("_") == "client"] == []


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_only_the_glue_fails_a_module(path: Path) -> None:
    if room_of(path) == "module_utils/_module":
        return
    assert [name for _receiver, name in attributes(path) if name in {"fail_json", "fail_json_aws"}] == []


def closure(path: Path) -> set[Path]:
    """The file and every file of ours that comes along when Ansible ships it."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        for name in imports(current):
            parts = name.removeprefix(COLLECTION + ".").split(".")
            candidates = (PLUGINS.joinpath(*parts[:depth]).with_suffix(".py") for depth in range(len(parts), 0, -1))
            waiting.extend(candidate for candidate in candidates if candidate.is_file())
    return found


def aws_modules() -> set[str]:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    return {name for name in runtime["action_groups"]["aws_vpn"] if isinstance(name, str)}


def host_modules() -> list[Path]:
    """The modules that run on a gateway or a host behind it, where there is no AWS library."""
    return [path for path in sorted((PLUGINS / "modules").glob("*.py")) if path.stem not in aws_modules()]


@pytest.mark.parametrize("path", host_modules(), ids=name_of)
def test_host_modules_need_nothing_but_python(path: Path) -> None:
    for part in closure(path):
        foreign = [name for name in imports(part) if not is_standard(name)]
        assert [name for name in foreign if not is_below(name, [COLLECTION, "ansible.module_utils"])] == [], part


@pytest.mark.parametrize("path", host_modules(), ids=name_of)
def test_host_modules_parse_on_the_oldest_python(path: Path) -> None:
    for part in closure(path):
        ast.parse(part.read_text(encoding="utf-8"), feature_version=OLDEST_HOST_PYTHON)


def test_every_room_is_known() -> None:
    for path in sources():
        assert room_of(path)
