# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Takes keys and passwords out of texts of a gateway: those that its files have, and what looks like one."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Iterator

REMOVED = "(removed)"
# What is shorter would also be found in words that are no secret.
_SHORTEST = 4

# Where files of daemons have a secret: swanctl.conf, ipsec.secrets, frr.conf.
_IN_FILES = (
    re.compile(r"^\s*secret\w*\s*=\s*(.+)", re.MULTILINE),
    re.compile(r":\s*(?:PSK|RSA|ECDSA|PKCS8|P12|EAP|XAUTH|NTLM|PIN|PPK|PPKS)\s+(.+)", re.MULTILINE),
    re.compile(r"\b(?:password|key-string|authentication-key|md5|authentication string)\s+(?:\d+\s+)?(\S+)"),
)
# What a text can have besides: keys of IPsec SAs (ip xfrm state), passwords of commands, dumps of bytes.
_XFRM_KEY = re.compile(r"\b0x[0-9a-fA-F]{16,}\b")
_XFRM_LINE = re.compile(r"^(\s*(?:auth|auth-trunc|enc|aead)\s+\S+\s+)0x\S+", re.MULTILINE)
_PASSWORD = re.compile(
    r"((?:password|passphrase|key-string|message-digest-key \d+ md5|authentication-key)\s+)(?:\d+\s+)?\S+",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(r"(\bsecret\w*\s*=\s*|:\s*PSK\s+).+")
_DUMP = re.compile(r"^.*\b\d+: (?:[0-9A-F]{2} ){2,}.*", re.MULTILINE)


def secrets_in(content: str) -> set[str]:
    """The secrets of a configuration file."""
    found = {match.strip() for pattern in _IN_FILES for match in pattern.findall(content)}
    # A comment can follow.
    found |= {match.split("#")[0].strip() for match in found}
    return {match.strip("\"'") for match in found} - {""}


def redacted(text: str, secrets: Collection[str]) -> str:
    """A text without these secrets in any of their forms, and without what looks like a key or a password."""
    for secret in sorted(_forms(secrets), key=len, reverse=True):
        text = text.replace(secret, REMOVED)
    text = _XFRM_LINE.sub(rf"\g<1>{REMOVED}", text)
    text = _XFRM_KEY.sub(REMOVED, text)
    text = _PASSWORD.sub(rf"\g<1>{REMOVED}", text)
    text = _ASSIGNED.sub(rf"\g<1>{REMOVED}", text)
    return _DUMP.sub(REMOVED, text)


def _forms(secrets: Iterable[str]) -> Iterator[str]:
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            data = secret.encode()
            yield from (secret, data.hex(), data.hex().upper(), base64.b64encode(data).decode())
