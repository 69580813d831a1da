# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation of the AWS modules says of options is what the field tables say."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core import fields
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.fields import Field

MODULES = "ansible_collections.hybridnet.aws_vpn.plugins.modules"


def documented(module: str, *path: str) -> dict[str, Any]:
    """The documented options below a path of option names."""
    document = yaml.safe_load(importlib.import_module(f"{MODULES}.{module}").DOCUMENTATION)
    options: dict[str, Any] = document["options"]
    for name in path:
        options = options[name]["suboptions"]
    return options


def text(option: dict[str, Any]) -> str:
    value = option["description"]
    return " ".join((value if isinstance(value, str) else " ".join(value)).split())


TABLES: list[tuple[str, tuple[str, ...], tuple[Field, ...]]] = [
    ("vpn_sites", ("sites", "tunnels"), fields.TUNNEL),
    ("vpn_connection", ("tunnels",), fields.TUNNEL),
    ("customer_gateway", (), fields.CUSTOMER_GATEWAY),
]


@pytest.mark.parametrize(("module", "path", "table"), TABLES, ids=lambda value: str(value)[:30])
def test_options_of_the_table_are_documented_as_it_says(
    module: str, path: tuple[str, ...], table: tuple[Field, ...]
) -> None:
    options = documented(module, *path)
    spec = fields.argument_spec(table)
    assert set(spec) <= set(options)
    for row in fields.settable(table):
        said = options[row.name]
        assert {key: said.get(key) for key in ("type", "aliases", "choices", "elements")} == {
            key: spec[row.name].get(key) for key in ("type", "aliases", "choices", "elements")
        }
        for sentence in row.doc:
            assert " ".join(sentence.split()) in text(said)
