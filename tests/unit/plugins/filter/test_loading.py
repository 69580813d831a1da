# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each process that uses one filter loads all filters of the collection, and each task of a host is a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
FILTERS = sorted(path.stem for path in (ROOT / "plugins/filter").glob("*.py"))
PLUGINS = "ansible_collections.hybridnet.aws_vpn.plugins"
CORE = f"{PLUGINS}.module_utils._core."
LOAD = f"""
import importlib, json, sys
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder
_AnsibleCollectionFinder(paths=[{str(ROOT / "collections")!r}])._install()
filters = dict()
for name in {FILTERS}:
    filters.update(importlib.import_module("{PLUGINS}.filter." + name).FilterModule().filters())
"""
SHOW = f"""
print(json.dumps([name[{len(CORE)}:] for name in sys.modules if name.startswith({CORE!r})]))
"""


def loaded(call: str = "") -> set[str]:
    """Parts of the core that are there once all filters are loaded and the call was made."""
    done = subprocess.run([sys.executable, "-c", LOAD + call + SHOW], check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout))


def test_to_load_the_filters_costs_nothing() -> None:
    assert loaded() == set()


@pytest.mark.parametrize(
    ("call", "rooms"),
    [
        ("filters['gateway_peers']([])", {"errors", "gateway"}),
        ("filters['site_list']([])", {"inventory"}),
        ("filters['tunnel_verdict']({'connections': {}})", {"verdict"}),
    ],
)
def test_a_filter_loads_what_it_needs(call: str, rooms: set[str]) -> None:
    assert rooms <= loaded(call)


def test_the_peers_need_little_of_the_core() -> None:
    needed = {"errors", "gateway", "grouping", "model", "text"}
    assert {name.split(".")[0] for name in loaded("filters['gateway_peers']([])")} == needed
