# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the IAM actions of the documentation with the calls the integration targets were seen to make.

    permissions.py CALLS.json [TARGET ...]

CALLS.json holds {target: [action, ...]}, and a target has the name of its module. A module's notes must name
the actions its target needed, no more and no less. The policy of the guide must allow what all targets together
needed, no more and no less; that is left out when only some targets were run.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/docsite/rst/guide_permissions.rst"
PREFIX = "ec2:"


def aws_modules() -> set[str]:
    """The modules that call AWS."""
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    return {name for name in runtime["action_groups"]["aws_vpn"] if isinstance(name, str)}


def documentation(module: str) -> dict[str, Any]:
    """What a module says of itself, without running it."""
    source = (ROOT / f"plugins/modules/{module}.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            loaded: dict[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return loaded
    raise SystemExit(f"{module} has no DOCUMENTATION")


def documented(module: str) -> set[str]:
    """The EC2 actions that the notes of a module name."""
    return set(re.findall(rf"C\({PREFIX}(\w+)\)", " ".join(documentation(module).get("notes", []))))


def policies(text: str) -> list[dict[str, Any]]:
    """The IAM policies in a guide, in their order."""
    blocks = re.findall(r"^\.\. code-block:: json\n\n((?:    .*\n|\n)+)", text, re.MULTILINE)
    return [json.loads(block) for block in blocks]


def with_ids(policy: dict[str, Any], **ids: str) -> dict[str, Any]:
    """A policy in any account and Region, with ids instead of those of the guide: with_ids(policy, vgw="vgw-1")."""
    text = json.dumps(policy).replace("eu-central-1:111122223333", "*:*")
    for kind, name in ids.items():
        text = text.replace(f"{kind}-0123456789abcdef0", name)
    filled: dict[str, Any] = json.loads(text)
    return filled


def allowed(policy: dict[str, Any]) -> list[str]:
    """The EC2 actions of a policy, as they are listed."""
    return [
        action.removeprefix(PREFIX)
        for statement in policy["Statement"]
        for action in statement["Action"]
        if action.startswith(PREFIX)
    ]


def differences(what: str, said: set[str], seen: set[str]) -> Iterator[str]:
    """In words, what documentation and calls do not have in common."""
    if seen - said:
        yield f"{what}: not documented, but called: {', '.join(sorted(seen - said))}"
    if said - seen:
        yield f"{what}: documented, but not called by any target: {', '.join(sorted(said - seen))}"


def drift(calls: dict[str, list[str]], is_all: bool) -> Iterator[str]:
    """Every difference."""
    for module in sorted(aws_modules() & set(calls)):
        yield from differences(module, documented(module), set(calls[module]))
    if not is_all:
        return
    for module in sorted(aws_modules() - set(calls)):
        yield f"{module}: its target made no call"
    (policy,) = policies(GUIDE.read_text(encoding="utf-8"))[:1]
    yield from differences("policy of the guide", set(allowed(policy)), set().union(*map(set, calls.values())))


def main() -> int:
    """Print the differences, and say by the exit status whether there are any."""
    calls: dict[str, list[str]] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found = list(drift(calls, is_all=len(sys.argv) == 2))
    for line in found:
        print(line)
    if not found:
        print(f"{len(calls)} targets called what is documented: {len(set().union(*map(set, calls.values())))} actions")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
