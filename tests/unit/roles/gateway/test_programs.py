# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of the role's gateway, as far as they decide without a kernel."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PROGRAMS = Path(__file__).resolve().parents[4] / "roles/gateway/files"


@pytest.fixture(scope="module")
def programs() -> Iterator[dict[str, ModuleType]]:
    """The modules by name; on the gateway they find each other beside themselves."""
    sys.path.insert(0, str(PROGRAMS))
    yield {name: import_module(name) for name in ("tunnels", "monitor", "network", "xfrm", "ike", "drift", "activate")}
    sys.path.remove(str(PROGRAMS))


def tunnel(if_id: int, **changes: Any) -> dict[str, Any]:
    return {
        "name": f"vpn-{if_id}",
        "interface": f"vpn{if_id}",
        "if_id": if_id,
        "table": if_id,
        "rule_priority": 901,
        "tos": 4,
        "mtu": 1446,
        "inside_interface": "169.254.20.2/30",
        "remote_cidrs": ["10.0.0.0/16"],
        **changes,
    }


def link(if_id: int) -> dict[str, Any]:
    return {"ifname": f"vpn{if_id}", "linkinfo": {"info_kind": "xfrm", "info_data": {"if_id": hex(if_id)}}}


def text(commands: Any) -> list[str]:
    return [" ".join(command) for command in commands]


def test_a_change_never_takes_a_wanted_interface_away(programs: dict[str, ModuleType]) -> None:
    commands = text(programs["tunnels"].link_commands([tunnel(2280, mtu=1400)], {"vpn2280": link(2280)}))
    assert "link set dev vpn2280 mtu 1400 up" in commands
    assert not [command for command in commands if "add" in command.split() or "delete" in command]


def test_interfaces_are_made_and_others_go(programs: dict[str, ModuleType]) -> None:
    commands = text(programs["tunnels"].link_commands([tunnel(2280)], {"vpn2281": link(2281)}))
    assert commands[0] == "link delete dev vpn2281"
    assert commands[1] == "link add name vpn2280 type xfrm dev lo if_id 2280"


def test_another_address_replaces_the_one_before(programs: dict[str, ModuleType]) -> None:
    present = [
        {"ifname": "vpn2280", "addr_info": [{"local": "169.254.20.6", "prefixlen": 30}]},
        {"ifname": "vpn7", "addr_info": [{"local": "192.0.2.1", "prefixlen": 24}]},
    ]
    assert text(programs["tunnels"].address_commands([tunnel(2280)], present)) == [
        "address replace 169.254.20.2/30 dev vpn2280",
        "address delete 169.254.20.6/30 dev vpn2280",
    ]


def test_routes_of_the_monitor_are_left_alone(programs: dict[str, ModuleType]) -> None:
    gateway = {"tunnels": [tunnel(2280)], "lan_address": "10.20.0.1", "kept_cidrs": []}
    present = [
        {"dst": "10.0.0.0/16", "dev": "vpn2280", "metric": 101},
        {"dst": "10.0.0.0/16", "table": "2280", "dev": "vpn2280"},
        {"dst": "10.9.0.0/16", "table": "2280", "dev": "vpn2280"},
        {"type": "unreachable", "dst": "10.9.0.0/16", "metric": 4278190080},
    ]
    assert text(programs["tunnels"].route_commands(gateway, present)) == [
        "route replace 10.0.0.0/16 dev vpn2280 src 10.20.0.1 table 2280 proto 141",
        "route delete 10.9.0.0/16 table 2280",
    ]


def test_a_network_of_one_address_is_kept(programs: dict[str, ModuleType]) -> None:
    """The kernel lists it without its length."""
    gateway = {"tunnels": [tunnel(2280, remote_cidrs=["10.0.0.5/32"])], "kept_cidrs": []}
    present = [{"dst": "10.0.0.5", "table": "2280", "dev": "vpn2280"}]
    assert text(programs["tunnels"].route_commands(gateway, present)) == []
    guard = programs["tunnels"].guard_commands
    assert text(guard(["10.0.0.5/32"], [{"type": "unreachable", "dst": "10.0.0.5"}])) == []
    rule = {"priority": 901, "dst": "10.0.0.5", "tos": "0x04", "ipproto": "icmp", "table": "2280", "protocol": "141"}
    assert text(programs["tunnels"].rule_commands(gateway["tunnels"], [rule])) == []


