# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation of the AWS modules says of options is what their specs and the field tables say."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import option_docs
import pytest
import yaml
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Change, Field
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.options import argspec
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run import runner

ROOT = Path(__file__).resolve().parents[4]
PLUGINS = "ansible_collections.hybridnet.aws_vpn.plugins"
OURS = "hybridnet.aws_vpn."
MODULES = sorted(
    path.stem
    for path in (ROOT / "plugins/modules").glob("*.py")
    if "amazon.aws.common.modules" in path.read_text(encoding="utf-8")
)
# What the modules and the documentation both say of an option.
SAID = ("type", "elements", "choices", "aliases", "default", "required")


def documented(module: str) -> dict[str, Any]:
    """The documented options of a module, those of our fragments included."""
    document = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.{module}").DOCUMENTATION)
    options: dict[str, Any] = dict(document.get("options") or {})
    for fragment in document["extends_documentation_fragment"]:
        if fragment.startswith(OURS):
            name, _dot, variant = fragment[len(OURS) :].partition(".")
            found = importlib.import_module(f"{PLUGINS}.doc_fragments.{name}").ModuleDocFragment
            options |= yaml.safe_load(getattr(found, variant.upper() or "DOCUMENTATION")).get("options", {})
    return options


def spec_of(module: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The argument spec a module runs with."""
    caught: dict[str, Any] = {}
    monkeypatch.setattr(runner, "run", lambda _work, **settings: caught.update(settings))
    importlib.import_module(f"{PLUGINS}.modules.{module}").main()
    spec: dict[str, Any] = caught["argument_spec"]
    return spec


def facts(option: dict[str, Any], nested: str) -> dict[str, Any]:
    """What is said of an option and of those below it."""
    said = {key: option[key] for key in SAID if option.get(key) not in (None, [])}
    said["type"] = option.get("type", "str")
    if option.get("required") is False:
        del said["required"]
    below = {name: facts(each, nested) for name, each in (option.get(nested) or {}).items()}
    return {**said, "below": below} if below else said


@pytest.mark.parametrize("module", MODULES)
def test_the_documentation_is_the_spec(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {name: facts(option, "suboptions") for name, option in documented(module).items()}
    assert options == {name: facts(option, "options") for name, option in spec_of(module, monkeypatch).items()}


def text(option: dict[str, Any]) -> str:
    value = option["description"]
    return " ".join((value if isinstance(value, str) else " ".join(value)).split())


def below(options: dict[str, Any], *path: str) -> dict[str, Any]:
    for name in path:
        options = options[name]["suboptions"]
    return options


TABLES: list[tuple[str, tuple[str, ...], tuple[Field, ...]]] = [
    ("vpn_sites", ("gateways", "tunnels"), fields.TUNNEL),
    ("vpn_sites", ("gateways", "options"), fields.CONNECTION),
    ("vpn_sites", ("gateways",), fields.CUSTOMER_GATEWAY),
    ("vpn_connection", ("tunnels",), fields.TUNNEL),
    ("vpn_connection", ("options",), fields.CONNECTION),
    ("customer_gateway", (), fields.CUSTOMER_GATEWAY),
]
COSTS = {
    Change.ONE_TUNNEL: "interrupts this tunnel",
    Change.BOTH_TUNNELS: ("interrupts both tunnels", "creates a second customer gateway"),
    Change.REPLACE: "needs a new connection",
}


@pytest.mark.parametrize(("module", "path", "table"), TABLES, ids=["-".join((m, *p)) for m, p, _table in TABLES])
def test_every_option_says_what_the_table_says(module: str, path: tuple[str, ...], table: tuple[Field, ...]) -> None:
    options = below(documented(module), *path)
    for row in fields.settable(table):
        said = text(options[row.name])
        for sentence in row.doc:
            assert " ".join(sentence.split()) in said
        for bound in (row.minimum, row.maximum):
            assert bound is None or f"V({bound})" in said
        assert row.unit in said
        assert row.default_doc in said
        cost = COSTS[row.change]
        assert any(words in said for words in ((cost,) if isinstance(cost, str) else cost))
        assert f"C({row.request})" in said
        assert "U(https://docs.aws.amazon.com/" in said


def test_every_option_of_a_tunnel_and_of_a_connection_can_be_set() -> None:
    assert [row.name for row in fields.TUNNEL if not row.settable] == []
    # Set by routing, in our words.
    assert [row.name for row in fields.CONNECTION if not row.settable] == ["static_routes_only"]
    assert set(argspec.customer_gateway()) == {row.name for row in fields.CUSTOMER_GATEWAY}


def test_the_fragments_are_written_from_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert option_docs.main([]) == 0, capsys.readouterr().out
