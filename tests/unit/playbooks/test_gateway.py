# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role gateway on hosts that answer, and what it hands to the role verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE.parents[2] / "roles" / "gateway" / "files"
VERDICT = "the gateway does not know this tunnel"
# AWS's sample algorithms.
WEAK = {
    f"phase{phase}_{name}": value
    for phase in (1, 2)
    for name, value in (
        ("encryption_algorithms", ["AES128"]),
        ("integrity_algorithms", ["SHA1"]),
        ("dh_group_numbers", [2]),
    )
}


def tunnel(number: int, **changes: Any) -> dict[str, Any]:
    """Tunnel 1 or 2 of one connection, as vpn_sites returns it."""
    first = 4 * (number - 1)
    return {
        "vpn_connection_id": "vpn-0123456789abcdef0",
        "number": number,
        "outside_address": f"203.0.113.{first + 2}",
        "customer_address": "198.51.100.10",
        "inside_cidr": f"169.254.20.{first}/30",
        "aws_inside_address": f"169.254.20.{first + 1}",
        "customer_inside_address": f"169.254.20.{first + 2}",
        "amazon_side_asn": 64512,
        "customer_asn": 65010,
        "routing": "bgp",
        "local_cidrs": ["10.20.0.0/16", "10.21.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "options": {},
        **changes,
    }


NOTHING_BEHIND = [tunnel(number, routing="static", local_cidrs=[]) for number in (1, 2)]


class Role:
    """Runs the role, or a part of it, on hosts that only have tunnels and keys."""

    def __init__(self, play: Any, answers: dict[str, Any], directory: Path) -> None:
        self.play = play
        self.recording = directory / "recording"
        self.directory = directory
        self.variables: dict[str, Any] = {
            "ansible_connection": "answering",
            "ansible_python_interpreter": "/usr/bin/python3",
            "answers": answers,
            "gateway_tunnels": [tunnel(1), tunnel(2)],
            "gateway_psks": {"203.0.113.2": "A_key.of_a_test", "203.0.113.6": "A_key.of_a_test"},
        }
        play.environment.update(
            RECORDING=str(self.recording),
            ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callback_plugins"),
            ANSIBLE_CALLBACKS_ENABLED="recording",
        )

    def __call__(self, *words: str, hosts: int = 1, tasks_from: str = "main", then: Any = ()) -> tuple[int, str]:
        """Exit code and output; the hosts are gateway-0 and so on."""
        self.recording.unlink(missing_ok=True)
        names = dict.fromkeys(f"gateway-{number}" for number in range(hosts))
        inventory = {"vpn_gateways": {"hosts": names, "vars": self.variables}}
        role = {"name": "hybridnet.aws_vpn.gateway", "tasks_from": tasks_from}
        tasks = [{"ansible.builtin.include_role": role}, *then]
        plays = [{"hosts": "vpn_gateways", "gather_facts": False, "tasks": tasks}]
        for name, content in (("inventory.yml", inventory), ("role.yml", plays)):
            (self.directory / name).write_text(yaml.safe_dump(content), encoding="utf-8")
        result: tuple[int, str] = self.play("role.yml", "-i", "inventory.yml", *words)
        return result

    def recorded(self, **wanted: Any) -> list[dict[str, Any]]:
        lines = self.recording.read_text(encoding="utf-8").splitlines()
        return [entry for entry in map(json.loads, lines) if wanted.items() <= entry.items()]

    def files(self) -> dict[str, dict[str, Any]]:
        """By path, what was to be written."""
        tasks = self.recorded(action="hybridnet.aws_vpn.gateway_files")
        return {entry["path"]: entry for task in tasks for entry in task["arguments"].get("files") or []}


@pytest.fixture
def role(play: Any, answers: dict[str, Any], tmp_path: Path) -> Role:
    return Role(play, answers, tmp_path)


SHOW_PEERS = {"ansible.builtin.debug": {"msg": "peers: {{ gateway_peers | map(attribute='interface') | join(' ') }}."}}


def test_weak_algorithms_with_consent_reach_the_verification(play: Any, guide_inventory: Any) -> None:
    guide_inventory.add("host_vars/berlin.yml", site_vpn_tunnels=[WEAK, WEAK], site_vpn_allow_weak_crypto=True)
    code, output = play("site_vpn", "-i", "hosts.yml")
    assert code == 2, output
    assert VERDICT in output, output
    assert "gateway_peers:" not in output
    # What was only staged is not up, and nobody expects that.
    code, output = play("site_vpn", "-i", "hosts.yml", "-e", "gateway_apply=staged")
    assert code == 0, output
    assert "its tunnels are not active, and are not verified" in output, output
    assert VERDICT not in output, output


def test_weak_algorithms_without_consent_are_refused(play: Any, guide_inventory: Any, ec2: Any) -> None:
    """Before AWS is changed."""
    guide_inventory.add("host_vars/berlin.yml", site_vpn_tunnels=[WEAK, WEAK])
    code, output = play("site_vpn", "-i", "hosts.yml")
    assert code == 2, output
    assert "berlin: site_vpn_tunnels[1].phase1_integrity_algorithms=SHA1: only weak values" in output, output
    assert "set site_vpn_allow_weak_crypto to true" in output, output
    assert ec2.describe_customer_gateways()["CustomerGateways"] == []


def test_the_peers_are_computed_once_for_each_host(role: Role) -> None:
    code, output = role(hosts=2, then=[SHOW_PEERS])
    assert code == 0, output
    assert output.count("peers: vpn2280 vpn2281.") == 2, output
    assert len(role.recorded(filter="gateway_peers")) == 2


def test_the_peers_alone_need_one_look(role: Role, answers: dict[str, Any]) -> None:
    """A verification that changes nothing has no use for the rest of the role."""
    role.variables["answers"] = {"gateway_status": answers["gateway_status"]}
    for words in ((), ("--check",)):
        code, output = role(*words, tasks_from="peers", then=[SHOW_PEERS])
        assert code == 0, output
        assert "peers: vpn2280 vpn2281." in output, output
        (look,) = role.recorded(action="hybridnet.aws_vpn.gateway_status")
        assert look["arguments"]["remote_cidrs"] == ["10.0.0.0/16"]
    del role.variables["gateway_tunnels"]
    code, output = role("--check", tasks_from="peers", then=[SHOW_PEERS])
    assert code == 0, output
    assert "peers: ." in output, output


def test_check_mode_with_tunnels_and_without(role: Role) -> None:
    code, output = role("--check", then=[SHOW_PEERS])
    assert code == 0, output
    assert "/etc/frr/frr.conf" in role.files()
    del role.variables["gateway_tunnels"]
    code, output = role("--check", then=[SHOW_PEERS])
    assert code == 0, output
    assert role.files() == {}


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        ({"gateway_tunnels": []}, "gateway_tunnels is empty"),
        ({"gateway_psks": {"203.0.113.2": "A_key.of_a_test"}}, "or a key that AWS does not accept: 203.0.113.6."),
        ({"gateway_psks": {"203.0.113.2": "0short", "203.0.113.6": 7}}, "accept: 203.0.113.2, 203.0.113.6."),
        # The end of a line in a key would be one in the file of secrets too.
        (
            {"gateway_psks": {"203.0.113.2": "A_key.of_a_test", "203.0.113.6": "A_key.of_a_test\n"}},
            "accept: 203.0.113.6.",
        ),
        ({"gateway_tunnels": NOTHING_BEHIND}, "No network may use the tunnels. Set gateway_local_cidrs;"),
        ({"gateway_aws_interfaces": ["eth2", "eth3\n"]}, "gateway_aws_interfaces has names that no interface can have"),
        ({"gateway_allowed_cidrs": ["lan.example"]}, "allowed_cidrs 'lan.example' is not an IPv4 network"),
    ],
)
def test_refuses_tunnels_that_it_cannot_configure(role: Role, variables: dict[str, Any], text: str) -> None:
    role.variables.update(variables)
    code, output = role()
    assert code == 2, output
    assert text in output
    assert role.files() == {}