def test_the_guard_removes_only_its_own_routes(programs: dict[str, ModuleType]) -> None:
    present = [{"type": "unreachable", "dst": "2001:db8:9::/56"}, {"type": "unreachable", "dst": "2001:db8:1::/56"}]
    assert text(programs["tunnels"].guard_commands(["2001:db8:1::/56", "2001:db8:2::/56"], present)) == [
        "route replace unreachable 2001:db8:2::/56 metric 4278190080 proto 141 table main",
        "route delete unreachable 2001:db8:9::/56 metric 4278190080 proto 141 table main",
    ]


def test_the_monitor_keeps_the_routes_to_one_address(
    programs: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are compared every few seconds: a route that is not recognized would be removed."""
    monitor, commands = programs["monitor"], []
    route = {"dst": "10.0.0.5", "dev": "vpn2280", "metric": 101}
    monkeypatch.setattr(programs["tunnels"], "listed", lambda *_words: [route])
    monkeypatch.setattr(programs["tunnels"], "ip", lambda *words: commands.append(" ".join(words)))
    probe = monitor.Probe(tunnel(2280, remote_cidrs=["10.0.0.5/32"], metric=101), True)
    monitor.follow({"routing": "static"}, [probe])
    assert commands == []
    monitor.follow({"routing": "static", "lan_address": "10.20.0.1"}, [probe])
    assert commands == ["route replace 10.0.0.5/32 dev vpn2280 metric 101 proto 141 table main src 10.20.0.1"]
    # With BGP the routes are those of the BGP daemon.
    monitor.follow({"routing": "bgp"}, [probe])
    assert commands[1:] == ["route delete 10.0.0.5/32 dev vpn2280 metric 101 proto 141 table main"]


def test_rules_are_compared_with_those_of_the_kernel(programs: dict[str, ModuleType]) -> None:
    rule = {"priority": 901, "src": "all", "dst": "10.0.0.0", "dstlen": 16, "tos": "0x04", "ipproto": "icmp"}
    rule.update(table="2280", protocol="141")
    others = {"priority": 900, "src": "all", "table": "2280"}
    assert text(programs["tunnels"].rule_commands([tunnel(2280)], [rule, others])) == []
    assert text(programs["tunnels"].rule_commands([], [rule, others])) == [
        "rule delete priority 901 to 10.0.0.0/16 tos 0x4 ipproto 1 lookup 2280 protocol 141"
    ]
    assert len(text(programs["tunnels"].rule_commands([tunnel(2280)], [others]))) == 1


@pytest.mark.parametrize(
    ("start", "pings", "verdicts"),
    [
        # + answered, - lost; the verdict after each.
        (None, "+", "+"),
        (None, "----+", "????+"),
        (True, "--+--+", "++++++"),
        (True, "---", "++-"),
        (True, "---++-+++", "++-" + "---" + "--+"),
        (False, "++-+++", "-----+"),
    ],
)
def test_hysteresis(programs: dict[str, ModuleType], start: bool | None, pings: str, verdicts: str) -> None:
    liveness = programs["monitor"].Liveness(start)
    seen = ""
    for ping in pings:
        before = liveness.is_up
        changed = liveness.note(ping == "+")
        assert changed == (before != liveness.is_up)
        seen += {True: "+", False: "-", None: "?"}[liveness.is_up]
    assert seen == verdicts


def test_which_silent_tunnel_is_connected_again(programs: dict[str, ModuleType]) -> None:
    """One of a connection whose other tunnel answers: not after a moment, and not again within a minute."""
    monitor = programs["monitor"]
    states = {"one": (False, True), "two": (False, False), "three": (None, True), "four": (True, True)}
    probes = [
        monitor.Probe({"name": f"{connection}-{number}", "connection": connection, "if_id": number}, is_up)
        for connection, pair in states.items()
        for number, is_up in enumerate(pair, 1)
    ]
    renewals = {probe.tunnel["name"]: monitor.Renewal() for probe in probes}
    renewals["one-1"].went_down(1000.0)

    def due(now: float) -> list[tuple[str, str]]:
        return [(one.tunnel["name"], two.tunnel["name"]) for one, two in monitor.silent(probes, renewals, now)]

    assert due(1001.9) == []
    probes[0].answered = True
    assert due(1003.0) == []
    probes[0].answered = False
    times = [now / 10 for now in range(10020, 25000, 5)]
    tried = []
    for now in times:
        if due(now):
            assert due(now) == [("one-1", "one-2")]
            renewals["one-1"].note(now)
            tried.append(now)
    assert tried == [1002.0, 1062.0, 1182.0, 1422.0, 1902.0]
    # A tunnel that was up for a moment is not connected sooner than it would have been.
    renewals["one-1"].went_up()
    renewals["one-1"].went_down(1950.0)
    assert due(1960.0) == []


def test_a_ping_and_its_answer(programs: dict[str, ModuleType]) -> None:
    monitor = programs["monitor"]
    request = monitor.echo_request(0x1234, 7)
    # A sum over a packet with a valid checksum in it is zero.
    assert monitor.checksum(request) == 0
    header = bytes([0x45]) + bytes(19)
    answer = header + struct.pack("!BBHHH", 0, 0, 0, 0x1234, 7)
    assert monitor.is_reply(answer, 0x1234, 7)
    assert not monitor.is_reply(answer, 0x1234, 8)
    assert not monitor.is_reply(header + request, 0x1234, 7)


def test_the_program_runs_the_units_that_routing_needs(programs: dict[str, ModuleType]) -> None:
    units = {"ike_unit": "strongswan.service", "bgp_unit": "frr.service"}
    wanted = programs["activate"].wanted_units
    assert wanted({"routing": "static", **units}) == [
        "aws-vpn-guard.service",
        "aws-vpn-firewall.service",
        "aws-vpn.service",
        "aws-vpn-network.service",
        "strongswan.service",
        "aws-vpn-monitor.service",
    ]
    assert set(wanted({"routing": "bgp", **units})) == {*wanted({"routing": "static", **units}), "frr.service"}


@pytest.mark.parametrize("is_first", [True, False])
def test_guard_and_firewall_come_before_forwarding_and_tunnels(
    programs: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    activate, done = programs["activate"], []
    (tmp_path / "pending.json").write_text('["units", "program", "interfaces", "firewall", "sysctl"]', encoding="utf-8")
    gateway = {"routing": "static", "ike_unit": "strongswan.service", "bgp_unit": "frr.service", "tunnels": []}
    state = (set(), set(), set()) if is_first else (set(activate.OWN), set(activate.OWN), set())
    monkeypatch.setattr(activate, "PENDING", tmp_path / "pending.json")
    monkeypatch.setattr(activate.tunnels, "config", lambda: gateway)
    monkeypatch.setattr(activate.drift, "differences", list)
    monkeypatch.setattr(activate, "states", lambda _units: state)
    monkeypatch.setattr(activate, "open_directories", lambda: None)
    monkeypatch.setattr(activate.network, "follow", lambda _gateway, **how: done.append(f"follow {how}"))
    monkeypatch.setattr(activate, "systemctl", lambda verb, *units: done.append(f"{verb} {' '.join(units)}".strip()))
    monkeypatch.setattr(activate, "set_sysctls", lambda: done.append("sysctl"))
    activate.apply()
    verb = "start" if is_first else "reload"
    own = (
        "aws-vpn-guard.service aws-vpn-firewall.service aws-vpn.service aws-vpn-network.service aws-vpn-monitor.service"
    )
    assert done[:2] == [f"reenable {own}", "enable strongswan.service"]
    if not is_first:
        # It has not read the new files, and would undo what they say.
        assert done.pop(2) == "stop aws-vpn-network.service"
    assert done[2:6] == [
        "follow {'may_delete': False}",
        f"{verb} aws-vpn-guard.service",
        f"{verb} aws-vpn-firewall.service",
        "sysctl",
    ]
    if not is_first:
        assert done[6:] == [
            "reload aws-vpn.service",
            "start aws-vpn-network.service strongswan.service",
            "restart aws-vpn-monitor.service",
            "follow {}",
        ]


@pytest.mark.parametrize(
    ("missing", "done"),
    [
        ([0], []),
        # It reads them a moment later.
        ([1, 0], []),
        ([1], ["reload frr.service"]),
    ],
)
def test_frr_that_starts_without_a_part_of_its_file_reads_it_again(
    programs: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, missing: list[int], done: list[str]
) -> None:
    """A daemon of FRR that is slow to start can miss its configuration."""
    activate, found = programs["activate"], []
    monkeypatch.setattr(activate, "systemctl", lambda verb, *units: found.append(f"{verb} {' '.join(units)}"))
    monkeypatch.setattr(activate, "PATIENCE", 2)
    monkeypatch.setattr(activate.time, "sleep", lambda _seconds: None)
    seen = iter([*missing, *missing[-1:] * 9])
    monkeypatch.setattr(activate.drift, "bgp", lambda _gateway: iter(["line"] * next(seen)))
    gateway = {"routing": "bgp", "bgp_unit": "frr.service"}
    activate.refresh_routing(gateway, {"bgp"}, set())
    assert found == done


def test_a_reload_of_frr_leaves_ipv6_forwarding_as_it_was(
    programs: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reload of FRR takes `no ipv6 forwarding` for a line that its file does not have."""
    activate, names = programs["activate"], ("all", "default", "eth0", "eth1")
    before = dict(zip(names, "0001", strict=True))

    def write(values: dict[str, str]) -> None:
        for name, value in values.items():
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "forwarding").write_text(value, encoding="ascii")

    write(before)
    monkeypatch.setattr(activate, "IPV6", tmp_path)
    monkeypatch.setattr(activate, "systemctl", lambda _verb, _unit: write(dict.fromkeys(names, "1")))
    activate.refresh_routing({"routing": "static", "bgp_unit": "frr.service"}, {"bgp"}, {"frr.service"})
    assert {name: (tmp_path / name / "forwarding").read_text(encoding="ascii") for name in names} == before


