# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rehearsal's credentials are in a file of the lab, whatever credentials the user's own environment has."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[4]
INVENTORY = ROOT / "inventories/rehearsal/group_vars/all.yml"
ROLE = ROOT / "roles/lab/vars/main.yml"
USERS_OWN = {
    "AWS_ACCESS_KEY_ID": "AKIAUSERSOWN",
    "AWS_SECRET_ACCESS_KEY": "users-own",
    "AWS_SESSION_TOKEN": "users-own",
    "AWS_PROFILE": "users-own",
}
ASK = """
import boto3, json, sys
session = boto3.Session()
ec2 = session.client("ec2", endpoint_url=sys.argv[1], region_name="eu-central-1")
ec2.describe_vpn_connections()
print(json.dumps([session.get_credentials().method, session.get_credentials().access_key]))
"""


def start(run: Path) -> str:
    """The URL of the lab's API, without a machine behind it."""
    programs = run.parent / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "ssh").write_text("#!/bin/sh\ncat >/dev/null\necho '{}'\n", encoding="utf-8")
    (programs / "ssh").chmod(0o755)
    done = subprocess.run(
        [str(ROOT / "roles/lab/files/api.sh"), str(run), sys.executable, "0", "0"],
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.split()[-1]


def stop(run: Path) -> None:
    """End the API, and wait for that."""
    number = int((run / "emulator.pid").read_text(encoding="ascii"))
    os.kill(number, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while (run / "emulator.pid").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The run directory and the URL of the lab's API."""
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    yield run, start(run)
    stop(run)


def access_key(run: Path) -> str:
    (key,) = re.findall(r"^aws_access_key_id = (\S+)$", (run / "credentials").read_text(encoding="utf-8"), re.MULTILINE)
    return str(key)


def environment(path: Path, name: str, run: Path) -> dict[str, str]:
    text = re.sub(r"{{ *(__)?lab_run_dir *}}", str(run), path.read_text(encoding="utf-8"))
    found: dict[str, str] = yaml.safe_load(text)[name]
    return found


def test_the_role_and_the_inventory_use_the_file_of_the_lab(lab: tuple[Path, str]) -> None:
    run, url = lab
    credentials = run / "credentials"
    assert credentials.stat().st_mode & 0o777 == 0o600
    key = access_key(run)
    for path, name in ((INVENTORY, "site_vpn_environment"), (ROLE, "__lab_credentials")):
        given = environment(path, name, run)
        assert not any(given[name] for name in USERS_OWN if name != "AWS_PROFILE")
        asked = subprocess.run(
            [sys.executable, "-c", ASK, url],
            env={**os.environ, **USERS_OWN, **given},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        assert json.loads(asked.stdout) == ["shared-credentials-file", key]


def test_the_api_of_the_lab_accepts_only_the_key_of_this_run(lab: tuple[Path, str]) -> None:
    run, url = lab
    options = {"endpoint_url": url, "region_name": "eu-central-1", "aws_secret_access_key": "rehearsal"}
    assert len(access_key(run)) == 32
    assert boto3.client("ec2", aws_access_key_id=access_key(run), **options).describe_vpn_connections()
    for key in ("rehearsal", "123456789012"):
        with pytest.raises(ClientError, match="AuthFailure"):
            boto3.client("ec2", aws_access_key_id=key, **options).describe_vpn_connections()


def test_the_key_is_new_in_each_run_and_only_in_its_file(lab: tuple[Path, str]) -> None:
    run, url = lab
    key, number = access_key(run), (run / "emulator.pid").read_text(encoding="ascii").strip()
    for name in ("cmdline", "environ"):
        assert key.encode() not in (Path("/proc") / number / name).read_bytes()
    assert [path.name for path in run.iterdir() if path.is_file() and key.encode() in path.read_bytes()] == [
        "credentials"
    ]
    assert start(run) == url
    assert access_key(run) == key
    stop(run)
    (run / "credentials").chmod(0o644)
    start(run)
    assert access_key(run) != key
    assert (run / "credentials").stat().st_mode & 0o777 == 0o600