def test_packages_are_shown_in_check_mode(role: Role, answers: dict[str, Any]) -> None:
    answers["gateway_status"]["host"]["packages_missing"] = ["frr", "iproute2", "other"]
    code, output = role("--check")
    assert code == 0, output
    assert "Show the packages to install" in output
    assert role.recorded(task="Install the packages") == []


def test_the_peers_hold_no_key(role: Role) -> None:
    role.variables["gateway_tunnels"] = [tunnel(1, pre_shared_key="MARKER_psk.1"), tunnel(2)]
    code, output = role("-vvv", then=[{"ansible.builtin.debug": {"var": "gateway_peers"}}])
    assert code == 0, output


def test_tunnels_alone_are_enough(role: Role) -> None:
    """Without a word about networks those of the tunnels are announced and routed."""
    code, output = role()
    assert code == 0, output
    files = role.files()
    routing = files["/etc/frr/frr.conf"]["block"].splitlines()
    assert [line.split()[1] for line in routing if line.startswith("  network ")] == ["10.20.0.0/16", "10.21.0.0/16"]
    assert "ip prefix-list AWS-VPN-OUT seq 5 permit 10.20.0.0/16" in routing
    assert "ip prefix-list AWS-VPN-IN seq 5 permit 10.0.0.0/16 le 32" in routing
    assert "ip route 10.21.0.0/16 blackhole 250" in routing
    assert json.loads(files["/etc/aws-vpn/gateway.json"]["content"])["unreachable_cidrs"] == ["10.0.0.0/16"]


