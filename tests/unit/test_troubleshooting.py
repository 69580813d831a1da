# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide for troubleshooting has every cause of a verdict, and every reason to refuse a gateway, in their words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/docsite/rst/guide_troubleshooting.rst"
CAUSES = sorted((ROOT / "plugins/module_utils/_core/verdict").glob("*_causes.py"))
OBSTACLES = ROOT / "plugins/module_utils/_core/gateway/host.py"
VARIABLES = ROOT / "roles/gateway/vars/main.yml"
VALUE = "..."
# Said by the playbook, before it asks the gateway anything.
UNREACHED = "... cannot be reached: ..."


def words(text: str) -> str:
    """A text without its values, and without the punctuation around them."""
    return " ".join(re.findall(r"[\w/-]+", text))


def literal(node: ast.expr) -> str:
    """A text of Python with dots for each value; an end that only some have is left out."""
    if isinstance(node, ast.BinOp):
        return literal(node.left)
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else VALUE for part in parts)


def causes() -> list[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in CAUSES]
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    texts = [literal(call.args[0]) for call in calls if getattr(call.func, "id", "") == "Cause"]
    # One is built from the text of another one.
    return [text for text in texts if text != VALUE]


def obstacles() -> list[str]:
    """The reasons to refuse a host."""
    tree = ast.parse(OBSTACLES.read_text(encoding="utf-8"))
    return [literal(node.value) for node in ast.walk(tree) if isinstance(node, ast.Yield) and node.value]


def problems() -> list[str]:
    """The reasons to refuse tunnels, with dots for each value."""
    source = yaml.safe_load(VARIABLES.read_text(encoding="utf-8"))["__gateway_tunnel_problems"]
    found = []
    for condition in Environment(autoescape=True).parse(source).find_all(nodes.CondExpr):
        parts = condition.expr1.nodes if isinstance(condition.expr1, nodes.Concat) else [condition.expr1]
        found.append("".join(part.value if isinstance(part, nodes.Const) else VALUE for part in parts))
    return found


MESSAGES = [*causes(), *obstacles(), *problems()]
# The first cells of the tables.
DESCRIBED = [
    text
    for text in re.findall(r"^   \* - (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    if text not in ("Message", "Cause", UNREACHED)
]


def test_there_is_something_to_check() -> None:
    assert len(causes()) > 25
    assert len(MESSAGES) == len(causes()) + 14


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_in_the_guide(message: str) -> None:
    assert words(message) in map(words, DESCRIBED)


@pytest.mark.parametrize("text", DESCRIBED)
def test_the_guide_has_only_messages_that_exist(text: str) -> None:
    assert words(text) in map(words, MESSAGES)
