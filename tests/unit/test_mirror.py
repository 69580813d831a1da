# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests stand where the code stands: whoever changes a file finds its test at the same place below tests/unit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import house
import pytest
from house import PLUGINS, ROOT, Tree

TESTS = Tree(ROOT / "tests/unit/plugins", "tests.unit.plugins")

# Files without a test file of their own, and the tests that run them.
TESTED_THROUGH = {
    # Plain declarations: what they are good for shows where they are used.
    "module_utils._core.nouns": "module_utils/_core/plan/test_region.py",
    "module_utils._core.model.tunnel_states": "module_utils/_core/verdict/test_causes.py",
    "module_utils._core.verdict.cause": "module_utils/_core/verdict/test_causes.py",
    "module_utils._core.verdict.drill_causes": "module_utils/_core/verdict/test_drills.py",
    "module_utils._core.verdict.ipsec_causes": "module_utils/_core/verdict/test_causes.py",
    "module_utils._core.verdict.path_causes": "module_utils/_core/verdict/test_causes.py",
    "module_utils._core.plan.stages": "module_utils/_core/plan/test_plan.py",
    # What is written has to be read again as it was meant, so it is tested with what reads it.
    "module_utils._core.inventory.host_vars": "module_utils/_core/inventory/test_host_vars_properties.py",
    # One call for each step: whether it is the right one shows in what AWS has afterwards.
    "module_utils._aws.apply.connections": "module_utils/_aws/law",
    "module_utils._aws.apply.routes": "module_utils/_aws/law/test_law.py",
    "module_utils._aws.apply.tags": "module_utils/_aws/law/test_law.py",
    # What AWS does by itself on a new attachment is waited for, so there has to be an AWS.
    "module_utils._aws.apply.transit_waits": "module_utils/_aws/law/test_transit.py",
    # Between options and results: seen by running modules only.
    "module_utils._module.entries.adoption": "modules/test_vpn_adoption.py",
    "module_utils._module.entries.connection_info": "modules/test_vpn_sites.py",
    "module_utils._module.entries.devices": "modules/test_vpn_device.py",
    "module_utils._module.entries.gateway_files": "modules/test_gateway_files.py",
    "module_utils._module.entries.gateway_status": "modules/test_gateway_status.py",
    "module_utils._module.entries.gateway_support": "modules/test_gateway_support.py",
    "module_utils._module.entries.ping_probe": "modules/test_ping_probe.py",
    "module_utils._module.entries.removal": "modules/test_removal.py",
    "module_utils._module.entries.resources": "modules/test_single_modules.py",
    "module_utils._module.entries.tunnel_details": "modules/test_tunnel_modules.py",
    "module_utils._module.entries.tunnel_logs": "modules/test_tunnel_logs.py",
    "module_utils._module.entries.tunnels": "modules/test_tunnel_modules.py",
    # It is what modules are run by, so every test of a module tests it.
    "module_utils._module.run.runner": "modules",
    "module_utils._module.run.clients": "modules/test_regions.py",
    "module_utils._module.run.engine": "modules/test_regions.py",
    # Sessions of roles are begun by AWS, so there has to be one.
    "module_utils._aws.api.roles": "modules/test_roles.py",
    # What the log of the system gets can be seen by running modules only.
    "module_utils._module.run.invocation": "modules/test_invocation_log.py",
    # Modules that are alike, or that are of no use without one another.
    "modules.customer_gateway": "modules/test_single_modules.py",
    "modules.vpn_connection": "modules/test_single_modules.py",
    "modules.vpn_connection_info": "modules/test_vpn_sites.py",
    "modules.vpn_device_configuration": "modules/test_vpn_device.py",
    "modules.vpn_device_info": "modules/test_vpn_device.py",
    "modules.vpn_gateway": "modules/test_single_modules.py",
    "modules.vpn_tunnel_certificate": "modules/test_tunnel_modules.py",
    "modules.vpn_tunnel_replacement": "modules/test_tunnel_modules.py",
    # Which key belongs where is one matter, whichever filter is asked.
    "filter.site_keys": "filter/test_keys.py",
    "filter.tunnel_keys": "filter/test_keys.py",
    # What filters do, seen as templates see it: through the filter.
    "filter.gateway_needs": "filter/test_gateway_host.py",
    "filter.gateway_obstacles": "filter/test_gateway_host.py",
    "plugin_utils._clashes": "filter/test_gateway_clashes.py",
    "plugin_utils._environment": "filter/test_aws_environment.py",
    "plugin_utils._files": "filter/test_gateway_files.py",
    "plugin_utils._filter": "filter/test_gateway_peers.py",
    "module_utils._core.inventory.found": "filter/test_site_connections.py",
    "plugin_utils._host": "filter/test_gateway_host.py",
    "plugin_utils._host_pattern": "filter/test_host_pattern.py",
    "plugin_utils._host_vars": "filter/test_host_vars_yaml.py",
    "plugin_utils._plain": "filter/test_site_list.py",
    "plugin_utils._role_options": "lookup/test_role_options.py",
    "plugin_utils._runs": "filter/test_batch_sizes.py",
    "plugin_utils._sites": "filter/test_site_list.py",
    "plugin_utils._vpc": "filter/test_vpc_plan.py",
    "plugin_utils._verdict": "filter/test_tunnel_verdict.py",
}