def test_the_owner_widens_the_firewall_and_the_guard(role: Role) -> None:
    role.variables.update(
        gateway_allowed_cidrs=["192.168.9.0/24"],
        gateway_unreachable_cidrs=["2001:DB8:A::/56"],
        gateway_aws_interfaces=["eth2"],
    )
    code, output = role()
    assert code == 0, output
    files = role.files()
    table = files["/etc/aws-vpn/aws-vpn.nft"]["content"]
    assert "elements = { 10.20.0.0/16, 10.21.0.0/16, 192.168.9.0/24 }" in table
    assert 'iifname { "vpn2280", "vpn2281", "eth2" } accept' in table
    assert "ip6 saddr 2001:db8:a::/56 fib saddr . iif oif missing drop" in table
    gateway = json.loads(files["/etc/aws-vpn/gateway.json"]["content"])
    assert gateway["unreachable_cidrs"] == ["10.0.0.0/16", "2001:db8:a::/56"]
    assert "192.168.9.0/24" not in files["/etc/frr/frr.conf"]["block"]
    programs = {path for path, entry in files.items() if entry.get("activates") == "program"}
    assert {path.rpartition("/")[2] for path in programs} == {path.name for path in PROGRAMS.glob("*.py")}
    assert {path for path, entry in files.items() if not entry.get("show_content", True)} == programs
    assert {files[path]["mode"] for path in programs} == {"0755"}


def test_tunnels_alone_say_how_routes_are_exchanged(role: Role) -> None:
    role.variables["gateway_tunnels"] = [tunnel(number, routing="static") for number in (1, 2)]
    code, output = role()
    assert code == 0, output
    files = role.files()
    assert files["/etc/frr/frr.conf"]["block"] == ""
    assert json.loads(files["/etc/aws-vpn/gateway.json"]["content"])["routing"] == "static"
    assert "aws-vpn-monitor.service" in output


def looks(role: Role) -> int:
    """How often a gateway was looked at, but for its tunnels."""
    tasks = role.recorded(action="hybridnet.aws_vpn.gateway_status")
    return len([task for task in tasks if not task["arguments"].get("peers")])


