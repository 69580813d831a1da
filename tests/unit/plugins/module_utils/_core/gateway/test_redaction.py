# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and passwords are taken out of texts, in every form in which a gateway has them."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.redaction import redacted, secrets_in

KEY = "MARKER_psk.1"
FILES = {
    f'secrets {{\n  ike-vpn {{\n    id-0 = 203.0.113.2\n    secret = "{KEY}"\n  }}\n}}\n': {KEY},
    f"secret = {KEY} # of the first tunnel\n": {KEY, f"{KEY} # of the first tunnel"},
    f'198.51.100.10 203.0.113.2 : PSK "{KEY}"\n': {KEY},
    f"# nothing\n%any 203.0.113.6 : PSK {KEY}\n : RSA host.pem '{KEY}2'\n": {KEY, f"host.pem '{KEY}2"},
    f"router bgp 65010\n neighbor 192.0.2.1 password {KEY}\n neighbor 192.0.2.2 password 8 {KEY}2\n": {KEY, f"{KEY}2"},
    f"key chain one\n key 1\n  key-string {KEY}\nip ospf message-digest-key 1 md5 {KEY}3\n": {KEY, f"{KEY}3"},
    "router bgp 65010\n bgp router-id 198.51.100.10\n": set(),
}
LINES = [
    f"charon: loaded IKE secret {KEY} of a file",
    f"charon: {KEY.encode().hex()} and {base64.b64encode(KEY.encode()).decode()}",
    "        aead rfc4106(gcm(aes)) 0x1111222233334444555566667777888899990000 128",
    "        auth-trunc hmac(sha256) 0x00112233 96",
    "        enc cbc(aes) 0x00112233445566778899aabbccddeeff",
    "bgpd: neighbor 192.0.2.9 password 8 other.PassWord",
    "Enable Password another-one",
    "charon: key => 12 bytes @ 0x7f33\n charon:    0: 4D 41 52 4B 45 52 5F 70 73 6B 2E 31  MARKER_psk.1",
    "    secret = a word of two",
    '203.0.113.2 : PSK "a word of two"',
]
KEPT = [
    "src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x00000101 reqid 0 mode tunnel\n\tmark 0x8000/0xffffffff",
    "aead rfc4106(gcm(aes)) <<Keys hidden>> 128",
    "vpn-0123456789abcdef0-1: #1, ESTABLISHED, IKEv2, 0f1e2d3c4b5a6978_i* 8796a5b4c3d2e1f0_r",
    "neighbor 192.0.2.1 remote-as 64512",
]


@pytest.mark.parametrize("content", FILES)
def test_secrets_of_files(content: str) -> None:
    assert secrets_in(content) == FILES[content]


@pytest.mark.parametrize("line", LINES)
def test_what_is_taken_out(line: str) -> None:
    text = redacted(f"before\n{line}\nafter", {KEY})
    assert "(removed)" in text
    assert text.startswith("before\n")
    assert text.endswith("\nafter")
    for secret in (
        KEY,
        KEY.encode().hex(),
        "1111222233",
        "00112233",
        "other.PassWord",
        "another-one",
        "a word",
        "4D 41",
    ):
        assert secret not in text


@pytest.mark.parametrize("text", KEPT)
def test_what_is_kept(text: str) -> None:
    assert redacted(text, {KEY, "1", ""}) == text
