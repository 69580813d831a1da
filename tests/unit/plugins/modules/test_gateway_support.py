# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No key of a gateway leaves it: neither those of the role nor those of its owner, wherever they are printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[4]
# The secrets of the role and of the owner, and the key of an IPsec SA.
PSK, OLD_PSK, OWNER, MD5 = "MARKER_psk.1", "MARKER_psk.of.libreswan", "MARKER_of_the_owner", "MARKER_md5"
SA_KEY = "5ec2e7" * 6
RUN = """
import sys
sys.path.insert(0, sys.argv[1])
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import gateway_support as entry
from ansible_collections.hybridnet.aws_vpn.plugins.modules import gateway_support
entry.SECRET_FILES = tuple(sys.argv[2] + pattern for pattern in entry.SECRET_FILES)
sys.argv = ["gateway_support"]
gateway_support.main()
"""
FILES = {
    "etc/swanctl/conf.d/aws-vpn-key-1.conf": f'secrets {{\n  ike-1 {{\n    secret = "{PSK}"\n  }}\n}}\n',
    "etc/ipsec.d/aws-vpn-key-1.secrets": f'198.51.100.10 203.0.113.2 : PSK "{OLD_PSK}"\n',
    "etc/swanctl/swanctl.conf": f"secrets {{\n eap-owner {{\n  secret = {OWNER}\n }}\n}}\n",
    "etc/frr/frr.conf": f"router bgp 65010\n neighbor 192.0.2.1 password {MD5}\n",
}
STATE = f"""src 198.51.100.10 dst 203.0.113.2
\tproto esp spi 0xcf3ddcb5 reqid 1 mode tunnel
\taead rfc4106(gcm(aes)) 0x{SA_KEY} 128
"""
JOURNAL = f"""2026-01-30 charon[1]: secret is {PSK}, was {OLD_PSK}
2026-01-30 bgpd[2]: neighbor 192.0.2.1 password {MD5}
2026-01-30 charon[1]: {PSK.encode().hex()}
"""
PROGRAMS = {
    # One that does not know "nokeys".
    "ip": f"case \"$*\" in *xfrm*state*) cat <<'E'\n{STATE}E\n;; *) echo 'link 1';; esac",
    "journalctl": f"cat <<'E'\n{JOURNAL}E",
    "vtysh": f"echo 'description {OWNER}'",
    "swanctl": f"echo list; echo 'cannot load {PSK}' >&2; exit 3",
    "nft": "sleep 60",
    "timeout": 'shift; case "$1" in */nft) exit 124;; esac; exec "$@"',
    "cat": 'exec /bin/cat "$@"',
}


@pytest.fixture
def report(tmp_path: Path) -> str:
    """The output of the module on a gateway with these files and programs."""
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, body in PROGRAMS.items():
        program = programs / name
        program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        program.chmod(0o755)
    arguments: dict[str, Any] = {"_ansible_remote_tmp": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(ROOT / "collections"), str(tmp_path)],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": str(programs), "PYTHONWARNINGS": "ignore"},
    )
    return done.stdout


def test_no_key_travels(report: str) -> None:
    for secret in (PSK, OLD_PSK, OWNER, MD5, "MARKER", SA_KEY, SA_KEY[:20], PSK.encode().hex()):
        assert secret not in report


def test_what_explains_the_gateway_travels(report: str) -> None:
    text = json.loads(report)["text"]
    assert "===== ip -statistics xfrm state list nokeys\nsrc 198.51.100.10 dst 203.0.113.2\n" in text
    assert "spi 0xcf3ddcb5 reqid 1 mode tunnel" in text
    assert "aead rfc4106(gcm(aes)) (removed) 128" in text
    assert "charon[1]: secret is (removed), was (removed)" in text
    assert "===== ip rule show\nlink 1\n" in text
    # What fails says so, and is ended when it does not come to an end.
    assert "===== swanctl --list-sas\nlist\ncannot load (removed)\n(exit status 3)\n" in text
    assert "===== nft list ruleset\n(exit status 124)\n" in text
    # What is not there is left out.
    assert "===== ipsec status" not in text