@pytest.mark.usefixtures("guide_inventory")
def test_one_look_at_the_gateway_is_enough_for_a_run(role: Role) -> None:
    code, output = role.play("site_vpn", "-i", "hosts.yml")
    assert code == 2, output
    assert VERDICT in output, output
    assert looks(role) == 1


def test_what_was_changed_is_looked_at_again(role: Role, answers: dict[str, Any]) -> None:
    again = {"ansible.builtin.include_role": {"name": "hybridnet.aws_vpn.gateway"}}
    code, output = role(then=[again])
    assert code == 0, output
    assert looks(role) == 2
    own = [f"aws-vpn{name}.service" for name in ("-guard", "-firewall", "", "-network", "-monitor")]
    units = (*own, "strongswan.service", "frr.service")
    answers["gateway_status"]["units"] = {unit: {"active": True, "enabled": True} for unit in units}
    code, output = role(then=[again])
    assert code == 0, output
    assert "changed=0" in output
    assert looks(role) == 1


# What the owner of a gateway has configured stays, or stops the run before anything is changed.
LATER = {
    "net.ipv4.ip_forward": {
        "where": "/etc/sysctl.d/99-hardening.conf:3",
        "line": "net.ipv4.ip_forward = 0",
        "value": "0",
        "is_later": True,
    }
}


def test_a_clash_stops_the_run_before_aws_is_changed(
    play: Any, guide_inventory: Any, answers: dict[str, Any], ec2: Any
) -> None:
    """The AS is known before there is a tunnel. Check mode says the same."""
    answers["gateway_status"]["owner"]["bgp"]["asn"] = 65001
    answers["gateway_status"]["owner"]["sysctls"] = LATER
    guide_inventory.add("group_vars/all.yml", answers=answers)
    guide_inventory.add("host_vars/berlin.yml", site_vpn_bgp_asn=65010, site_vpn_routing="bgp")
    for words in ((), ("--check",)):
        code, output = play("site_vpn", "-i", "hosts.yml", *words)
        assert code == 2, output
        assert "berlin cannot be a gateway: /etc/frr/frr.conf has 'router bgp 65001', and the tunnels have" in output
        assert "berlin cannot be a gateway: /etc/sysctl.d/99-hardening.conf:3 has 'net.ipv4.ip_forward = 0'." in output
    assert ec2.describe_customer_gateways()["CustomerGateways"] == []


def test_settings_of_the_owner_are_not_written_again(role: Role, answers: dict[str, Any]) -> None:
    owner = answers["gateway_status"]["owner"]
    owner["bgp"]["asn"] = 65010
    policy = {"where": "/etc/sysctl.d/10-paths.conf:1", "line": "", "value": "2", "is_later": False}
    owner["sysctls"] = {"net.ipv4.ip_forward": None, "net.ipv4.fib_multipath_hash_policy": policy}
    code, output = role()
    assert code == 0, output
    files = role.files()
    assert "router-id" not in files["/etc/frr/frr.conf"]["block"]
    sysctls = files["/etc/sysctl.d/60-aws-vpn.conf"]["content"].splitlines()
    assert [line for line in sysctls if "=" in line and not line.startswith("#")] == ["net.ipv4.ip_forward = 1"]


def test_a_neighbor_of_the_owner_at_the_end_of_a_tunnel(role: Role, answers: dict[str, Any]) -> None:
    answers["gateway_status"]["owner"]["bgp"].update(asn=65010, neighbors=["192.0.2.1", "169.254.20.5"])
    code, output = role()
    assert code == 2, output
    assert "gateway-0 cannot be a gateway: /etc/frr/frr.conf has 'neighbor 169.254.20.5'" in output
    assert role.files() == {}


