# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules run as Ansible runs them, in this process: arguments in, the JSON of the result out."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
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
def run(emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """run("vpn_sites", check=True, sites=[...]): what the module printed, as a dict.

    Where the module waits, the emulator's clock moves on instead.
    """
    clock = Clock(emulator.clock.now, emulator.clock.advance, lambda: 1.0)
    monkeypatch.setattr(caller, "Clock", lambda: clock)
    # Controller code that a test imports would make the warnings of modules go to the screen, and the controller's
    # settings decide about their tracebacks. It is imported first, as it sets that while it is imported.
    importlib.import_module("ansible.utils.display")
    monkeypatch.setattr(warnings._internal, "is_controller", False)
    monkeypatch.setattr(_traceback, "_is_traceback_enabled", _traceback._is_module_traceback_enabled)

    def run_module(module: str, /, check: bool = False, diff: bool = True, **options: Any) -> dict[str, Any]:
        given = {
            "region": "eu-central-1",
            "endpoint_url": emulator.url,
            "access_key": emulator.access_key,
            "secret_key": "testing_secret",
            "_ansible_check_mode": check,
            "_ansible_diff": diff,
            **options,
        }
        # A module is a process of its own, which begins without the warnings of another.
        warnings._global_warnings.clear()
        with patch_module_args(given), pytest.raises(SystemExit):
            importlib.import_module(f"{MODULES}.{module}").main()
        printed = capsys.readouterr().out
        result: dict[str, Any] = json.loads(printed)
        result["printed"] = printed
        return result

    return run_module


@pytest.fixture
def world(ec2: Any) -> dict[str, str]:
    """What a Region holds before there is any VPN."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return {
        "vpc": vpc,
        "table": ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"],
        "tgw": ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"],
    }