def test_pending_work_is_read(programs: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs["activate"], "PENDING", tmp_path / "pending.json")
    assert programs["activate"].pending() == set()
    (tmp_path / "pending.json").write_text(json.dumps(["ike", "keys"]), encoding="utf-8")
    assert programs["activate"].pending() == {"ike", "keys"}


RUNNING = """
frr version 10.3
hostname berlin
log syslog
!
ip route 10.20.0.0/16 blackhole 250
!
router bgp 65010
 bgp router-id 198.51.100.10
 neighbor 169.254.20.1 remote-as 64512
 neighbor 169.254.20.1 timers 10 30
 !
 address-family ipv4 unicast
  network 10.20.0.0/16
  neighbor 169.254.20.1 route-map AWS-VPN-IN in
 exit-address-family
exit
!
route-map AWS-VPN-IN permit 10
 match ip address prefix-list AWS-VPN-IN
exit
!
end
"""
FRR_CONF = """
log syslog
! BEGIN hybridnet.aws_vpn
! A comment.
ip route 10.20.0.0/16 blackhole 250
route-map AWS-VPN-IN permit 10
 match ip address prefix-list AWS-VPN-IN
exit
router bgp 65010
 bgp router-id 198.51.100.10
 neighbor 169.254.20.1 remote-as 64512
 neighbor 169.254.20.1 timers 10 30
 address-family ipv4 unicast
  network 10.20.0.0/16
  neighbor 169.254.20.1 activate
  neighbor 169.254.20.1 route-map AWS-VPN-IN in
 exit-address-family
exit
! END hybridnet.aws_vpn
line vty
"""


