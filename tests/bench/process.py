# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs what is measured: a process with a plain environment, beside an emulated AWS of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REGION = "eu-central-1"
KEY_ID = SECRET = "testing"


@dataclass(frozen=True)
class Cost:
    """What a process used, with all that it started and waited for; memory is that of the largest of them."""

    code: int
    cpu_s: float
    wall_s: float
    peak_mib: float


def cost_of(command: Sequence[str], scratch: Path, more: Mapping[str, str] | None = None) -> Cost:
    """Run to the end; what it says goes to a file C(log)."""
    began = time.monotonic()
    with (scratch / "log").open("w") as log:
        process = subprocess.Popen(
            command, env={**environment(scratch), **(more or {})}, cwd=scratch, stdout=log, stderr=subprocess.STDOUT
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(
        code=process.returncode,
        cpu_s=round(usage.ru_utime + usage.ru_stime, 2),
        wall_s=round(time.monotonic() - began, 2),
        peak_mib=round(usage.ru_maxrss / 1024, 1),
    )


def program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def environment(scratch: Path) -> dict[str, str]:
    """A plain Ansible, whatever the user's configuration."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AWS_"))},
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "ANSIBLE_CONFIG": str(HERE / "ansible.cfg"),
        "ANSIBLE_HOME": str(scratch / "ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "LC_ALL": "C.UTF-8",
    }


class Emulator:
    """One served AWS."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ec2(self, region: str = REGION, access_key: str = KEY_ID) -> Any:
        """A client; an access key of 12 digits is an account."""
        return boto3.client(
            "ec2",
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=access_key,
            aws_secret_access_key=SECRET,
        )

    def calls(self, account: str = "") -> dict[str, int]:
        """Those of the default account, or of another one."""
        found: dict[str, int] = self._ask("GET", f"calls{account and f'?account={account}'}")
        return found

    def forget(self, account: str = "") -> None:
        self._ask("DELETE", f"calls{account and f'?account={account}'}")

    def report_all_up(self) -> None:
        """AWS's ends of all tunnels are up, as if a gateway answered them."""
        self._ask("PUT", "customer-devices", {"all": "UP"})

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/vpn-emulator/{path}", data, method=method)  # noqa: S310  # our own loopback URL
        with urllib.request.urlopen(request) as answer:  # noqa: S310  # see above
            return json.load(answer)


@contextmanager
def emulator(settle: float = 0.0) -> Iterator[Emulator]:
    """An empty AWS in a process of its own, whose states last so many seconds."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "roles/lab/files"), "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
    command = [sys.executable, "-m", "vpn_emulator", "--port", "0", "--settle", str(settle), "--quota", "all=none"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield Emulator(process.stdout.readline().split()[-1])
        finally:
            process.terminate()