def test_the_state_before_the_first_run_is_recorded(role: Role, answers: dict[str, Any]) -> None:
    states = {
        "strongswan.service": {"active": False, "enabled": False},
        "frr.service": {"active": True, "enabled": True},
    }
    answers["gateway_status"]["units"] = {**states, "aws-vpn.service": {"active": True, "enabled": True}}
    answers["gateway_status"]["host"].update(packages_missing=["charon-systemd"], sysctls={"net.ipv4.ip_forward": "0"})
    code, output = role("--check")
    assert code == 0, output
    record = role.files()["/var/lib/aws-vpn/before.json"]
    assert record["once"] is True
    before = json.loads(record["content"])
    assert before["units"] == states
    assert before["packages"] == ["charon-systemd"]
    assert before["sysctls"] == {"net.ipv4.ip_forward": "0"}
    assert before["sysctls_of_the_role"]["net.ipv4.ip_forward"] == "1"


@pytest.mark.parametrize(
    ("system", "asked", "word"),
    [(("debian", "13"), "libreswan", "keyexchange=ikev2"), (("rocky", "9.6"), "", "ikev2=yes")],
)
def test_the_files_of_libreswan(
    role: Role, answers: dict[str, Any], system: tuple[str, str], asked: str, word: str
) -> None:
    """On a distribution with rpm without asking for it, and its package is installed."""
    missing = ["libreswan"] if system[0] == "rocky" else []
    answers["gateway_status"]["host"].update(id=system[0], version=system[1], packages_missing=missing)
    answers["gateway_status"]["daemon"] = {"name": "libreswan", "running": False, "version": None}
    role.variables["gateway_ike_daemon"] = asked
    code, output = role()
    assert code == 0, output
    looks = role.recorded(action="hybridnet.aws_vpn.gateway_status")
    assert {look["arguments"].get("daemon", "") for look in looks} == {asked}
    dnf = [task["arguments"]["argv"] for task in role.recorded(task="Install the packages with dnf")]
    assert dnf == [["dnf", "--assumeyes", "--setopt=install_weak_deps=False", "install", name] for name in missing]
    files = role.files()
    connections = [entry for path, entry in files.items() if path.startswith("/etc/ipsec.d/aws-vpn-vpn-")]
    assert len(connections) == 2
    assert all(f"\n    {word}\n" in entry["content"] for entry in connections)
    assert {entry["validate"] for entry in connections} == {"ipsec addconn --config %s --checkconfig"}
    assert sorted(entry["activates"] for entry in connections) == [
        f"ike/vpn-0123456789abcdef0-{number}" for number in (1, 2)
    ]
    assert '"ike_unit": "ipsec.service"' in files["/etc/aws-vpn/gateway.json"]["content"]
    assert [path for path in files if "swan" in path] == []


IN_USE = {"active": True, "enabled": True}
AT_BOOT = {"active": False, "enabled": True}
LEFT_OVER = {"active": False, "enabled": False}


