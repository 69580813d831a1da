# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option tables in the roles' READMEs, from their argument_specs: compared, or written with --write."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
BEGIN = "<!-- options: begin, written by `make docs-roles` from meta/argument_specs.yml -->"
END = "<!-- options: end -->"


def roles(root: Path = ROOT) -> list[Path]:
    """The folders of the roles, in order."""
    return sorted(path for path in (root / "roles").iterdir() if (path / "tasks").is_dir())


def argument_specs(role: Path) -> dict[str, dict[str, Any]]:
    """The role's entry points by name."""
    document = yaml.safe_load((role / "meta/argument_specs.yml").read_text(encoding="utf-8"))
    specs: dict[str, dict[str, Any]] = document["argument_specs"]
    return specs


# Ansible's markup for option names, values, plugins and the like: all of it is code here.
CODE = re.compile(r"\b(?:C|E|M|O|P|RV|V)\(((?:[^()\\]|\\.)*)\)")
LINK = re.compile(r"\bL\(([^,()]*), *([^()]*)\)")
ADDRESS = re.compile(r"\bU\(([^()]*)\)")


def code(match: re.Match[str]) -> str:
    """`name` for O(name) and P(name#filter), `name` of `plugin` for RV(plugin#module:name)."""
    text = re.sub(r"\\(.)", r"\1", match.group(1))
    elsewhere = re.fullmatch(r"([\w.]+)#\w+:(.+)", text)
    if elsewhere:
        return f"`{elsewhere.group(2)}` of `{elsewhere.group(1)}`"
    return f"`{re.sub(r'#[a-z]+$', '', text)}`"


def prose(value: str | list[str]) -> str:
    """A description, as one line that fits in a table cell."""
    text = value if isinstance(value, str) else " ".join(value)
    text = CODE.sub(code, " ".join(text.split()))
    text = ADDRESS.sub(r"<\1>", LINK.sub(r"[\1](\2)", text))
    return text.replace("|", "\\|")


def kind(option: dict[str, Any]) -> str:
    """The type of an option in a few letters."""
    name = option.get("type", "str")
    return f"list of {option['elements']}" if name == "list" and "elements" in option else str(name)


def default(option: dict[str, Any]) -> str:
    """What holds when the option is left out."""
    if option.get("required"):
        return "required"
    if option.get("default") is None:
        return ""
    value = option["default"]
    shown = value if isinstance(value, str) else yaml.safe_dump(value, default_flow_style=True).strip()
    return f"`{shown.removesuffix('...').strip()}`" if shown else '`""`'


def rows(options: dict[str, dict[str, Any]], prefix: str = "") -> Iterator[str]:
    """One line for each option, and for what is inside of it."""
    for name, option in options.items():
        meaning = prose(option.get("description", ""))
        if "choices" in option:
            meaning += " One of " + ", ".join(f"`{choice}`" for choice in option["choices"] if choice) + "."
        yield f"| `{prefix}{name}` | {kind(option)} | {default(option)} | {meaning} |"
        yield from rows(option.get("options", {}), f"{prefix}{name}.")


def tables(role: Path) -> str:
    """The generated part of the role's README."""
    parts = [BEGIN]
    for name, spec in argument_specs(role).items():
        parts += ["", f"### Entry point `{name}`", "", prose(spec["short_description"]).rstrip(".") + ".", ""]
        options = spec.get("options", {})
        if options:
            parts += ["| Variable | Type | Default | Meaning |", "| --- | --- | --- | --- |", *rows(options)]
        else:
            parts.append("No variables of its own.")
    return "\n".join([*parts, "", END])


def with_tables(readme: str, role: Path) -> str:
    """The README as it should be; a README without the markers gets the tables at its end."""
    if BEGIN in readme and END in readme:
        before, after = readme.split(BEGIN)[0], readme.split(END)[1]
        return before + tables(role) + after
    return f"{readme.rstrip()}\n\n## Variables\n\n{tables(role)}\n"


def opening(role: Path) -> str:
    """A first README for a role that has none."""
    spec = argument_specs(role)["main"]
    description = spec["description"]
    paragraphs = [description] if isinstance(description, str) else description
    return (
        f"# Role hybridnet.aws_vpn.{role.name}\n\n" + "\n\n".join(" ".join(text.split()) for text in paragraphs) + "\n"
    )


def main() -> int:
    """Compare; or write, when asked to."""
    write = sys.argv[1:] == ["--write"]
    stale = []
    for role in roles():
        readme = role / "README.md"
        text = readme.read_text(encoding="utf-8") if readme.exists() else ""
        wanted = with_tables(text or opening(role), role)
        if text == wanted:
            continue
        stale.append(role.name)
        if write:
            readme.write_text(wanted, encoding="utf-8")
    if stale:
        print("written:" if write else "not up to date, run `make docs-roles`:", ", ".join(stale))
    return int(bool(stale) and not write)


if __name__ == "__main__":
    sys.exit(main())
