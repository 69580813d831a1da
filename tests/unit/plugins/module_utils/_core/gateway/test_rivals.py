# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which connections in the files of an IKE daemon are of its owner."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import rivals

SWANCTL = """\
# connections { commented { } }
include conf.d/*.conf
connections {
  branch { # to the branch
    local { auth = psk }
    children { net { start_action = trap } }
  }
  "with space" {
    version = 2
  }
}
secrets { ike-1 { secret = "a } and { b" } }
"""
LIBRESWAN = """\
config setup
  plutodebug=none
conn %default
  ikev2=yes
conn branch
  left=198.51.100.10
#conn old
include /etc/ipsec.d/*.conf
"""
OURS = "connections {\n  vpn-0123456789abcdef0-1 {\n  }\n}\n"


def test_the_sections_below_connections() -> None:
    assert rivals.swanctl_connections(SWANCTL) == ["branch", '"with space"']
    assert rivals.swanctl_connections("authorities { ca { } }\n") == []


@pytest.mark.parametrize("unit", ["ipsec.service", "strongswan-starter.service"])
def test_the_connections_of_ipsec_conf(unit: str) -> None:
    assert rivals.others(unit, {"/etc/ipsec.conf": LIBRESWAN}, []) == ["/etc/ipsec.conf (branch)"]


def test_our_own_do_not_count() -> None:
    texts = {"/etc/swanctl/conf.d/aws-vpn-vpn-0123456789abcdef0-1.conf": OURS, "/etc/swanctl/swanctl.conf": "# none\n"}
    assert rivals.others("strongswan.service", texts, ["vpn-0123456789abcdef0-1"]) == []


def test_what_the_daemon_has_from_elsewhere() -> None:
    texts = {"/etc/swanctl/conf.d/branch.conf": SWANCTL}
    assert rivals.others("strongswan.service", texts, ["branch", "vpn-0123456789abcdef0-2", "by-vici"]) == [
        '/etc/swanctl/conf.d/branch.conf (branch, "with space")',
        "the daemon has loaded by-vici",
    ]
