# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may import whom: the imports are read from the source, so nothing has to run to break the build."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import house
import pytest
import yaml
from house import EMULATOR, PLUGINS, ROOT, Tree

AMAZON = "ansible_collections.amazon.aws.plugins.module_utils"

# By part: what it may import of others, besides the standard library. Who of ours may import whom, house.py says.
LIBRARIES: dict[str, list[str]] = {
    "_core": [],
    "_aws": [
        "boto3",
        "botocore",
        *(f"{AMAZON}.{name}" for name in ("botocore", "errors", "exceptions", "retries", "waiter")),
    ],
    "_module": ["ansible.module_utils", f"{AMAZON}.modules", f"{AMAZON}.botocore"],
    "modules": ["ansible.module_utils.basic"],
    "plugin_utils": [
        "ansible.context",
        "ansible.errors",
        "ansible.inventory.manager",
        "ansible.module_utils.common.arg_spec",
        "ansible.module_utils.common.yaml",
        "ansible.utils.unsafe_proxy",
        "jinja2",
        "yaml",
    ],
    "action": ["ansible.plugins.action", "ansible.utils.display"],
    "filter": ["ansible.errors"],
    "lookup": ["ansible.plugins.lookup"],
    # The options of a connection are put together from what several modules share.
    "doc_fragments": ["yaml"],
}

OLDEST_HOST_PYTHON = (3, 8)

# Time and randomness arrive as arguments.
IMPURE = {"datetime", "os", "random", "secrets", "socket", "subprocess", "threading", "time", "urllib", "uuid"}
# The types in these are values, not clocks, and to take a URL apart asks nobody.
PURE_PARTS = {"urllib.parse.urlsplit", "datetime.timedelta", "datetime.datetime", "datetime.timezone"}


# Directions


def test_no_import_is_forbidden() -> None:
    assert house.forbidden(PLUGINS.graph) == []


def test_the_wings_have_no_circle() -> None:
    assert house.circles(house.between_wings(PLUGINS.graph)) == []


@pytest.mark.parametrize("tree", [PLUGINS, EMULATOR], ids=lambda tree: tree.package)
def test_no_file_knows_one_that_knows_it(tree: Tree) -> None:
    assert house.circles(tree.graph) == []


def test_every_wing_of_the_table_exists() -> None:
    assert set(map(house.wing_of, PLUGINS.files)) == set(house.PART_OF)


@pytest.mark.parametrize(
    ("wing", "other", "is_allowed"),
    [
        ("_core/plan", "_core/plan", True),
        ("_core/plan", "_core/model", True),
        ("_core/plan", "_core", True),
        ("_core/plan", "_core/verdict", False),  # sideways
        ("_core/model", "_core/plan", False),  # backwards
        ("_core/model", "_aws/api", False),
        ("_aws/observe", "_core/run", True),
        ("_aws/observe", "_aws/wait", False),
        ("_module/options", "_aws/apply", True),
        ("_module/options", "_module/run", False),
        ("modules", "_module/run", True),
        ("modules", "_core/model", False),  # not past the glue
        ("filter", "_core/model", False),
        ("plugin_utils", "_module/run", False),
    ],
)
def test_directions(wing: str, other: str, is_allowed: bool) -> None:
    assert (other in house.may_import(wing)) is is_allowed


