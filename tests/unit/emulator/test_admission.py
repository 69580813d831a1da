# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets an answer: no web page, no foreign name, no other service, and in the lab nobody without its access key."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

FILES = Path(__file__).parents[3] / "roles" / "lab" / "files"
KEY = "f4d1c2b3a4958677f4d1c2b3a4958677"
EVIL = "https://evil.example"

Answer = tuple[int, dict[str, str], str]
Send = Callable[..., Answer]

DESCRIBE = "/?Action=DescribeVpnConnections&Version=2016-11-15"
OWN_PATHS = [("GET", "/vpn-emulator/log"), ("DELETE", "/vpn-emulator/calls"), ("POST", "/moto-api/reset")]


def signed(service: str = "ec2", key: str = "any") -> dict[str, str]:
    credential = f"Credential={key}/20260101/eu-central-1/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0"}


def presigned(key: str = "any") -> str:
    """What an image of a web page can ask for: no header of a client is needed."""
    return f"{DESCRIBE}&X-Amz-Credential={key}/20260101/eu-central-1/ec2/aws4_request&X-Amz-Signature=0"


def sender(url: str) -> Send:
    def send(method: str, path: str, headers: dict[str, str], host: str | None = None) -> Answer:
        place = urlsplit(url)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=30)
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": place.netloc if host is None else host, "Content-Length": "0", **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
        connection.close()
        return found

    return send


@pytest.fixture
def send(emulator: Any) -> Send:
    return sender(emulator.url)


