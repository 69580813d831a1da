# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules run as Ansible runs them, in this process: arguments in, the JSON of the result out."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible.module_utils._internal import _traceback
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import caller
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock

if TYPE_CHECKING:
    from vpn_emulator import Emulator

MODULES = "ansible_collections.hybridnet.aws_vpn.plugins.modules"

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run_module(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """run_module("gateway_files", check=True, files=[...]): what the module printed, as a dict."""
    # Controller code that a test imports would make the warnings of modules go to the screen, and the controller's
    # settings decide about their tracebacks. It is imported first, as it sets that while it is imported.
    importlib.import_module("ansible.utils.display")
    monkeypatch.setattr(warnings._internal, "is_controller", False)
    monkeypatch.setattr(_traceback, "_is_traceback_enabled", _traceback._is_module_traceback_enabled)

    def run(module: str, /, check: bool = False, diff: bool = True, **options: Any) -> dict[str, Any]:
        # A module is a process of its own, which begins without the warnings of another.
        warnings._global_warnings.clear()
        given = {"_ansible_check_mode": check, "_ansible_diff": diff, **options}
        with patch_module_args(given), pytest.raises(SystemExit):
            importlib.import_module(f"{MODULES}.{module}").main()
        printed = capsys.readouterr().out
        result: dict[str, Any] = json.loads(printed)
        result["printed"] = printed
        return result

    return run


@pytest.fixture
def run(run_module: Run, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Run:
    """run("vpn_sites", gateways=[...]): the same for a module that talks to AWS.

    Where the module waits, the emulator's clock moves on instead.
    """
    clock = Clock(emulator.clock.now, emulator.clock.advance, lambda: 1.0)
    monkeypatch.setattr(caller, "Clock", lambda: clock)
    account = {
        "region": "eu-central-1",
        "endpoint_url": emulator.url,
        "access_key": emulator.access_key,
        "secret_key": "testing_secret",
    }
    return lambda module, /, **options: run_module(module, **{**account, **options})


@pytest.fixture
def run_files(run_module: Run, tmp_path: Path) -> Run:
    """run_files(files=[...]): the module gateway_files."""
    noted = {"pending_file": str(tmp_path / "var/pending.json")}
    return lambda **options: run_module("gateway_files", **{**noted, **options})


@pytest.fixture
def world(ec2: Any) -> dict[str, str]:
    """What a Region holds before there is any VPN."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return {
        "vpc": vpc,
        "table": ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"],
        "tgw": ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"],
    }