@pytest.mark.parametrize(
    ("daemon", "system", "units", "text"),
    [
        ("libreswan", ("ubuntu", "22.04"), {}, "libreswan 3.32 of ubuntu 22.04 is too old (supported: 4.10 and later)"),
        (
            "libreswan",
            ("debian", "13"),
            {"strongswan.service": IN_USE},
            "another IKE daemon runs, or starts at boot: strongswan.service.",
        ),
        ("libreswan", ("debian", "13"), {"strongswan.service": AT_BOOT}, "starts at boot: strongswan.service. To use"),
        (
            "strongswan",
            ("debian", "12"),
            {"ipsec.service": AT_BOOT},
            "starts at boot: ipsec.service. To use strongswan",
        ),
        ("libreswan", ("debian", "12"), {"strongswan.service": LEFT_OVER, "ipsec.service": IN_USE}, ""),
        ("libreswan", ("ubuntu", "24.04"), {}, ""),
    ],
)
def test_a_daemon_that_cannot_be_used(
    role: Role, answers: dict[str, Any], daemon: str, system: tuple[str, str], units: dict[str, Any], text: str
) -> None:
    answers["gateway_status"]["host"].update(id=system[0], version=system[1])
    answers["gateway_status"]["units"] = units
    role.variables["gateway_ike_daemon"] = daemon
    code, output = role()
    assert (code != 0) == bool(text), output
    assert text in output
    assert bool(role.files()) == (not text)


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_a_swap_of_the_daemon(role: Role, answers: dict[str, Any], is_interrupted: bool) -> None:
    """It is prepared in place of the installation, and made in place of the activation; check mode only shows it."""
    status = answers["gateway_status"]
    status["units"] = {} if is_interrupted else {"ipsec.service": IN_USE}
    status["is_swapping"] = is_interrupted
    status["host"]["packages_missing"] = ["charon-systemd", "frr", "libreswan"]
    answers["command"]["stdout"] = "remove packages: libreswan"
    answers["command"]["stdout_lines"] = ["remove packages: libreswan"]
    role.variables["gateway_allow_daemon_swap"] = not is_interrupted
    for words, verb in [(("--check",), "plan")] * (not is_interrupted) + [((), "stage")]:
        code, output = role(*words)
        assert code == 0, output
        assert "remove packages: libreswan" in output
        commands = [entry["arguments"]["argv"] for entry in role.recorded(action="ansible.builtin.command")]
        assert commands[0][:3] == ["/usr/bin/python3", "-", verb]
        wanted = json.loads(commands[0][3])
        assert wanted["packages"] == ["charon-systemd", "strongswan-swanctl", "frr"]
        assert wanted["remove"] == ["libreswan"]
        assert (wanted["unit"], "ipsec.service" in wanted["rivals"]) == ("strongswan.service", True)
        assert role.recorded(action="ansible.builtin.apt") == []
        assert len(commands) == (1 if words else 2)
    program, verb, given = commands[1]
    assert (program, verb, json.loads(given)) == ("/usr/local/lib/aws-vpn/swap.py", "apply", wanted)


def test_a_part_of_a_run_does_not_swap_without_consent(role: Role, answers: dict[str, Any]) -> None:
    """With tags the check of the host can be left out."""
    answers["gateway_status"]["units"] = {"ipsec.service": IN_USE}
    role.variables["__gateway_status"] = answers["gateway_status"]
    code, output = role(tasks_from="swap")
    assert (code, "set gateway_allow_daemon_swap" in output) == (2, True), output
    assert role.recorded(action="ansible.builtin.command") == []


def test_every_change_has_a_line(role: Role, answers: dict[str, Any]) -> None:
    changes = {"changed_paths": ["/etc/a.conf"], "removed_paths": ["/etc/b.conf"], "pending": ["ike"]}
    answers["gateway_files"] = {"changed": True, **changes}
    code, output = role("--check")
    assert code == 0, output
    for line in ("write /etc/a.conf", "remove /etc/b.conf", "activate ike"):
        assert f'"{line}"' in output


def test_check_mode_shows_the_planned_tunnels(role: Role, guide_inventory: Any) -> None:
    """First nothing of them is known. Then one option changes in AWS and on the gateway, in one look."""
    code, output = role.play("site_vpn", "-i", "hosts.yml", "--check")
    assert code == 0, output
    assert "berlin: AWS chooses addresses and keys when it makes the connection." in output
    assert role.files() == {}
    code, output = role.play("site_vpn", "-i", "hosts.yml", "--tags", "aws")
    assert code == 0, output
    for lifetime in (3600, 1800):
        role.recording.unlink(missing_ok=True)
        guide_inventory.add("host_vars/berlin.yml", site_vpn_tunnels=[{"phase2_lifetime_seconds": lifetime}])
        code, output = role.play("site_vpn", "-i", "hosts.yml", "--check")
        assert code == 0, output
        assert "AWS chooses" not in output
        assert ("phase2_lifetime_seconds: 1800" in output) == (lifetime == 1800)
        texts = [entry.get("content") or "" for path, entry in role.files().items() if path.startswith("/etc/swanctl")]
        assert len(texts) == 2
        lives = sorted(
            int(line.split("=")[1].strip(" s")) for text in texts for line in text.splitlines() if "life_time" in line
        )
        assert lives == sorted([lifetime, 3600])
