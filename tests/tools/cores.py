# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the collection with each ansible-core of tests/cores/versions.txt, on the oldest and the newest Python here.

Each pair gets an environment in .cache/cores with what its lock says. In it every file of the plugins is imported, the
example inventory is read, vpn_sites creates its AWS side in an emulated account, and site_vpn.yml runs, first with
--check. A deprecation warning is an error, unless amazon.aws caused it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from vpn_emulator import Emulator, always_up, in_process

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/cores"
CACHE = ROOT / ".cache"

# A message can have several lines. Since ansible-core 2.19 a traceback follows where Python code is the cause.
WARNING = re.compile(
    r"^\[DEPRECATION WARNING\]: (.+\n(?:(?!\[).+\n)*)(?:\n*Traceback \(most recent call last\):\n((?:  .*\n)+))?",
    re.MULTILINE,
)
COLLECTION = re.compile(r"/ansible_collections/(\w+/\w+)/")


@dataclass(frozen=True)
class Core:
    """A line of the list."""

    version: str
    lowest: str
    highest: str
    gateway: str

    @property
    def minor(self) -> str:
        return self.version.rpartition(".")[0]

    @property
    def lock(self) -> Path:
        return HERE / f"{self.minor}-lock.txt"

    @property
    def pythons(self) -> list[str]:
        """All that it supports on the controller."""
        first, last = (int(version.removeprefix("3.")) for version in (self.lowest, self.highest))
        return [f"3.{minor}" for minor in range(first, last + 1)]


def cores() -> list[Core]:
    lines = (HERE / "versions.txt").read_text(encoding="utf-8").splitlines()
    return [Core(*line.split()) for line in lines if not line.startswith("#")]


@cache
def find_python(version: str) -> str:
    """A Python of this version that starts, or an empty text. A shim of pyenv may be there without one."""
    for find in (in_path, of_pyenv, download_python):
        found = find(version)
        if found and starts(found):
            return found
    return ""


def in_path(version: str) -> str:
    return shutil.which(f"python{version}") or ""


def of_pyenv(version: str) -> str:
    """Whether or not pyenv has been told to use it."""
    if not shutil.which("pyenv"):
        return ""
    done = subprocess.run(["pyenv", "prefix", version], capture_output=True, text=True, check=False)
    return f"{done.stdout.strip()}/bin/python" if done.returncode == 0 else ""


def starts(python: str) -> bool:
    return subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode == 0


def download_python(version: str) -> str:
    """From where uv gets it, where that can be reached."""
    directory = CACHE / "python"
    words = ["uv", "python", "install", "--no-config", "--quiet", "--no-bin", "--install-dir", str(directory), version]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(words, capture_output=True, check=False, timeout=120)
    return next((str(path) for path in directory.glob(f"cpython-{version}.*/bin/python{version}")), "")


