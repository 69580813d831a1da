# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules write to the system's log about how they were invoked has no secret in it, however it is spelt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.hybridnet.aws_vpn.plugins.modules import gateway_files

# As a file that was read with its end of line, and with what Python writes in another way.
KEYS = ["MARKER_plain.1", "MARKER_end.2\n", "MARKER'\"quotes\\3"]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    written: list[str] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda _self, msg, log_args=None: written.append(f"{msg} {log_args}"))
    return written


@pytest.mark.parametrize("key", KEYS, ids=["plain", "end", "quotes"])
def test_sites(run: Any, world: dict[str, str], log: list[str], key: str) -> None:
    site = {
        "name": "berlin",
        "public_ip": "198.51.100.10",
        "bgp_asn": 65010,
        "target": {"transit_gateway_id": world["tgw"]},
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "tunnels": [{"psk": key}],
    }
    result = run("vpn_sites", check=True, gateways=[site])
    assert "Invoked with" in log[0]
    assert "MARKER" not in "".join(log)
    assert "MARKER" not in result["printed"]


@pytest.mark.parametrize("key", KEYS, ids=["plain", "end", "quotes"])
def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], log: list[str], key: str) -> None:
    given = {
        "secret_files": [{"path": str(tmp_path / "a.secret"), "content": f"{key}\nsecond line\n"}],
        "pending_file": str(tmp_path / "pending.json"),
    }
    with patch_module_args(given), pytest.raises(SystemExit):
        gateway_files.main()
    printed = capsys.readouterr().out
    assert json.loads(printed)["changed"] is True
    assert "Invoked with" in log[0]
    assert "MARKER" not in "".join(log)
    assert "MARKER" not in printed
