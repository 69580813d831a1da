# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter site_list: on the variables as Ansible holds them, lazy and templated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import is_trusted_as_template, trust_as_template
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager
from ansible_collections.hybridnet.aws_vpn.plugins.filter.site_list import FilterModule

ROOT = Path(__file__).resolve().parents[4]
MARKER = "MarkerKey+20"


def hosts_of(inventory: Path) -> list[Any]:
    """The variables of the group vpn_gateways as a play sees them in hostvars."""
    loader = DataLoader()
    loader.set_basedir(str(inventory.parent))
    manager = InventoryManager(loader=loader, sources=[str(inventory)])
    hostvars = HostVars(manager, VariableManager(loader=loader, inventory=manager), loader)
    return [hostvars[host.name] for host in manager.get_hosts("vpn_gateways")]


def site_list(*arguments: Any) -> dict[str, Any]:
    return dict(FilterModule().filters()["site_list"](*arguments))


def written(tmp_path: Path, text: str, name: str = "hosts.yml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_example_inventory_has_no_problem() -> None:
    result = site_list(hosts_of(ROOT / "inventories" / "example"))
    assert result["problems"] == []
    assert [(site["name"], site["routing"], list(site["target"])) for site in result["gateways"]] == [
        ("berlin", "bgp", ["transit_gateway_id"]),
        ("madrid", "static", ["vpn_gateway"]),
    ]
    assert result["hosts"]["berlin"]["probe_host"] == "berlin-host"


def test_values_are_templated_to_the_last_leaf(tmp_path: Path) -> None:
    hosts = hosts_of(
        written(
            tmp_path,
            """
            vpn_gateways:
              hosts:
                berlin:
                  number: 20
                  site_vpn_region: eu-central-1
                  site_vpn_target: {transit_gateway_id: "tgw-{{ '0' * 17 }}"}
                  site_vpn_public_ip: 198.51.100.{{ number }}
                  site_vpn_bgp_asn: "{{ 65000 + number }}"
                  site_vpn_local_cidrs: ["10.{{ number }}.0.0/16"]
                  site_vpn_remote_cidrs: "{{ ['10.0.0.0/16'] }}"
                  site_vpn_tunnels: [{inside_cidr: "169.254.{{ number }}.0/30", psk: "{{ vault_psk }}"}]
                  vault_psk: marker.key_1
            """,
        )
    )
    result = site_list(hosts)
    assert result["problems"] == []
    assert result["gateways"] == [
        {
            "name": "berlin",
            "public_ip": "198.51.100.20",
            "bgp_asn": 65020,
            "region": "eu-central-1",
            "target": {"transit_gateway_id": "tgw-00000000000000000"},
            "routing": "bgp",
            "local_cidrs": ["10.20.0.0/16"],
            "remote_cidrs": ["10.0.0.0/16"],
            "preference": 1,
            "tunnels": [{"inside_cidr": "169.254.20.0/30"}],
            "tags": {},
        }
    ]


def test_ini_inventory(tmp_path: Path) -> None:
    hosts = hosts_of(
        written(
            tmp_path,
            "[vpn_gateways]\n"
            "berlin site_vpn_public_ip=198.51.100.10 site_vpn_bgp_asn=65010 site_vpn_local_cidrs=\"['10.20.0.0/16']\"\n"
            "[vpn_gateways:vars]\n"
            "site_vpn_region=eu-central-1\n"
            "site_vpn_remote_cidrs=['10.0.0.0/16']\n"
            "site_vpn_target={'vpn_gateway': {'vpc_id': 'vpc-0a1b2c3d', 'amazon_side_asn': '64513'}}\n",
            "hosts.ini",
        )
    )
    assert site_list(hosts)["problems"] == []


def test_what_cannot_be_evaluated_is_one_problem_among_the_others(tmp_path: Path) -> None:
    hosts = hosts_of(
        written(
            tmp_path,
            f"""
            vpn_gateways:
              hosts:
                berlin:
                  site_vpn_region: "{{{{ nowhere }}}}"
                  site_vpn_target: {{transit_gateway_id: "{{{{ lab.transit_gateway_id }}}}"}}
                  site_vpn_public_ip: "{{{{ 1 // 0 }}}}"
                  site_vpn_bgp_asn: 7224
                  site_vpn_local_cidrs: [10.20.0.0/16]
                  site_vpn_remote_cidrs: [10.0.0.0/16]
                  site_vpn_tunnels: [{{psk: "{{{{ lookup('pipe', 'echo {MARKER}; exit 1') }}}}"}}]
                  broken_but_not_ours: "{{{{ nothing }}}}"
                madrid:
                  site_vpn_tunnels: [{{psk: "{{{{ vault_madrid_psk }}}}"}}]
            """,
        )
    )
    problems = site_list(hosts)["problems"]
    assert MARKER not in str(problems)
    berlin = [problem for problem in problems if problem.startswith("berlin: ")]
    assert berlin[0].startswith("berlin: site_vpn_public_ip: cannot be evaluated: ")
    assert berlin[0].endswith("by zero")
    assert berlin[1] == "berlin: site_vpn_region: cannot be evaluated: 'nowhere' is undefined"
    assert berlin[2] == "berlin: site_vpn_target: cannot be evaluated: 'lab' is undefined"
    assert berlin[3].startswith("berlin: site_vpn_tunnels: cannot be evaluated: its template fails")
    assert berlin[4].startswith("berlin: site_vpn_bgp_asn=7224: reserved by AWS")
    assert len(berlin) == 5
    assert "madrid: site_vpn_tunnels: cannot be evaluated: 'vault_madrid_psk' is undefined" in problems


def test_a_key_that_cannot_be_decrypted_says_so(tmp_path: Path) -> None:
    hosts = hosts_of(
        written(
            tmp_path,
            """
            vpn_gateways:
              hosts:
                berlin:
                  site_vpn_tunnels:
                    - psk: !vault |
                        $ANSIBLE_VAULT;1.1;AES256
                        33363965326261303234
            """,
        )
    )
    assert (
        "berlin: site_vpn_tunnels: cannot be evaluated: its vaulted value cannot be decrypted "
        "(is the vault password given?)" in site_list(hosts)["problems"]
    )


def test_words_to_the_play_are_not_read(tmp_path: Path) -> None:
    hosts = hosts_of(
        written(
            tmp_path,
            """
            vpn_gateways:
              hosts:
                berlin:
                  site_vpn_hosts: berlin
            """,
        )
    )
    assert not [problem for problem in site_list(hosts)["problems"] if "site_vpn_hosts" in problem]


@pytest.mark.parametrize("hosts", ["berlin", {"inventory_hostname": "berlin"}, 7, [{}], ["berlin"]])
def test_wrong_input(hosts: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="site_list"):
        site_list(hosts)


def test_no_hosts() -> None:
    lists = ("gateways", "keys_from_aws", "regions", "region_labels", "vpcs", "problems", "gateway_problems")
    assert site_list([]) == {"hosts": {}, **{name: [] for name in lists}}


def leaves(value: Any) -> Iterator[str]:
    """Every text in a result."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)


def test_no_text_of_the_result_is_a_template() -> None:
    """The playbooks keep it as a fact, and facts are evaluated."""
    template = trust_as_template("{{ 'evaluated' }}")
    given = {
        "site_vpn_local_cidrs": [template],
        "site_vpn_tags": {template: template},
        "site_vpn_device_name": template,
    }
    good = {
        "inventory_hostname": "berlin",
        "site_vpn_region": "eu-central-1",
        "site_vpn_target": {"transit_gateway_id": trust_as_template("tgw-0123456789abcdef0")},
        "site_vpn_public_ip": "198.51.100.10",
        "site_vpn_bgp_asn": 65010,
        "site_vpn_remote_cidrs": ["10.0.0.0/16"],
    }
    for host in ({**good, **given}, {**good, **given, "site_vpn_local_cidrs": ["10.20.0.0/16"]}):
        found = list(leaves(site_list([host])))
        assert template in " ".join(found)
        assert not any(is_trusted_as_template(text) for text in found)
