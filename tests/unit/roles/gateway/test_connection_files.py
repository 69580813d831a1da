# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IKE connection of a tunnel as the daemon reads it, and what the status of the gateway expects of it."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import charon

PATH = "/etc/swanctl/conf.d/aws-vpn-vpn-0123456789abcdef0-1.conf"


def connection(files: dict[str, str]) -> dict[str, Any]:
    (found,) = charon.sections(files[PATH])["connections"].values()
    return dict(found)


def child(files: dict[str, str]) -> dict[str, Any]:
    (found,) = connection(files)["children"].values()
    return dict(found)


def test_a_tunnel_carries_everything_by_default(role_files: Any) -> None:
    files = role_files()
    assert connection(files)["encap"] == "no"
    assert (child(files)["local_ts"], child(files)["remote_ts"]) == ("0.0.0.0/0", "0.0.0.0/0")


def test_a_tunnel_carries_what_its_connection_does(role_files: Any) -> None:
    options = {"local_ipv4_network_cidr": "10.20.0.0/15", "remote_ipv4_network_cidr": "10.0.0.0/8"}
    found = child(role_files(connection_options=options))
    assert (found["local_ts"], found["remote_ts"]) == ("10.20.0.0/15", "10.0.0.0/8")


def test_the_monitor_may_send_where_nobody_answers(role_files: Any) -> None:
    unit = "/etc/systemd/system/aws-vpn-monitor.service"
    assert "IPAddressAllow=10" not in role_files()[unit]
    files = role_files(connection_options={"remote_ipv4_network_cidr": "10.0.0.0/8"})
    assert "\nIPAddressAllow=169.254.0.0/16\nIPAddressAllow=10.0.0.0\n" in files[unit]


def test_an_accelerated_tunnel_is_always_in_udp(role_files: Any) -> None:
    files = role_files(connection_options={"enable_acceleration": True})
    assert connection(files)["encap"] == "yes"
    assert '"mtu": 1438' in files["/etc/aws-vpn/gateway.json"]
    assert "maxseg size set 1398" in files["/etc/aws-vpn/aws-vpn.nft"]
