# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules return is what their documentation lists, no more and no less."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from vpn_emulator import Emulator

MODULES = "ansible_collections.hybridnet.aws_vpn.plugins.modules"
# Ansible's own, or of failures alone.
ALSO = {"changed", "diff", "invocation", "warnings", "printed"}
# Ansible adds these by itself to a result that names a file.
ALSO |= {"uid", "gid", "owner", "group", "size", "state"}
FAILURE = {"applied", "failed_steps", "not_begun", "problems"}

Run = Callable[..., dict[str, Any]]


def documented(module: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(importlib.import_module(f"{MODULES}.{module}").RETURN)
    return found


def is_due(entry: dict[str, Any], options: dict[str, Any]) -> bool:
    """Whether a value is returned with these options."""
    condition = re.fullmatch(r"with O\((\w+)=true\)", entry["returned"])
    return condition is None or bool(options.get(condition[1]))


def differences(where: str, value: Any, docs: dict[str, Any]) -> Iterator[str]:
    """Keys that only one side has, below every documented structure."""
    if isinstance(value, list):
        for each in value:
            yield from differences(where, each, docs)
        return
    if not isinstance(value, dict):
        return
    yield from (f"{where}{key} is not documented" for key in value if key not in docs)
    yield from (
        f"{where}{key} is not returned" for key in docs if key not in value and docs[key]["returned"] == "always"
    )
    for key in value:
        if "contains" in docs.get(key, {}):
            yield from differences(f"{where}{key}.", value[key], docs[key]["contains"])


@pytest.fixture
def _connection(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    run("customer_gateway", name="berlin", public_ip="198.51.100.10")
    made = run("vpn_connection", name="berlin", transit_gateway_id=world["tgw"])["connection"]
    for tunnel in made["tunnels"]:
        emulator.telemetry(tunnel["outside_address"], "UP")


@pytest.mark.usefixtures("_connection")
@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("vpn_connection_info", {"include_active_status": True, "include_maintenance": True, "include_secrets": True}),
        ("vpn_connection_info", {}),
        ("vpn_concentrator", {"transit_gateway_id": "TGW"}),
        ("vpn_tunnel_replacement", {"name": "berlin", "tunnel": 1}),
        ("vpn_tunnel_replacement", {"name": "berlin", "tunnel": 1, "replace": "always"}),
        ("vpn_device_info", {}),
        ("vpn_device_configuration", {"name": "berlin", "vendor": "strongswan", "dest": "DEST"}),
    ],
)
def test_returned_as_documented(
    run: Run, world: dict[str, str], tmp_path: Path, module: str, options: dict[str, Any]
) -> None:
    places = {"TGW": world["tgw"], "DEST": str(tmp_path / "text")}
    result = run(module, **{key: places.get(str(value), value) for key, value in options.items()})
    assert not result.get("failed"), result["msg"]
    docs = documented(module)
    top = {key: value for key, value in result.items() if key not in ALSO}
    assert {key for key, entry in docs.items() if is_due(entry, options)} - FAILURE == set(top)
    assert list(differences("", top, docs)) == []
