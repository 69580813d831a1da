# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's modules know one another in one direction only; read from the source, so nothing has to run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "vpn_emulator"
EMULATOR = Path(__file__).parents[3] / "roles" / "lab" / "files" / PACKAGE


def module_of(path: Path) -> str:
    parts = path.relative_to(EMULATOR.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_of(path): path for path in sorted(EMULATOR.rglob("*.py"))}


def imported_names(module: str, tree: ast.AST) -> Iterator[str]:
    """Dotted names, those of deferred imports and of imports for type hints included."""
    path = SOURCES[module]
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from (".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names)


def imports_of(module: str) -> set[str]:
    """The emulator's modules that one of them imports: `from .x import y` is `x.y`, or `x` where y is no module."""
    names = set(imported_names(module, ast.parse(SOURCES[module].read_text(encoding="utf-8"))))
    found = {name if name in SOURCES else name.rpartition(".")[0] for name in names}
    return found & set(SOURCES)


def circles(graph: dict[str, set[str]]) -> list[str]:
    """One path of each module that can be reached from itself; none when the imports have one direction."""

    def way_back(start: str) -> list[str] | None:
        paths = [[start]]
        seen: set[str] = set()
        while paths:
            path = paths.pop(0)
            for following in sorted(graph[path[-1]]):
                if following == start:
                    return [*path, start]
                if following not in seen:
                    seen.add(following)
                    paths.append([*path, following])
        return None

    return [" -> ".join(path) for path in map(way_back, sorted(graph)) if path]


def test_the_imports_are_read() -> None:
    assert "vpn_emulator.ec2.errors" in imports_of("vpn_emulator.ec2.static_routes")
    assert "vpn_emulator.clock" in imports_of("vpn_emulator.ec2.lifecycle")
    assert "vpn_emulator.server" in imports_of("vpn_emulator.inprocess")


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b -> c -> b", "c -> b -> c"]


def test_no_module_knows_one_that_knows_it() -> None:
    assert circles({module: imports_of(module) for module in SOURCES}) == []
