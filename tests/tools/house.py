# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the house as its imports are: wings, floors and arrows; a circle or a forbidden direction is an error.

The imports are read from the source, deferred ones and those for type hints included. The wings of the plugins are
their folders; the emulator is one package whose files know one another, so there every file is drawn.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Who may import whom. Within a part: from the ground up, a wing may import the floors below its own.
FLOORS: dict[str, list[list[str]]] = {
    "_core": [
        ["_core"],
        ["_core/model"],
        ["_core/options", "_core/gateway", "_core/devices"],
        ["_core/plan", "_core/verdict"],
        ["_core/run", "_core/sites", "_core/vpc"],
        ["_core/inventory"],
    ],
    "_aws": [["_aws/api"], ["_aws/observe"], ["_aws/wait"], ["_aws/apply"]],
    "_module": [["_module/files"], ["_module/options", "_module/run"], ["_module/entries"]],
    "modules": [["modules"]],
    "plugin_utils": [["plugin_utils"]],
    "action": [["action"]],
    "filter": [["filter"]],
    "lookup": [["lookup"]],
    "doc_fragments": [["doc_fragments"]],
}
# Between the parts.
USES: dict[str, list[str]] = {
    "_core": [],
    "_aws": ["_core"],
    "_module": ["_core", "_aws"],
    "modules": ["_module"],
    "plugin_utils": ["_core"],
    "action": ["plugin_utils"],
    "filter": ["plugin_utils"],
    "lookup": ["plugin_utils"],
    "doc_fragments": [],
}
PART_OF = {wing: part for part, floors in FLOORS.items() for floor in floors for wing in floor}

DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}

Graph = Mapping[str, Iterable[str]]


def may_import(wing: str) -> set[str]:
    """The wings that a wing may import, itself included."""
    part = PART_OF[wing]
    floors = FLOORS[part]
    own = next(number for number, floor in enumerate(floors) if wing in floor)
    below = {other for floor in floors[:own] for other in floor}
    return below | {wing} | {other for other, owner in PART_OF.items() if owner in USES[part]}


def rule(part: str) -> str:
    """The order of the wings of a part in one line, from the ground up; empty for a part without wings."""
    floors = [[wing.partition("/")[2] for wing in floor if "/" in wing] for floor in FLOORS[part]]
    return " < ".join(", ".join(floor) for floor in floors if floor)


def code_lines(source: str) -> set[int]:
    """The numbers of the lines of code: no blank ones, no comments, no docstrings, no module documentation."""
    prose: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr):
            is_prose = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        elif isinstance(node, ast.Assign):
            is_prose = getattr(node.targets[0], "id", "") in DOCUMENTATION
        else:
            continue
        if is_prose:
            prose.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(source.splitlines(), 1)
    return {number for number, line in lines if line.strip() and not line.lstrip().startswith("#")} - prose


