# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files rendered from values, as tasks ask for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_files import FilterModule
from jinja2 import UndefinedError

gateway_files = FilterModule().filters()["gateway_files"]

LISTING = """
- path: /etc/program
  content: {{ source('program') | tojson }}
{% for peer in peers %}
- path: /etc/{{ peer.name }}
  content: {{ rendered('one.j2', peer=peer) | tojson }}
  mode: "0600"
{% endfor %}
"""


def peer(name: str) -> dict[str, Any]:
    networks = {"local_cidrs": ["10.20.0.0/16"], "remote_cidrs": ["10.0.0.0/16"]}
    return {"name": name, **networks, "allowed_cidrs": ["10.20.0.0/16"], "unreachable_cidrs": [], "uplink_route": False}


@pytest.fixture
def role(tmp_path: Path) -> str:
    for name, text in {
        "templates/list.yml.j2": LISTING,
        "templates/one.j2": "{% if secret %}\n{{ peer.name }}: {{ secret }}\n{% endif %}\nend\n",
        "templates/more.yml.j2": "- path: {{ place }}\n",
        "templates/none.yml.j2": "{% for peer in peers %}\n- path: {{ peer.name }}\n{% endfor %}\n",
        "files/program": "#!/bin/sh\necho '{{ not a template }}'\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path)


def test_files_of_the_gateway_and_of_each_peer(role: str) -> None:
    assert gateway_files([peer("a"), peer("b")], "list.yml.j2", role, {"secret": "x"}) == [
        {"path": "/etc/program", "content": "#!/bin/sh\necho '{{ not a template }}'\n"},
        {"path": "/etc/a", "content": "a: x\nend\n", "mode": "0600"},
        {"path": "/etc/b", "content": "b: x\nend\n", "mode": "0600"},
    ]


@pytest.mark.parametrize("value", ["{{ 7 * 7 }}", "{% raw %}", "a: b\n- c", "' \" \\ </script> \u00e9 \u2028"])
def test_a_value_is_a_value_whatever_is_in_it(role: str, value: str) -> None:
    (_program, entry) = gateway_files([peer("a")], "list.yml.j2", role, {"secret": value})
    assert entry["content"] == f"a: {value}\nend\n"


def test_what_is_not_given_is_not_there(role: str) -> None:
    with pytest.raises(UndefinedError, match="'place' is undefined"):
        gateway_files([], "more.yml.j2", role, {})


@pytest.mark.parametrize("name", ["../../etc/cron.d/pwn", "a\n- path: /etc/cron.d/pwn", "a b", ""])
def test_a_peer_names_no_file_of_others(role: str, name: str) -> None:
    with pytest.raises(AnsibleFilterError, match="gateway_files: peers.name .* is not one word"):
        gateway_files([peer(name)], "list.yml.j2", role, {"secret": "x"})


def test_no_peers_may_mean_no_files(role: str) -> None:
    nothing: list[dict[str, Any]] = gateway_files([], "none.yml.j2", role, {})
    assert nothing == []


def test_templates_see_what_exists_once_on_the_gateway(role: str) -> None:
    Path(role, "templates/gateway.yml.j2").write_text(
        "- path: {{ gateway.remote_cidrs | join(' ') }}\n", encoding="utf-8"
    )
    assert gateway_files([peer("a"), peer("b")], "gateway.yml.j2", role, {}) == [{"path": "10.0.0.0/16"}]
