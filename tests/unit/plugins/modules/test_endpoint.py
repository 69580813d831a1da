# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials and keys go over the network encrypted only, wherever the endpoint comes from."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MARKER = "MARKER_password.1"
Run = Callable[..., dict[str, Any]]
MODULES: dict[str, dict[str, Any]] = {
    "customer_gateway": {"name": "berlin", "public_ip": "198.51.100.10", "bgp_asn": 65010},
    "vpn_adoption": {"connections": [{"name": "berlin", "public_ip": "198.51.100.10"}]},
    "vpn_concentrator": {"transit_gateway_id": "tgw-0123456789abcdef0"},
    "vpn_connection": {"name": "berlin", "state": "absent"},
    "vpn_connection_info": {"include_secrets": True},
    "vpn_device_configuration": {"name": "berlin", "vendor": "strongswan", "dest": "text"},
    "vpn_device_info": {},
    "vpn_gateway": {"vpc_id": "vpc-0123456789abcdef0"},
    "vpn_sites": {"gateways": [{"name": "berlin"}], "state": "absent"},
    "vpn_tunnel_certificate": {"name": "berlin", "tunnel": 1},
    "vpn_tunnel_replacement": {"name": "berlin", "tunnel": 1},
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever connects to anything fails the test."""
    monkeypatch.chdir(tmp_path)

    def refuse(*_arguments: Any) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("module", MODULES)
def test_plain_http_is_refused_before_the_first_call(run: Run, module: str) -> None:
    result = run(module, endpoint_url=f"http://user:{MARKER}@192.0.2.1:5055/{MARKER}", **MODULES[module])
    assert result["failed"] is True
    assert "endpoint_url (host 192.0.2.1): only https is accepted" in result["msg"]
    assert MARKER not in result["msg"]


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EC2"])
def test_variables_of_the_environment_are_endpoints_too(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://192.0.2.1")
    result = run("vpn_connection_info", endpoint_url=None)
    assert "endpoint_url (host 192.0.2.1): only https is accepted" in result["msg"]


def test_profiles_are_endpoints_too(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\nendpoint_url = http://192.0.2.1\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    result = run("vpn_connection_info", endpoint_url=None)
    assert "endpoint_url (host 192.0.2.1): only https is accepted" in result["msg"]


@pytest.mark.parametrize("url", ["192.0.2.1", "localhost:5055", "https://"])
def test_what_is_no_url_is_refused_in_words(run: Run, url: str) -> None:
    result = run("vpn_connection_info", endpoint_url=url)
    assert result["failed"] is True
    assert "endpoint" in result["msg"], result["msg"]
    assert "Traceback" not in result["printed"]