@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost:8000"])
@pytest.mark.parametrize(("method", "path"), [("POST", DESCRIBE), ("OPTIONS", "/"), ("GET", presigned()), *OWN_PATHS])
def test_a_web_page_is_refused(region: Any, emulator: Any, send: Send, method: str, path: str, origin: str) -> None:
    key = region.connection()["Options"]["TunnelOptions"][0]["PreSharedKey"]
    before = dict(emulator.calls)
    status, headers, body = send(method, path, {"Origin": origin, **signed()})
    assert status == 403
    assert not [name for name in headers if name.startswith("access-control-")]
    assert key not in body
    assert emulator.calls == before


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin"])
@pytest.mark.parametrize(("method", "path"), [("GET", presigned()), ("GET", "/vpn-emulator/log")])
def test_an_image_or_a_frame_of_a_web_page_is_refused(send: Send, method: str, path: str, site: str) -> None:
    """Browsers send no Origin with these."""
    assert send(method, path, {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"})[0] == 403


def test_no_answer_allows_a_web_page_to_read_it(send: Send) -> None:
    requests = [("POST", DESCRIBE, signed()), ("POST", "/?Action=MakeCoffee", signed()), ("GET", "/nothing", signed())]
    requests += [("POST", "/?Action=GetCallerIdentity&Version=2011-06-15", signed("sts"))]
    requests += [("POST", "/", {"X-Amz-Target": "secretsmanager.ListSecrets", **signed("secretsmanager")})]
    requests += [(method, path, {}) for method, path in OWN_PATHS]
    for method, path, headers in requests:
        _status, answered, _body = send(method, path, headers)
        assert not [name for name in answered if name.startswith("access-control-")], (method, path)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:5055", "127.0.0.1.evil.example", "169.254.169.254", "[fd00::1]", "[::1", ""]
)
@pytest.mark.parametrize(("method", "path"), [("POST", DESCRIBE), *OWN_PATHS])
def test_a_foreign_host_is_refused(emulator: Any, send: Send, method: str, path: str, host: str) -> None:
    """A name of the attacker's that leads to loopback, so that the browser sees one origin."""
    assert send(method, path, signed(), host=host)[0] == 403
    assert emulator.calls == {}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:5055", "127.9.9.9", "[::1]:5055"])
def test_names_of_loopback_are_served(send: Send, host: str) -> None:
    assert send("POST", DESCRIBE, signed(), host=host)[0] == 200
    assert send("GET", "/vpn-emulator/log", {"Sec-Fetch-Site": "none"}, host=host)[0] == 200


def test_the_name_it_listens_on_is_served() -> None:
    from vpn_emulator.admission import Admission, Refused

    request = {"HTTP_HOST": "192.0.2.1:5055", "PATH_INFO": "/vpn-emulator/log"}
    assert Admission("192.0.2.1").admit(request) is None
    with pytest.raises(Refused, match="loopback"):
        Admission("192.0.2.2").admit(request)


@pytest.mark.parametrize("service", ["lambda", "iam", "s3", "ssm", "cloudformation"])
def test_other_services_are_not_served(emulator: Any, service: str) -> None:
    client = boto3.client(service, **emulator.client_options())
    operation = {"lambda": "list_functions", "iam": "list_users", "ssm": "describe_parameters"}
    operation |= {"s3": "list_buckets", "cloudformation": "list_stacks"}
    with pytest.raises(ClientError) as caught:
        getattr(client, operation[service])()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/moto-api/", "/moto-api/data.json", "/latest/meta-data/iam/", "/2015-03-31/functions/", "/bucket/key"],
)
def test_what_nobody_signed_is_refused(send: Send, path: str) -> None:
    assert send("GET", path, {})[0] == 401


# With credentials of its own


class Process:
    def __init__(self, *options: str | Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "vpn_emulator", "--port", "0", *options],
            env={**os.environ, "PYTHONPATH": str(FILES)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def stop(self) -> tuple[str, str]:
        """What it said after its first line, and on standard error."""
        self.process.terminate()
        self.process.wait(timeout=20)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        return self.process.stdout.read(), self.process.stderr.read()


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.touch(mode=mode)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[Process, str]]:
    """An emulator with one access key, and its address."""
    text = f"[rehearsal]\naws_access_key_id = {KEY}\naws_secret_access_key = any\n"
    process = Process("--credentials", write(tmp_path / "credentials", text))
    assert process.process.stdout is not None
    yield process, process.process.stdout.readline().split()[-1]
    process.stop()


def ec2(url: str, key: str) -> Any:
    options = {"endpoint_url": url, "region_name": "eu-central-1", "aws_secret_access_key": "any"}
    return boto3.client("ec2", aws_access_key_id=key, **options)


def test_only_its_access_key_is_accepted(guarded: tuple[Process, str]) -> None:
    _process, url = guarded
    send = sender(url)
    assert ec2(url, KEY).describe_vpn_connections()["VpnConnections"] == []
    for key in ("any", "123456789012", KEY[:-1], KEY.upper()):
        with pytest.raises(ClientError) as caught:
            ec2(url, key).describe_vpn_connections()
        assert caught.value.response["Error"]["Code"] == "AuthFailure"
        assert send("GET", presigned(key), {})[0] == 401
    assert send("GET", presigned(KEY), {})[0] == 200


def test_the_sessions_of_roles_that_were_assumed_with_it_are_accepted(guarded: tuple[Process, str]) -> None:
    options = {"endpoint_url": guarded[1], "region_name": "eu-central-1", "aws_secret_access_key": "any"}
    sts = boto3.client("sts", aws_access_key_id=KEY, **options)
    role = sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/vpn", RoleSessionName="test")
    session = role["Credentials"]["AccessKeyId"]
    assert ec2(guarded[1], session).describe_vpn_connections()["VpnConnections"] == []
    with pytest.raises(ClientError, match="AuthFailure"):
        ec2(guarded[1], session[:-1]).describe_vpn_connections()


@pytest.mark.parametrize(("method", "path"), OWN_PATHS)
def test_its_own_paths_want_the_access_key_as_password(guarded: tuple[Process, str], method: str, path: str) -> None:
    send = sender(guarded[1])

    def basic(text: str) -> dict[str, str]:
        return {"Authorization": f"Basic {b64encode(text.encode()).decode()}"}

    for headers in ({}, basic("lab:any"), basic(KEY), {"Authorization": "Basic %%%"}, signed(key=KEY)):
        assert send(method, path, headers)[0] == 401
    assert send(method, path, basic(f"lab:{KEY}"))[0] == 200


def test_the_access_key_is_in_no_process_list_and_no_output(guarded: tuple[Process, str]) -> None:
    process, url = guarded
    directory = Path("/proc") / str(process.process.pid)
    for name in ("cmdline", "environ"):
        assert KEY.encode() not in (directory / name).read_bytes()
    ec2(url, KEY).describe_vpn_connections()
    output, complaints = process.stop()
    assert KEY not in output + complaints
    assert "AWS_PROFILE=rehearsal aws --endpoint-url" in output


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        (f"[lab]\naws_access_key_id = {KEY}\n", 0o640, "others can read"),
        ("[lab]\naws_secret_access_key = any\n", 0o600, "without aws_access_key_id"),
        ("", 0o600, "no profile"),
        (f"aws_access_key_id = {KEY}\n", 0o600, "not a credentials file"),
    ],
)
def test_bad_credentials_end_it_at_the_start(tmp_path: Path, text: str, mode: int, words: str) -> None:
    process = Process("--credentials", write(tmp_path / "credentials", text, mode))
    output, complaints = process.process.communicate(timeout=20)
    assert (process.process.returncode, output) == (1, "")
    assert words in complaints
    assert complaints.count("\n") == 1
    assert KEY not in complaints


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])  # it must refuse them
def test_other_machines_are_served_only_with_credentials(host: str) -> None:
    process = Process("--host", host)
    output, complaints = process.process.communicate(timeout=20)
    assert (process.process.returncode, output) == (1, "")
    assert "--credentials" in complaints