# The documentation that modules share is no code; test_documentation.py reads it.
FILES = [name for name in PLUGINS.files if house.wing_of(name) != "doc_fragments"]
MODULES = {name.rpartition(".")[2]: name for name in PLUGINS.files if house.wing_of(name) == "modules"}


def mirror_of(name: str) -> Path:
    *folders, file = name.split(".")
    return TESTS.root.joinpath(*folders, f"test_{file.lstrip('_')}.py")


def modules_run_by(test: Path) -> Iterator[str]:
    """The modules that a test runs by their names, `run("vpn_sites", ...)`, and the one that it is named after."""
    for node in ast.walk(ast.parse(test.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "run" and node.args:
            module = node.args[0]
            if isinstance(module, ast.Constant) and module.value in MODULES:
                yield MODULES[module.value]
    if test.parent.name == "modules" and (own := MODULES.get(test.stem.removeprefix("test_"))):
        yield own


def reached(tests: Path) -> set[str]:
    """The files of the plugins that tests, and what they build on, import or run as modules, with all these import."""
    files = [tests] if tests.is_file() else sorted(tests.rglob("test_*.py"))
    fixtures = [folder / "conftest.py" for folder in files[0].parents if folder.is_relative_to(TESTS.root)]
    found: set[str] = set()
    for name in TESTS.closure(TESTS.name_of(path) for path in (*files, *filter(Path.is_file, fixtures))):
        found |= PLUGINS.files_among(TESTS.imported_names(name))
        found.update(modules_run_by(TESTS.files[name]))
    return PLUGINS.closure(found)


def test_every_file_has_its_test_file() -> None:
    assert [name for name in FILES if name not in TESTED_THROUGH and not mirror_of(name).is_file()] == []


# Some tests of modules and actions run them in a process of its own, which no import shows.
IMPORTED = [name for name in FILES if mirror_of(name).is_file() and house.wing_of(name) not in ("modules", "action")]


@pytest.mark.parametrize("name", IMPORTED)
def test_a_test_file_tests_the_file_that_it_is_named_after(name: str) -> None:
    assert name in reached(mirror_of(name))


@pytest.mark.parametrize("name", TESTED_THROUGH)
def test_a_file_without_a_test_file_is_reached_by_the_tests_that_are_named(name: str) -> None:
    assert name in PLUGINS.files
    assert not mirror_of(name).exists()
    assert name in reached(TESTS.root / TESTED_THROUGH[name])
