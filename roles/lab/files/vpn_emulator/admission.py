# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requests are answered: those of programs on this machine, with an access key that is accepted.

A page in a browser can send requests to loopback. It cannot leave out `Origin` and `Sec-Fetch-Site`, and a name of its
own that leads to loopback (DNS rebinding) is in `Host`.
"""

from __future__ import annotations

import base64
import binascii
import configparser
import hmac
import ipaddress
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from . import role_sessions, service_quotas

CONTROL = "/vpn-emulator/"
RESET = "/moto-api/reset"
# EC2, and what its clients and our tests ask beside it: who am I, the keys that are kept in Secrets Manager, how much
# of EC2 an account may have, and the logs of tunnels.
SERVICES = frozenset({"ec2", "logs", "secretsmanager", service_quotas.SERVICE, "sts"})

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/[^/,]+/[^/,]+/([^/,]+)/")


class Refused(Exception):
    """A request that is not answered, with the status line and the error code it gets."""

    def __init__(self, status: str, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Signer(NamedTuple):
    """Who signed a request, for which AWS service; the signature itself is not checked."""

    access_key: str
    service: str


def is_own(path: str) -> bool:
    """Whether a path is the emulator's own, and none of AWS."""
    return path.startswith(CONTROL) or path == RESET


def _signer(environ: Mapping[str, Any]) -> Signer | None:
    """From the header, or the query of a presigned URL."""
    found = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    return Signer(found[1], found[2].lower()) if found else None


def presigned(environ: Mapping[str, Any]) -> str:
    """The header in place of which a presigned URL has its query; "" without one."""
    (credential,) = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [""])[:1]
    return f"AWS4-HMAC-SHA256 Credential={credential}, Signature=" if credential else ""


def access_keys(credentials: Path) -> dict[str, str]:
    """Those in an AWS credentials file, by profile; ValueError when there is none, or when others can read the file."""
    if stat.S_IMODE(credentials.stat().st_mode) & 0o077:
        raise ValueError(f"others can read {credentials}: its mode must be 0600")
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(credentials.read_text(encoding="utf-8"))
    except configparser.Error as error:
        # Its own message repeats the line.
        raise ValueError(f"{credentials} is not a credentials file: {type(error).__name__}") from None
    keys = {profile: parser.get(profile, "aws_access_key_id", fallback="") for profile in parser.sections()}
    if not all(keys.values()) or not keys:
        raise ValueError(f"{credentials} has a profile without aws_access_key_id, or no profile")
    return keys


def is_loopback(host: str) -> bool:
    """Whether a name or an address is of this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Admission:
    """`host` is what the server listens on. Without `access_keys` every access key is accepted.

    Who has an accepted key may assume roles, so the keys of their sessions are accepted too.
    """

    host: str = "127.0.0.1"
    access_keys: frozenset[str] = frozenset()

    def admit(self, environ: Mapping[str, Any]) -> Signer | None:
        """Who asks an AWS service, or None when it is one of the emulator's own paths; Refused."""
        if "HTTP_ORIGIN" in environ or environ.get("HTTP_SEC_FETCH_SITE", "none") != "none":
            raise Refused("403 Forbidden", "AccessDenied", "the emulator answers no request of a web page")
        if not self._is_ours(environ.get("HTTP_HOST", "")):
            raise Refused("403 Forbidden", "AccessDenied", "the emulator answers only to a loopback name in Host")
        if is_own(environ.get("PATH_INFO", "")):
            if not self._is_accepted(_password(environ)):
                message = "send the access key as the password (HTTP basic authentication)"
                raise Refused("401 Unauthorized", "AuthFailure", message)
            return None
        asked_by = _signer(environ)
        session = role_sessions.find(asked_by.access_key) if asked_by else None
        if asked_by is None or not (session or self._is_accepted(asked_by.access_key)):
            message = "AWS was not able to validate the provided access credentials"
            raise Refused("401 Unauthorized", "AuthFailure", message)
        if session and role_sessions.is_over(session):
            raise Refused("400 Bad Request", "RequestExpired", "Request has expired.")
        if asked_by.service not in SERVICES:
            served = ", ".join(sorted(SERVICES))
            raise Refused("404 Not Found", "UnknownService", f"the emulator serves only {served}")
        return asked_by

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name == self.host.lower() or is_loopback(name)

    def _is_accepted(self, key: str) -> bool:
        given = key.encode()
        return not self.access_keys or any(hmac.compare_digest(given, known.encode()) for known in self.access_keys)


def _password(environ: Mapping[str, Any]) -> str:
    """Of HTTP's basic authentication, which every HTTP client can do without showing it."""
    scheme, _space, encoded = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