@dataclass(frozen=True)
class Tree:
    """Python files below one folder, which are imported below one name."""

    root: Path
    package: str

    @cached_property
    def files(self) -> dict[str, Path]:
        """By their names."""
        return {self.name_of(path): path for path in sorted(self.root.rglob("*.py"))}

    def name_of(self, path: Path) -> str:
        """The name a file is imported by, without that of the package."""
        return ".".join(path.relative_to(self.root).with_suffix("").parts)

    def imported_names(self, name: str) -> Iterator[str]:
        """Everything a file imports, as dotted names, whosoever it is."""
        package = [*self.package.split("."), *name.split(".")[:-1]]
        for node in ast.walk(ast.parse(self.files[name].read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1] if node.level else []
                yield from (".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names)

    def imports_of(self, name: str) -> set[str]:
        """The files of the tree that one of them imports."""
        return self.files_among(self.imported_names(name))

    def files_among(self, imported: Iterable[str]) -> set[str]:
        """The files of the tree that are meant by what somebody imports."""
        prefix = self.package + "."
        return {self._file_of(each.removeprefix(prefix)) for each in imported if each.startswith(prefix)}

    def closure(self, names: Iterable[str]) -> set[str]:
        """These files, what they import, what that imports, and so on."""
        found: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting |= self.graph[name] - found
        return found

    def _file_of(self, imported: str) -> str:
        """`x.y` for `from .x import y` where y is a file or a package, `x` where y is defined in it."""
        names = [imported, imported.rpartition(".")[0]]
        candidates = [candidate for name in names for candidate in (name, f"{name}.__init__".lstrip("."))]
        found = next((candidate for candidate in candidates if candidate in self.files), None)
        if found is None:
            raise SystemExit(f"{self.package}.{imported} is imported, and is in no file")
        return found

    @cached_property
    def graph(self) -> dict[str, set[str]]:
        """What each file imports of the tree."""
        return {name: self.imports_of(name) for name in self.files}

    @cached_property
    def sizes(self) -> dict[str, int]:
        """The lines of code of each file."""
        return {name: len(code_lines(path.read_text(encoding="utf-8"))) for name, path in self.files.items()}


PLUGINS = Tree(ROOT / "plugins", "ansible_collections.hybridnet.aws_vpn.plugins")
EMULATOR = Tree(ROOT / "roles/lab/files/vpn_emulator", "vpn_emulator")


def wing_of(name: str) -> str:
    """The wing of a file of the plugins."""
    folders = name.removeprefix("module_utils.").split(".")[:-1]
    return "/".join(folders[:2])


def between_wings(graph: Graph) -> dict[str, Counter[str]]:
    """The arrows between wings, counted; a wing's imports of itself are left out."""
    arrows: dict[str, Counter[str]] = {}
    for name, imported in graph.items():
        wing = wing_of(name)
        arrows.setdefault(wing, Counter()).update(other for other in map(wing_of, imported) if other != wing)
    return arrows


def circles(graph: Graph) -> list[str]:
    """The shortest way from each node back to itself, each circle once."""
    ways = {frozenset(way): way for way in (_way_back(graph, start) for start in sorted(graph)) if way}
    return [" -> ".join(way) for way in ways.values()]


def _way_back(graph: Graph, start: str) -> list[str]:
    ways = deque([[start]])
    seen: set[str] = set()
    while ways:
        way = ways.popleft()
        for following in sorted(set(graph[way[-1]]) - seen):
            if following == start:
                return [*way, start]
            seen.add(following)
            ways.append([*way, following])
    return []


def forbidden(graph: Graph) -> list[str]:
    """The imports that the table above does not allow, and the files in no wing of it."""
    lost = [f"{name}: {wing_of(name) or 'this folder'} is no wing" for name in graph if wing_of(name) not in PART_OF]
    return lost or [
        f"{name} imports {other}: {wing_of(name)} may not import {wing_of(other)}"
        for name, imported in graph.items()
        for other in sorted(imported)
        if wing_of(other) not in may_import(wing_of(name))
    ]


def problems() -> list[str]:
    """Everything that is wrong with the house."""
    plugins = PLUGINS.graph
    return [
        *forbidden(plugins),
        *(f"circle of wings: {way}" for way in circles(between_wings(plugins))),
        *(f"circle of files: {way}" for tree in (PLUGINS, EMULATOR) for way in circles(tree.graph)),
    ]


def heights(graph: Graph) -> dict[str, int]:
    """The floor of each node: one above the highest that it imports; for a graph without a circle."""
    found: dict[str, int] = {}
    for node in TopologicalSorter(graph).static_order():
        found[node] = 1 + max((found[other] for other in graph[node]), default=0)
    return found


def by_floor(graph: Graph) -> Iterator[tuple[int, str]]:
    """Each node and its floor, the highest first."""
    found = heights(graph)
    for node in sorted(found, key=lambda node: (-found[node], node)):
        yield found[node], node


def title(tree: Tree, arrows: Graph) -> str:
    """How big a tree is."""
    size = sum(tree.sizes.values())
    return (
        f"{tree.root.relative_to(ROOT)}: {len(tree.files)} files, {size} lines of code,"
        f" {sum(len(set(others)) for others in arrows.values())} arrows, {max(heights(arrows).values())} floors"
    )


def wings() -> Iterator[str]:
    """The plugins, wing by wing, with the number of imports between them, and what is allowed."""
    arrows = between_wings(PLUGINS.graph)
    yield title(PLUGINS, arrows)
    for floor, wing in by_floor(arrows):
        sizes = [size for name, size in PLUGINS.sizes.items() if wing_of(name) == wing]
        yield f"{floor:>4}  {wing}: files {len(sizes)}, lines {sum(sizes)}"
        if arrows[wing]:
            yield "        -> " + ", ".join(f"{other} {count}" for other, count in sorted(arrows[wing].items()))
    yield "allowed"
    for part, used in USES.items():
        inside = [rule(part)] if rule(part) else []
        outside = [f"uses {', '.join(used)}"] if used else []
        yield f"      {part}: " + ("; ".join([*inside, *outside]) or "nothing")


def emulator() -> Iterator[str]:
    """The emulator, file by file."""
    yield title(EMULATOR, EMULATOR.graph)
    for floor, name in by_floor(EMULATOR.graph):
        yield f"{floor:>4}  {name}: lines {EMULATOR.sizes[name]}"
        if EMULATOR.graph[name]:
            yield "        -> " + ", ".join(sorted(EMULATOR.graph[name]))


def main() -> int:
    """Print the drawing, or what is wrong."""
    found = problems()
    print("\n".join(found or [*wings(), "", *emulator()]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