@pytest.mark.parametrize("part", [part for part in house.FLOORS if house.rule(part)])
def test_the_guide_for_contributors_says_the_same(part: str) -> None:
    rows = [line for line in (ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines() if f"| `{part}`" in line]
    assert [row.endswith(f" | {house.rule(part)} |") for row in rows] == [True]


@pytest.fixture
def small(tmp_path: Path) -> Tree:
    files = {
        "module_utils/_core/errors.py": "import json",
        "module_utils/_core/model/secret.py": "def later():\n    from ..plan.connection.ends import End",
        "module_utils/_core/plan/connection/ends.py": "from ...errors import A, B\nfrom ..steps import Step",
        "module_utils/_core/plan/steps.py": "if TYPE_CHECKING:\n    from .connection import ends",
        "modules/vpn.py": "import collection.plugins.module_utils._core.errors",
    }
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    return Tree(tmp_path, "collection.plugins")


def test_imports_are_read_wherever_they_stand(small: Tree) -> None:
    assert small.graph == {
        "module_utils._core.errors": set(),
        "module_utils._core.model.secret": {"module_utils._core.plan.connection.ends"},
        "module_utils._core.plan.connection.ends": {"module_utils._core.errors", "module_utils._core.plan.steps"},
        "module_utils._core.plan.steps": {"module_utils._core.plan.connection.ends"},
        "modules.vpn": {"module_utils._core.errors"},
    }


def test_arrows_are_counted_between_wings(small: Tree) -> None:
    assert house.between_wings(small.graph) == {
        "_core": Counter(),
        "_core/model": Counter({"_core/plan": 1}),
        "_core/plan": Counter({"_core": 1}),
        "modules": Counter({"_core": 1}),
    }


def test_a_circle_is_found(small: Tree) -> None:
    ends, steps = "module_utils._core.plan.connection.ends", "module_utils._core.plan.steps"
    assert house.circles(small.graph) in ([f"{ends} -> {steps} -> {ends}"], [f"{steps} -> {ends} -> {steps}"])


def test_a_forbidden_direction_is_found(small: Tree) -> None:
    assert house.forbidden(small.graph) == [
        "module_utils._core.model.secret imports module_utils._core.plan.connection.ends:"
        " _core/model may not import _core/plan",
        "modules.vpn imports module_utils._core.errors: modules may not import _core",
    ]


def test_a_file_in_no_wing_is_found() -> None:
    assert house.forbidden({"module_utils.helpers": set()}) == ["module_utils.helpers: this folder is no wing"]


def test_an_import_of_a_folder_is_refused(small: Tree) -> None:
    (small.root / "modules/vpn.py").write_text("from ..module_utils._core import plan", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"_core\.plan is imported, and is in no file"):
        assert small.graph


def test_the_drawing_names_wings_floors_and_arrows() -> None:
    drawn = "\n".join([*house.wings(), *house.emulator()])
    assert "_core/model: " in drawn
    assert "        -> _core 1, _core/model 2\n" in drawn
    assert re.search(r"^ {3}1  ec2\.errors: lines \d+$", drawn, re.MULTILINE)


# What is imported of others


def sources() -> list[Path]:
    return list(PLUGINS.files.values())


def part_of(path: Path) -> str:
    return house.PART_OF[house.wing_of(PLUGINS.name_of(path))]


def imports(path: Path) -> list[str]:
    return list(PLUGINS.imported_names(PLUGINS.name_of(path)))


def is_below(name: str, prefixes: list[str]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def is_standard(name: str) -> bool:
    return name.split(".")[0] in sys.stdlib_module_names


def is_ours(name: str) -> bool:
    return name.startswith(PLUGINS.package + ".")


def name_of(path: Path) -> str:
    return path.relative_to(PLUGINS.root).as_posix()


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_imports_only_the_libraries_its_part_may(path: Path) -> None:
    others = [name for name in imports(path) if not is_standard(name) and not is_ours(name)]
    assert [name for name in others if not is_below(name, LIBRARIES[part_of(path)])] == []


@pytest.mark.parametrize("path", [path for path in sources() if part_of(path) == "_core"], ids=name_of)
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
    if path.parent == PLUGINS.root / "module_utils/_aws/api":
        return
    assert [name for receiver, name in attributes(path) if receiver.lstrip("_") == "client"] == []


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_only_the_glue_fails_a_module(path: Path) -> None:
    if part_of(path) == "_module":
        return
    assert [name for _receiver, name in attributes(path) if name in {"fail_json", "fail_json_aws"}] == []


def shipped(path: Path) -> list[Path]:
    """The file and every file of ours that comes along when Ansible ships it."""
    return [PLUGINS.files[name] for name in sorted(PLUGINS.closure([PLUGINS.name_of(path)]))]


def aws_modules() -> set[str]:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    return {name for name in runtime["action_groups"]["aws_vpn"] if isinstance(name, str)}


def host_modules() -> list[Path]:
    """The modules that run on a gateway or a host behind it, where there is no AWS library."""
    return [path for path in sorted((PLUGINS.root / "modules").glob("*.py")) if path.stem not in aws_modules()]


@pytest.mark.parametrize("path", host_modules(), ids=name_of)
def test_host_modules_need_nothing_but_python(path: Path) -> None:
    for part in shipped(path):
        foreign = [name for name in imports(part) if not is_standard(name)]
        assert [name for name in foreign if not is_below(name, [PLUGINS.package, "ansible.module_utils"])] == [], part


@pytest.mark.parametrize("path", host_modules(), ids=name_of)
def test_host_modules_parse_on_the_oldest_python(path: Path) -> None:
    for part in shipped(path):
        ast.parse(part.read_text(encoding="utf-8"), feature_version=OLDEST_HOST_PYTHON)
