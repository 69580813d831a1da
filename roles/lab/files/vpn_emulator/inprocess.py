# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator inside a test process, on a free loopback port."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import customer_devices, server
from .account import DEFAULT_ACCOUNT, Account, Delays
from .addresses import OutsideAddresses
from .calls import CallLog
from .clock import Clock
from .customer_devices import CustomerDevice
from .dataplane import DataPlane, DataPlaneConfig
from .ec2.maintenance import tunnel_at
from .ec2.transit import attach_direct_connect
from .environment import Environment, current, use
from .faults import Buckets, Faults
from .quotas import Quotas

_IMAGES = "MOTO_EC2_LOAD_DEFAULT_AMIS"


class Emulator:
    """A running emulator, seen by a test."""

    def __init__(self, url: str, account_id: str = DEFAULT_ACCOUNT) -> None:
        self.url = url
        self.account_id = account_id

    def account(self, account_id: str) -> Emulator:
        """The same emulator, seen by another account (12 digits)."""
        return Emulator(self.url, account_id)

    def new_account(self) -> Emulator:
        """The same emulator, seen by an empty account that no other test uses."""
        return Emulator(self.url, current().new_account().id)

    @property
    def _account(self) -> Account:
        return current().account(self.account_id)

    @property
    def clock(self) -> Clock:
        return self._account.clock

    @property
    def calls(self) -> Counter[str]:
        """How often each EC2 action was called."""
        return self._account.calls

    @property
    def log(self) -> CallLog:
        """Each call in order; `len(emulator.log)`, `emulator.log.clear()`, `emulator.log.iam_actions()`."""
        return self._account.log

    @property
    def faults(self) -> Faults:
        """`emulator.faults.add("throttle", "CreateVpnConnection", call=2, times=3)`, `emulator.faults.clear()`"""
        return self._account.faults

    @property
    def buckets(self) -> Buckets:
        """`emulator.buckets.set(**emulator.buckets.AWS)`"""
        return self._account.buckets

    @property
    def quotas(self) -> Quotas:
        """`emulator.quotas.set(vpn_connections=1000)`, `emulator.quotas.lift()`"""
        return self._account.quotas

    def show_stored_keys_as(self, text: str) -> None:
        """Of a key in Secrets Manager AWS shows nothing (""), or "REDACTED"; both were seen."""
        self._account.stored_key_text = text

    def direct_connect_attachment(self, transit_gateway_id: str) -> str:
        """Attach a Direct Connect gateway, which no EC2 call does; the attachment's id, for a private IP VPN."""
        return attach_direct_connect(self.account_id, transit_gateway_id)

    @property
    def settle(self) -> float:
        """Seconds that every passing state lasts, unless `delays` says otherwise for its kind."""
        return self._account.delays.seconds

    @settle.setter
    def settle(self, seconds: float) -> None:
        self._account.delays.seconds = seconds

    @property
    def delays(self) -> Delays:
        """`emulator.delays.set(modifying=1200)`"""
        return self._account.delays

    @property
    def data_plane(self) -> DataPlane | None:
        return current().data_plane

    @property
    def customer_device(self) -> CustomerDevice | None:
        """All customer gateway devices of this account: `emulator.customer_device = always_up`."""
        return self._account.customer_device

    @customer_device.setter
    def customer_device(self, device: CustomerDevice | None) -> None:
        self._account.customer_device = device

    def telemetry(self, outside_address: str, status: str, recovery: float | None = 0.0, **more: Any) -> None:
        """Set the status of the tunnel endpoint at this address: "UP" or "DOWN".

        While a change replaces the endpoint it is DOWN, and `recovery` seconds after the change UP again (None: never).
        `more` is merged into the endpoint's status: accepted_routes=3, prefixes=["10.20.0.0/16"], active={...}, bgp=...
        """
        self._account.endpoint_reports[outside_address] = customer_devices.report(status, recovery, **more)

    def maintenance(self, outside_address: str, auto_applied_after: float = 14 * 86400.0) -> None:
        """Let maintenance of this endpoint be pending; AWS applies it itself after so many seconds."""
        tunnel_at(self.account_id, outside_address).maintenance_due = self.clock.now() + auto_applied_after

    def reset(self, settle: float = 0.0, data_plane: DataPlaneConfig | None = None, clock: Clock | None = None) -> None:
        """An empty AWS, as if just started."""
        self.close()
        server.reset()
        use(new_environment(settle, data_plane, clock))

    @property
    def access_key(self) -> str:
        """12 digits name an account; anything else is the default account."""
        return "testing" if self.account_id == DEFAULT_ACCOUNT else self.account_id

    def client_options(self) -> dict[str, Any]:
        """What boto3.client needs besides the service."""
        return {
            "endpoint_url": self.url,
            "region_name": "eu-central-1",
            "aws_access_key_id": self.access_key,
            "aws_secret_access_key": "testing",
        }

    @staticmethod
    def close() -> None:
        plane = current().data_plane
        if plane is not None:
            plane.stop()


def new_environment(
    settle: float,
    data_plane: DataPlaneConfig | None = None,
    clock: Clock | None = None,
    quotas: Quotas | None = None,
) -> Environment:
    """With a data plane its worker is started too."""
    environment = Environment(clock=clock or Clock(), delays=Delays(settle), quotas=quotas or Quotas())
    if data_plane is not None:
        environment.outside_addresses = OutsideAddresses(data_plane.outside_addresses)
        environment.data_plane = DataPlane(data_plane)
        environment.data_plane.start()
    return environment


@contextmanager
def in_process(
    settle: float = 0.0, data_plane: DataPlaneConfig | None = None, clock: Clock | None = None
) -> Iterator[Emulator]:
    """Serve in a thread of this process; moto is as before afterwards.

    Without moto's machine images: loading them is most of the cost of an empty Region, and no VPN call needs them.
    """
    images = os.environ.get(_IMAGES)
    os.environ[_IMAGES] = "false"
    server.install()
    use(new_environment(settle, data_plane, clock))
    http = server.Server("127.0.0.1", 0)
    http.start()
    emulator = Emulator(http.url)
    try:
        yield emulator
    finally:
        http.stop()
        emulator.close()
        server.uninstall()
        if images is None:
            del os.environ[_IMAGES]
        else:
            os.environ[_IMAGES] = images
