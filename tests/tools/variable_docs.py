#!/usr/bin/env python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of all variables of the inventory, from their tables: checked, or with --write brought up to date."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import yaml
from option_docs import Indented

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "collections"))

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory import variables  # noqa: E402  # found by the path above
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.host import OF_A_CONNECTION  # noqa: E402  # same
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.variables import PREFIX, Variable  # noqa: E402  # same
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields  # noqa: E402  # same
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Change, Field  # noqa: E402  # same

PAGE = ROOT / "docs/docsite/rst/reference_variables.rst"
GUIDE = "ansible_collections.hybridnet.aws_vpn.docsite"
OPENING = f"""..
  SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
  SPDX-License-Identifier: GPL-3.0-or-later

..
  Written by "make docs-options" from the tables in plugins/module_utils/_core. Do not edit it.

.. _{GUIDE}.reference_variables:

Variables of the inventory
==========================

These are the variables of the gateways, which are the hosts of the group ``vpn_gateways``. *Where* says where you can
set a variable. In a connection, which is an entry of ``site_vpn_connections``, the name has no ``site_vpn_``, and the
value replaces the value of the host as a whole.

A variable that is ``""`` or ``[]`` counts as not set. Any other variable with a name that begins with ``site_vpn_`` is
refused. The roles have more variables, see for example :ansplugin:`hybridnet.aws_vpn.gateway#role`.
"""
TABLES = (
    ("Options of a connection", "options", fields.CONNECTION, f":ref:`{GUIDE}.guide_options`"),
    ("Options of a tunnel", "tunnels", fields.TUNNEL, f":ref:`{GUIDE}.guide_options`"),
)
COSTS = {
    Change.ONE_TUNNEL: "A change interrupts this tunnel.",
    Change.BOTH_TUNNELS: "A change interrupts both tunnels.",
    Change.REPLACE: "A change needs a new connection.",
}


def prose(text: str) -> str:
    """Ansible's markup for names and values as that of this page."""
    return re.sub(r"\b[CV]\(((?:[^()]|\([^()]*\))*)\)", r"``\1``", text)


def heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}\n"


def where(name: str) -> str:
    """The places where a variable can be given."""
    if name in variables.PLAY_OPTIONS:
        return "For the whole run: ``-e``, or a survey."
    return f"Host, group, connection (``{name}``)." if name in OF_A_CONNECTION else "Host, group."


def limits(row: Variable) -> str:
    """What the values can be; the range of a number is the one that its field has."""
    if row.choices:
        words = " or ".join(f"``{choice}``" for choice in row.choices)
        return f"{words}."
    same = [each for each in fields.CUSTOMER_GATEWAY if each.name == row.name and each.maximum is not None]
    return " ".join(f"{each.minimum} to {each.maximum}." for each in same) or prose(row.limits)


def variable(row: Variable) -> str:
    name = PREFIX + row.name
    facts = {
        "Type": row.type,
        "Default": prose(row.default) or f"``{row.choices[0]}``",
        "Values": limits(row),
        "Where": where(row.name),
    }
    lines = [f":{title}: {text}" for title, text in facts.items() if text]
    code = [".. code-block:: yaml", "", textwrap.indent(example(row), "    ")]
    return "\n".join([heading(name, "~"), textwrap.fill(prose(row.doc), 110), "", *lines, "", *code])


def example(row: Variable) -> str:
    flow = None if isinstance(row.example, (list, dict)) else False
    given = {PREFIX + row.name: row.example}
    return yaml.dump(given, Dumper=Indented, sort_keys=False, default_flow_style=flow, width=110)


def option(row: Field) -> Iterator[str]:
    """The lines of one option in its table."""
    names = " or ".join(f"``{name}``" for name in (row.name, *row.aliases))
    said = [*row.doc]
    unit = f" {row.unit}" if row.unit else ""
    if row.choices:
        said.append(f"{'Some' if row.type == 'list' else 'One'} of {', '.join(f'V({each})' for each in row.choices)}.")
    if row.maximum is not None:
        said.append(f"{row.minimum} to {row.maximum}{unit}.")
    elif row.minimum is not None:
        said.append(f"At least {row.minimum}{unit}.")
    shown = str(row.default).lower() if isinstance(row.default, bool) else row.default
    if row.default_doc or shown is not None:
        said.append(f"AWS's default is {row.default_doc or f'V({shown})'}.")
    yield f"   * - {names}"
    yield f"     - {row.type}"
    yield f"     - {prose(' '.join([*said, COSTS[row.change]]))}"


def table(title: str, name: str, rows: tuple[Field, ...], guide: str) -> str:
    lines = [line for row in fields.settable(rows) for line in option(row)]
    opening = f"These options are in ``{PREFIX}{name}``. See {guide} for what a change interrupts."
    head = [".. list-table::", "   :header-rows: 1", "", "   * - Option", "     - Type", "     - Meaning"]
    return "\n".join([heading(title, "-"), opening, "", *head, *lines, ""])


def page() -> str:
    parts = [OPENING]
    for title, rows in variables.CHAPTERS:
        parts += [heading(title, "-"), *map(variable, rows)]
    return "\n".join([*parts, *(table(*each) for each in TABLES)])


def main(arguments: list[str]) -> int:
    """The exit status: 1 when the page is not up to date, and was only looked at."""
    write, text = "--write" in arguments, page()
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if write:
        PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {'written' if write else 'not up to date, run `make docs-options`'}")
    return int(not write)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
