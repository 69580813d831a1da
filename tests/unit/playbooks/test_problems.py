# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several problems are several lines of what Ansible prints, as people read them, without brackets and quotes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

WRONG = [
    "berlin: site_vpn_ipsec=openswan: must be strongswan or libreswan",
    "berlin: site_vpn_bgp_asn=7224: reserved by AWS in every Region",
]


def lines(output: str, *problems: str) -> list[str]:
    """How each problem is printed by the task that failed: what is before it on its line."""
    (message,) = re.findall(r"^\[ERROR\]: .*?Action failed: ((?:.+\n)+?)Origin: ", output, re.MULTILINE)
    starts = (re.findall(rf"^(.*){re.escape(problem)}", message, re.MULTILINE) for problem in problems)
    return [start for found in starts for start in found]


@pytest.mark.parametrize(("playbook", "words"), [("site_vpn", {}), ("teardown", {"teardown_confirm": 1})])
def test_problems_of_the_inventory(play: Any, guide_inventory: Any, playbook: str, words: dict[str, Any]) -> None:
    guide_inventory.add("host_vars/berlin.yml", site_vpn_bgp_asn=7224, site_vpn_ipsec="openswan")
    code, output = play(playbook, "-i", "hosts.yml", **words)
    assert code != 0
    assert lines(output, *WRONG) == ["", ""]


def test_reasons_why_a_host_cannot_be_a_gateway(play: Any, guide_inventory: Any, answers: dict[str, Any]) -> None:
    answers["gateway_status"].update(ipsec_capable=False, missing=["esp4"])
    guide_inventory.add("group_vars/all.yml", answers=answers, site_vpn_lan_address="10.20.0.9")
    code, output = play("site_vpn", "-i", "hosts.yml")
    assert code != 0
    found = lines(output, "the kernel does not support IPsec (missing: esp4)", "gateway_lan_address 10.20.0.9 is not")
    assert found == ["berlin cannot be a gateway: "] * 2


@pytest.mark.usefixtures("guide_inventory")
def test_causes_of_tunnels_that_are_not_up(play: Any) -> None:
    code, output = play("site_vpn", "-i", "hosts.yml", site_vpn_verify_wait=0)
    assert code != 0
    assert lines(output, "berlin tunnel 1 (", "berlin tunnel 2 (") == ["", ""]


UNNAMED = "gateway_peers: tunnel 1 of an unnamed connection"
FILTERS = """
- name: Filters that refuse what they are given
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Refuse it
      ansible.builtin.debug:
        msg: "{{ EXPRESSION }}"
"""


@pytest.mark.parametrize(
    ("expression", "problems"),
    [
        (
            "[{'number': 1}] | hybridnet.aws_vpn.gateway_peers",
            [
                f"gateway_peers: tunnel 1 of an unnamed connection: no {key}"
                for key in ("vpn_connection_id", "inside_cidr")
            ],
        ),
        (
            "[{'name': 'a b', 'mtu': 'c d'}] | hybridnet.aws_vpn.gateway_files('x', role_path | default(''), {})",
            ["gateway_files: peers.name 'a b' is not one word", "gateway_files: peers.mtu 'c d' is not one word"],
        ),
        (
            "{'AWS_A': 'x', 'HTTPS_PROXY': 'http://u:p@proxy'} | hybridnet.aws_vpn.aws_environment",
            ["environment.AWS_A: ", "environment.HTTPS_PROXY: must not contain"],
        ),
    ],
)
def test_problems_of_a_filter(play: Any, tmp_path: Path, expression: str, problems: list[str]) -> None:
    path = tmp_path / "play.yml"
    path.write_text(FILTERS.replace("EXPRESSION", expression), encoding="utf-8")
    code, output = play(str(path))
    assert code != 0
    (message,) = re.findall(r"^\[ERROR\]: ((?:.+\n)+)", output, re.MULTILINE)
    starts = [re.findall(rf"^(.*){re.escape(problem)}", message, re.MULTILINE) for problem in problems]
    # Only before the first one Ansible says what it did.
    assert [len(found) for found in starts] == [1] * len(problems)
    assert starts[1:] == [[""]] * (len(problems) - 1)