MISSING, FOREIGN = "not in the running configuration", "only in the running configuration"
NEIGHBOR = " neighbor 169.254.20.1 remote-as 64512\n"
NEIGHBOR_IN = "neighbor 169.254.20.1 route-map AWS-VPN-IN in"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("", "", []),
        (
            " neighbor 169.254.20.1 timers 10 30\n",
            "",
            [f"{MISSING}: router bgp 65010 / neighbor 169.254.20.1 timers 10 30"],
        ),
        (
            "  network 10.20.0.0/16\n",
            "",
            [f"{MISSING}: router bgp 65010 / address-family ipv4 unicast / network 10.20.0.0/16"],
        ),
        ("ip route 10.20.0.0/16 blackhole 250\n", "", [f"{MISSING}: ip route 10.20.0.0/16 blackhole 250"]),
        # Where another ASN runs, nothing of ours does.
        (
            "router bgp 65010",
            "router bgp 65999",
            [
                f"{MISSING}: router bgp 65010",
                f"{FOREIGN}: router bgp 65999 / neighbor 169.254.20.1 remote-as 64512",
                f"{FOREIGN}: router bgp 65999 / neighbor 169.254.20.1 timers 10 30",
                f"{FOREIGN}: router bgp 65999 / address-family ipv4 unicast / {NEIGHBOR_IN}",
            ],
        ),
        # What somebody has added to our neighbors and lists by hand. The rest of FRR is the owner's.
        (
            NEIGHBOR,
            NEIGHBOR + " neighbor 169.254.20.1 shutdown\n neighbor 169.254.20.13 shutdown\n",
            [f"{FOREIGN}: router bgp 65010 / neighbor 169.254.20.1 shutdown"],
        ),
        (
            "  network 10.20.0.0/16\n",
            "  network 10.20.0.0/16\n  no neighbor 169.254.20.1 activate\n",
            [f"{FOREIGN}: router bgp 65010 / address-family ipv4 unicast / no neighbor 169.254.20.1 activate"],
        ),
        (
            "route-map AWS-VPN-IN permit 10\n",
            "route-map AWS-VPN-IN deny 5\n match as-path X\nexit\nroute-map AWS-VPN-IN permit 10\n",
            [f"{FOREIGN}: route-map AWS-VPN-IN deny 5"],
        ),
        ("log syslog\n", "log syslog\nip route 192.0.2.0/24 blackhole\n", []),
    ],
)
def test_what_frr_runs_otherwise_than_its_file(
    programs: dict[str, ModuleType],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    after: str,
    lines: list[str],
) -> None:
    drift = programs["drift"]
    (tmp_path / "frr.conf").write_text(FRR_CONF, encoding="utf-8")
    monkeypatch.setattr(drift, "FRR", tmp_path / "frr.conf")
    monkeypatch.setattr(drift, "output", lambda *_command: RUNNING.replace(before, after) if before else RUNNING)
    gateway = {"routing": "bgp", "tunnels": [{"bgp_neighbor": "169.254.20.1"}]}
    assert [each["line"].partition("bgp: ")[2] for each in drift.bgp(gateway)] == lines
    assert list(drift.bgp({"routing": "static"})) == []


def test_an_interface_of_a_tunnel_is_ours_without_its_alias(
    programs: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise it would be added, and the kernel refuses that."""
    tunnels = programs["tunnels"]
    links = [link(2280), {**link(2281), "ifalias": "hybridnet.aws_vpn/vpn-2281"}, {**link(7), "ifalias": "office"}]
    monkeypatch.setattr(tunnels, "listed", lambda *_words: links)
    own = tunnels.own_links([tunnel(2280)])
    assert sorted(own) == ["vpn2280", "vpn2281"]
    commands = text(tunnels.link_commands([tunnel(2280)], own))
    assert not [command for command in commands if " add " in f" {command} "]
    assert "link set dev vpn2280 alias hybridnet.aws_vpn/vpn-2280 addrgenmode none" in commands
