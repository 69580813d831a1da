# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules run as Ansible runs them, in this process: arguments in, the JSON of the result out."""

from __future__ import annotations

import functools
import importlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from ansible.module_utils._internal import _traceback
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import caller
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from botocore.loaders import JSONFileLoader

if TYPE_CHECKING:
    from vpn_emulator import Emulator

MODULES = "ansible_collections.hybridnet.aws_vpn.plugins.modules"

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session", autouse=True)
def _read_once() -> Iterator[None]:
    """A new session of the SDK reads the descriptions of all services again, which takes longer than most runs."""
    read = functools.cache(JSONFileLoader().load_file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", lambda _self, path: read(path))
        yield


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


@dataclass
class Place:
    """One Region of one account."""

    emulator: Emulator
    region: str
    # What an entry says of it.
    options: dict[str, str]
    tgw: str = field(init=False)
    vpc: str = field(init=False)

    def __post_init__(self) -> None:
        self.tgw = self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    @functools.cached_property
    def ec2(self) -> Any:
        return boto3.client("ec2", **{**self.emulator.client_options(), "region_name": self.region})

    @property
    def connections(self) -> list[str]:
        """The names of the connections that are there."""
        found = self.ec2.describe_vpn_connections()["VpnConnections"]
        tags = [{tag["Key"]: tag["Value"] for tag in each["Tags"]} for each in found if each["State"] != "deleted"]
        return sorted(each["Name"] for each in tags)

    def gateway(self, number: int, **changes: Any) -> dict[str, Any]:
        """An entry of vpn_sites with a connection here."""
        return {
            "name": f"site-{number}",
            "public_ip": f"198.51.100.{number}",
            "bgp_asn": 65010,
            "target": {"transit_gateway_id": self.tgw},
            "local_cidrs": [f"10.{number}.0.0/16"],
            "remote_cidrs": ["10.0.0.0/16"],
            **self.options,
            **changes,
        }


class Estate:
    """Regions of two accounts, and a gateway with a connection in each."""

    regions = ("eu-central-1", "eu-west-1", "eu-north-1")
    external_id = "MARKER_external.1"

    def __init__(self, own: Emulator, other: Emulator, regions: Sequence[str] = regions) -> None:
        self.role = f"arn:aws:iam::{other.account_id}:role/vpn"
        self.accounts = (own, other)
        there = {"assume_role_arn": self.role, "external_id": self.external_id}
        self.places = [
            Place(account, region, {"region": region, **({} if account is own else there)})
            for account in self.accounts
            for region in regions
        ]
        self.gateways = [place.gateway(number) for number, place in enumerate(self.places, 20)]
        self.forget()

    def forget(self) -> None:
        for account in self.accounts:
            account.log.clear()
            account.calls.clear()

    @property
    def calls(self) -> Counter[str]:
        """All calls of both accounts, by action."""
        return sum((account.calls for account in self.accounts), Counter())

    @property
    def writes(self) -> list[str]:
        return [action for action in self.calls if not action.startswith(("Describe", "Get", "Search"))]

    def advance(self, seconds: float) -> None:
        for account in self.accounts:
            account.clock.advance(seconds)


@pytest.fixture
def estate(emulator: Emulator) -> Estate:
    return Estate(emulator, emulator.new_account())
