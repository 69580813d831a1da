#!/usr/bin/env python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The doc fragments of the options in the field table: checked, or with --write brought up to date."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "collections"))

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields  # noqa: E402  # found by the path above
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Change, Field  # noqa: E402  # same

FRAGMENTS = ROOT / "plugins/doc_fragments"
HEADER = '''# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""{title}, written by `make docs-options`."""

# Private to this collection: no stable interface for others.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
{text}"""
'''
COSTS = {
    Change.ONE_TUNNEL: "A change interrupts this tunnel.",
    Change.BOTH_TUNNELS: "A change interrupts both tunnels and needs O(allow_interruption=true).",
    Change.REPLACE: "A change needs a new connection with new outside addresses, and O(allow_replacement=true).",
}
FIXED = "AWS cannot change it. A new value creates a second customer gateway."
STORAGE = {
    "description": [
        "Where AWS keeps the pre-shared keys. V(Standard) is the VPN service, V(SecretsManager) is AWS Secrets"
        " Manager. Keys in Secrets Manager are not read, so they are not compared.",
        "AWS's default is V(Standard). AWS does not return this value. It is derived from where the keys can be read.",
        "A change interrupts one tunnel after the other.",
        "See C(PreSharedKeyStorage) in"
        " U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnConnection.html).",
    ],
    "type": "str",
    "choices": ["Standard", "SecretsManager"],
}
TUNNELS = {
    "description": [
        "Up to two tunnels. An entry is for the tunnel with the same inside CIDR, otherwise for the tunnel at the"
        " same position.",
        "If you omit an option, AWS chooses its value for a new connection, and an existing connection keeps its"
        " value.",
        "A change of an existing tunnel that is not down needs the other tunnel to be up, or"
        " O(force_tunnel_change=true).",
    ],
    "type": "list",
    "elements": "dict",
}
OPTIONS = {
    "description": [
        "Options of the connection itself. If you omit an option, AWS chooses its value for a new connection, and an"
        " existing connection keeps its value.",
    ],
    "type": "dict",
}


class Indented(yaml.SafeDumper):
    """Lists stand further in than their key, as in the other documentation."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # as in the base
        super().increase_indent(flow, False)


def shown(value: Any) -> str:
    return f"V({str(value).lower() if isinstance(value, bool) else value})"


def facts(row: Field, cost: str) -> list[str]:
    """What the table says beyond the words of the row."""
    said = []
    unit = f" {row.unit}" if row.unit else ""
    if row.maximum is not None:
        said.append(f"{shown(row.minimum)} to {shown(row.maximum)}{unit}.")
    elif row.minimum is not None:
        said.append(f"At least {shown(row.minimum)}{unit}.")
    if row.default_doc:
        said.append(f"AWS's default is {row.default_doc}.")
    elif row.default is not None:
        said.append(f"AWS's default is {shown(row.default)}.")
    return [*said, cost, f"See C({row.request}) in U({row.source})."]


def documented(row: Field, cost: str) -> dict[str, Any]:
    option: dict[str, Any] = {"description": [*row.doc, *facts(row, cost)], "type": row.type}
    if row.elements:
        option["elements"] = row.elements
    if row.choices:
        option["choices"] = list(row.choices)
    if row.aliases:
        option["aliases"] = list(row.aliases)
    if row.suboptions:
        option["suboptions"] = {name: dict(each) for name, each in row.suboptions.items()}
    return option


def documented_table(table: tuple[Field, ...], cost: str | None = None) -> dict[str, Any]:
    return {row.name: documented(row, cost or COSTS[row.change]) for row in fields.settable(table)}


def documents() -> dict[str, tuple[str, dict[str, Any]]]:
    """By name of the fragment its title and its options."""
    return {
        "_tunnel_options": (
            "Options of tunnels",
            {"tunnels": {**TUNNELS, "suboptions": documented_table(fields.TUNNEL)}},
        ),
        "_connection_options": (
            "Options of connections",
            {
                "options": {**OPTIONS, "suboptions": documented_table(fields.CONNECTION)},
                "pre_shared_key_storage": STORAGE,
            },
        ),
        "_customer_gateway_options": (
            "Options of customer gateways",
            documented_table(fields.CUSTOMER_GATEWAY, FIXED),
        ),
    }


def rendered(title: str, options: dict[str, Any]) -> str:
    text = yaml.dump({"options": options}, Dumper=Indented, sort_keys=False, width=105, allow_unicode=True)
    return HEADER.format(title=title, text=text)


def main(arguments: list[str]) -> int:
    """The exit status: 1 when a fragment is not up to date, and was only looked at."""
    write, stale = "--write" in arguments, []
    for name, (title, options) in documents().items():
        path, text = FRAGMENTS / f"{name}.py", rendered(title, options)
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.name)
        if write:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"plugins/doc_fragments/{name}: {'written' if write else 'not up to date, run `make docs-options`'}")
    return 1 if stale and not write else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