def skipped(what: str) -> None:
    """As the function of lib.sh: printed, and repeated at the end of make test."""
    print(f"skipped: {what}", flush=True)
    if os.environ.get("SKIPPED_LOG"):
        with open(os.environ["SKIPPED_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{what}\n")


def pairs() -> Iterator[tuple[Core, str]]:
    """The lowest and the highest Python that is here, for each version of ansible-core."""
    for core in cores():
        here = [version for version in core.pythons if find_python(version)]
        with_it = f"ansible-core {core.version}"
        for version in (core.lowest, core.highest):
            if version not in here:
                skipped(f"{with_it} with Python {version}: not on this machine")
        if not find_python(core.gateway):
            skipped(f"the modules of gateways with {with_it} and Python {core.gateway}: not on this machine")
        yield from ((core, version) for version in sorted({*here[:1], *here[-1:]}, key=core.pythons.index))


def environment(core: Core, python: str) -> Path:
    """A virtual environment as the lock says, made again when the lock or the Python has changed."""
    directory = CACHE / "cores" / f"{core.minor}-{python}"
    stamp = directory / ".requirements"
    wanted = f"{find_python(python)}\n{core.lock.read_text(encoding='utf-8')}"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        _must(find_python(python), "-m", "venv", "--clear", str(directory))
        pip = [str(directory / "bin/python"), "-m", "pip", "--disable-pip-version-check"]
        _must(*pip, "install", "-qq", "--require-hashes", "-r", str(core.lock))
        stamp.write_text(wanted, encoding="utf-8")
    return directory


def _must(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


def deprecations(output: str) -> list[str]:
    """The messages of those that amazon.aws did not cause: its imports are not ours to mend."""
    found = []
    for message, traceback in WARNING.findall(output):
        nearest = COLLECTION.findall(traceback)[-1:]
        if nearest != ["amazon/aws"]:
            found.append(" ".join(message.split()))
    return found


class Run:
    """One pair, in an account of its own."""

    def __init__(self, core: Core, python: str, aws: Emulator) -> None:
        self.name = f"ansible-core {core.version}, Python {python}"
        self._core = core
        self._python = python
        self._aws = aws
        self._ec2: Any = boto3.client("ec2", **aws.client_options())
        self.problems: list[str] = []
        self.seconds = 0.0

    def __call__(self) -> Run:
        began = time.monotonic()
        try:
            self._all(environment(self._core, self._python) / "bin")
        except subprocess.CalledProcessError as error:
            self.problems.append(f"no environment: {error}\n{error.stdout}{error.stderr}")
        self.seconds = time.monotonic() - began
        return self

    def _all(self, programs: Path) -> None:
        core = self._core
        known = [core.version, core.lowest, core.highest, core.gateway]
        with tempfile.TemporaryDirectory() as scratch:
            self._run(scratch, str(programs / "python"), str(HERE / "imports.py"), str(ROOT), *known)
            inventory = ["-i", str(ROOT / "inventories/example"), "-i", str(HERE / "inventory")]
            play = [str(programs / "ansible-playbook"), *inventory, "-e", json.dumps(self._world())]
            self._run(scratch, *play, str(ROOT / "site_vpn.yml"), "--check", "--diff")
            if self._ec2.describe_vpn_connections()["VpnConnections"]:
                self.problems.append("site_vpn.yml --check has created a connection")
            self._run(scratch, *play, str(HERE / "checks.yml"))
            self._run(scratch, *play, str(ROOT / "site_vpn.yml"))

    def _world(self) -> dict[str, str]:
        """What the example inventory expects in the account."""
        vpc = self._ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        return {
            "aws_url": self._aws.url,
            "aws_vpc": vpc,
            "aws_route_table": self._ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"],
            "aws_transit_gateway": self._ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"],
            "gateway_python": find_python(self._core.gateway),
        }

    def _run(self, scratch: str, *command: str) -> None:
        """Nothing of the user's own settings: they can switch warnings off."""
        options = self._aws.client_options()
        theirs = ("ANSIBLE_", "AWS_", "PYTHON")
        settings = {
            **{name: value for name, value in os.environ.items() if not name.startswith(theirs)},
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_CONFIG": str(HERE / "ansible.cfg"),
            "ANSIBLE_HOME": scratch,
            "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": options["aws_secret_access_key"],
            "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        }
        done = subprocess.run(command, cwd=scratch, env=settings, capture_output=True, text=True, check=False)
        output = f"{done.stdout}{done.stderr}\n"
        found = deprecations(output)
        if done.returncode:
            found.insert(0, WARNING.sub("", output))
        if found:
            self.problems.append("\n".join([" ".join(command), *found]))


def report(runs: Iterable[Run]) -> int:
    """A line for each pair, what went wrong below it."""
    verdicts = set()
    for run in runs:
        verdict = "FAILED" if run.problems else "ok"
        verdicts.add(verdict)
        print(f"{run.name}: {verdict} ({run.seconds:.0f} s)", *run.problems, sep="\n", flush=True)
    if not verdicts:
        print("No Python here that any of these versions supports.")
    return 0 if verdicts == {"ok"} else 1


def main() -> int:
    """As many at a time as there are cores of the machine."""
    chosen = list(pairs())
    with in_process() as aws, ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = []
        for core, python in chosen:
            account = aws.new_account()
            account.customer_device = always_up
            runs.append(Run(core, python, account))
        return report(pool.map(Run.__call__, runs))


if __name__ == "__main__":
    sys.exit(main())
