# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as a gateway runs it, with tools that answer from a script: what is asked, and what comes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_needs import FilterModule as Needs
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_obstacles import FilterModule as Obstacles
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_states import Bgp, Esp, Failure, Ike
from ansible_collections.hybridnet.aws_vpn.plugins.modules import gateway_status

gateway_obstacles = Obstacles().filters()["gateway_obstacles"]
gateway_needs = Needs().filters()["gateway_needs"]
ROOT = Path(__file__).resolve().parents[4]
NAME = "vpn-0123456789abcdef0-1"
PEER = {"name": NAME, "interface": "vpn2280", "outside_address": "203.0.113.2", "remote_cidrs": ["10.0.0.0/16"]}
RUN = """
import os, sys
os.geteuid = lambda: 0
sys.path.insert(0, sys.argv[1])
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import gateway_status as entry
from ansible_collections.hybridnet.aws_vpn.plugins.modules import gateway_status
entry._CONFIGURATION = sys.argv[3]
entry.Gateway.rules_file = sys.argv[2]
entry._OS_RELEASE = sys.argv[4:]
sys.argv = ["gateway_status"]
gateway_status.main()
"""
RUNNING = "ActiveState=active\nUnitFileState=enabled\n"
STOPPED = "ActiveState=inactive\nUnitFileState=disabled\n"
ENABLED = "UnitFileState=enabled\nWantedBy=multi-user.target\n"
DISABLED = "UnitFileState=disabled\nWantedBy=\n"
# By a generator, as netplan does it.
WANTED = "UnitFileState=disabled\nWantedBy=multi-user.target\n"
UP = f"""list-sa event {{
  {NAME} {{
    state = ESTABLISHED
    child-sas {{
      {NAME}-2 {{
        state = INSTALLED
        bytes-in = 5
        bytes-out = 6
      }}
    }}
  }}
}}
"""
REFUSED = {"MESSAGE": "received AUTHENTICATION_FAILED notify error", "IKE_SA_NAME": NAME, "IKE_SA_UNIQUE_ID": "1"}
ROUTES = [{"dst": "10.0.0.0/16", "dev": "vpn2280"}]
LINKS = [{"ifname": "vpn2280", "flags": ["UP"], "mtu": 1446}]


class Tools:
    """Programs that print what they are told to; anything else is not installed."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.rules = directory, directory / "nftables.conf"
        self.configuration = directory / "gateway.json"
        self.os_release = directory / "os-release"
        self.places = (self.rules, self.configuration, self.os_release)
        self.os_release.write_text('ID=debian\nVERSION_ID="13"\n', encoding="utf-8")
        for name in ("sh", "cat"):
            (directory / name).symlink_to(f"/bin/{name}")
        self.add("modprobe", xfrm="")

    def add(self, name: str, **answers: str) -> None:
        """An answer by a word of the command line; the first word found counts."""
        cases = []
        for number, (word, answer) in enumerate(answers.items()):
            text = self.directory / f"{name}.{number}"
            text.write_text(answer, encoding="utf-8")
            cases.append(f'*"{word.replace("_", "-")}"*) cat {text};;')
        script = self.directory / name
        script.write_text(f'#!/bin/sh\ncase " $* " in\n{chr(10).join(cases)}\nesac\n', encoding="utf-8")
        script.chmod(0o755)

    def look(self, **options: Any) -> dict[str, Any]:
        arguments = {**options, "_ansible_remote_tmp": str(self.directory)}
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(ROOT / "collections"), *map(str, self.places)],
            input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PATH": str(self.directory), "PYTHONWARNINGS": "ignore"},
        )
        assert done.returncode == 0, done.stdout[:600] + done.stderr
        result: dict[str, Any] = json.loads(done.stdout)
        return result


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    """A gateway whose tunnel is up."""
    found = Tools(tmp_path)
    found.add("unshare", net="link\nesp\ntried\n")
    found.add("systemctl", strongswan="\n".join([RUNNING, STOPPED]), networkd=f"{ENABLED}\n{DISABLED}")
    found.add("swanctl", list_sas=UP)
    found.add("ip", link=json.dumps(LINKS), get='[{"prefsrc": "198.51.100.10"}]', show=json.dumps(ROUTES))
    return found


def test_a_tunnel_that_is_up(tools: Tools) -> None:
    seen = tools.look(peers=[PEER], wait_timeout=30)
    assert seen["ipsec_capable"] is True
    assert seen["daemon"]["running"] is True
    assert seen["bgp_daemon"] == {"name": "frr", "running": False}
    assert seen["host"]["network_managers"] == ["systemd-networkd"]
    assert seen["host"]["local_address"] == "198.51.100.10"
    (tunnel,) = seen["tunnels"]
    assert (tunnel["ike"], tunnel["esp"], tunnel["bytes_in"]) == ("ESTABLISHED", "INSTALLED", 5)
    assert (tunnel["routes"], tunnel["interface_up"], tunnel["evidence"]) == (["10.0.0.0/16"], True, [])


def test_networks_that_aws_has_narrowed(tools: Tools) -> None:
    """AWS has other ones now, and the gateway still has those that it was configured with."""
    carried = "local-ts = [\n0.0.0.0/0\n]\nremote-ts = [\n10.0.0.0/16\n]\n"
    tools.add("swanctl", list_sas=UP.replace("bytes-in", f"{carried}bytes-in"))
    now = {"local_network_cidr": "0.0.0.0/0", "remote_network_cidr": "10.0.0.0/16"}
    assert tools.look(peers=[{**PEER, **now}])["tunnels"][0]["selectors_missing"] == []
    configured = {"tunnels": [{**PEER, **now, "remote_network_cidr": "0.0.0.0/0"}]}
    tools.configuration.write_text(json.dumps(configured), encoding="utf-8")
    assert tools.look(peers=[{**PEER, **now}])["tunnels"][0]["selectors_missing"] == ["0.0.0.0/0 (remote)"]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([ENABLED, DISABLED], ["systemd-networkd"]),
        ([DISABLED, ENABLED], ["NetworkManager"]),
        ([WANTED, DISABLED], ["systemd-networkd"]),
        # networkctl has started it.
        (["ActiveState=active\n" + DISABLED, DISABLED], []),
        ([], []),
    ],
)
def test_a_network_manager_is_one_that_starts_at_boot(tools: Tools, states: list[str], expected: list[str]) -> None:
    tools.add("systemctl", networkd="\n".join(states))
    assert tools.look()["host"]["network_managers"] == expected


def test_the_reason_why_it_is_down(tools: Tools) -> None:
    conns = f"list-conn event {{\n  {NAME} {{\n    version = 2\n  }}\n}}\n"
    tools.add("swanctl", list_conns=conns, list_sas="")
    tools.add("journalctl", strongswan=json.dumps(REFUSED) + "\n")
    (tunnel,) = tools.look(peers=[PEER])["tunnels"]
    assert (tunnel["ike"], tunnel["evidence"]) == ("DOWN", ["AUTHENTICATION_FAILED"])


SUMMARY = {"peers": {"169.254.20.1": {"state": "Idle", "pfxRcd": 0, "pfxSnt": 0}}}
NEIGHBORS = {
    "169.254.20.1": {
        "lastResetDueTo": "BGP Notification send",
        "lastNotificationReason": "OPEN Message Error/Bad Peer AS",
    }
}


def test_the_reason_why_bgp_is_down(tools: Tools) -> None:
    tools.add("vtysh", summary=json.dumps(SUMMARY), neighbors=json.dumps(NEIGHBORS))
    (tunnel,) = tools.look(peers=[{**PEER, "bgp_neighbor": "169.254.20.1"}])["tunnels"]
    assert tunnel["bgp"]["reason"] == "sent OPEN Message Error/Bad Peer AS"


def test_chains_are_read_when_asked_for(tools: Tools) -> None:
    chain = {"family": "inet", "table": "filter", "name": "forward", "hook": "forward", "policy": "drop"}
    tools.add("nft", ruleset=json.dumps({"nftables": [{"chain": chain}]}))
    tools.add("iptables-legacy", S="-P INPUT DROP\n")
    assert tools.look()["dropping_chains"] == []
    found = [each["chain"] for each in tools.look(diagnose=True)["dropping_chains"]]
    assert found == ["inet filter forward", "INPUT"]


def test_rules_of_a_file_of_any_size_where_no_namespace_may_be_made(tools: Tools) -> None:
    tools.rules.write_text("# a long file\n" * 10000, encoding="utf-8")
    tools.add("nft", ruleset=json.dumps({"nftables": []}))
    (tools.directory / "unshare").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert tools.look()["owner"]["firewall"]["chains"] == []


PLUTO = """\
#1: "{name}":500 {prefix}ESTABLISHED_IKE_SA (established IKE SA); REKEY in 26802s; newest; idle;
#2: "{name}":500 {prefix}ESTABLISHED_CHILD_SA (established Child SA); newest; eroute owner; IKE SA #1; idle;
"""
PLUTO_TRAFFIC = "#2: \"{name}\", type=ESP, add_time=1795818721, inBytes=5, outBytes=6, id='203.0.113.2'\n"


@pytest.mark.parametrize(("number", "prefix"), [("000 ", "STATE_V2_"), ("", "")], ids=["4.10", "5.2"])
def test_a_tunnel_of_libreswan_that_is_up(tools: Tools, number: str, prefix: str) -> None:
    states = "".join(number + line for line in PLUTO.format(name=NAME, prefix=prefix).splitlines(keepends=True))
    tools.add("ipsec", showstates=states, trafficstatus=number + PLUTO_TRAFFIC.format(name=NAME))
    tools.add("systemctl", ipsec="\n".join([RUNNING, STOPPED]))
    seen = tools.look(peers=[PEER], daemon="libreswan", wait_timeout=30)
    assert (seen["daemon"]["name"], seen["daemon"]["running"]) == ("libreswan", True)
    (tunnel,) = seen["tunnels"]
    assert (tunnel["ike"], tunnel["esp"], tunnel["bytes_in"]) == ("ESTABLISHED", "INSTALLED", 5)
    assert (tunnel["routes"], tunnel["selectors_missing"], tunnel["evidence"]) == (["10.0.0.0/16"], [], [])


def test_the_reason_why_a_tunnel_of_libreswan_is_down(tools: Tools) -> None:
    refused = f'"{NAME}" #15: IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED'
    connection = f'"{NAME}": 0.0.0.0/0===198.51.100.10...203.0.113.2===0.0.0.0/0; unrouted;\n'
    tools.add("ipsec", showstates="", trafficstatus="", status=connection)
    tools.add("systemctl", ipsec="\n".join([RUNNING, STOPPED]))
    tools.add("journalctl", ipsec=json.dumps({"MESSAGE": refused}) + "\n")
    (tunnel,) = tools.look(peers=[PEER], daemon="libreswan")["tunnels"]
    assert (tunnel["ike"], tunnel["evidence"]) == ("DOWN", ["AUTHENTICATION_FAILED"])
    tools.add("ipsec", showstates="", trafficstatus="", status="")
    (tunnel,) = tools.look(peers=[PEER], daemon="libreswan")["tunnels"]
    assert tunnel["evidence"] == ["NOT_LOADED"]


def test_the_uplink_beside_a_default_route_into_the_tunnels(tools: Tools) -> None:
    """The next run computes the same peers."""
    addresses = [{"ifname": "eth0", "addr_info": [{"family": "inet", "local": "198.51.100.10", "prefixlen": 24}]}]
    default = [{"dst": "default", "gateway": "198.51.100.1", "dev": "eth0"}]
    into_tunnel = '[{"prefsrc": "10.20.0.1", "table": "999"}]'
    tools.add("ip", get=into_tunnel, address=json.dumps(addresses), main=json.dumps(default))
    assert tools.look()["host"]["local_address"] == "198.51.100.10"


def test_a_network_on_the_wire_is_a_warning_and_no_change(tools: Tools) -> None:
    addresses = [{"ifname": "eth1", "addr_info": [{"family": "inet", "local": "10.0.0.1", "prefixlen": 16}]}]
    tools.add("ip", get="[]", address=json.dumps(addresses))
    seen = tools.look(remote_cidrs=["10.0.5.0/24"])
    (warning,) = seen["warnings"]
    # Newer releases of Ansible return more than the text.
    assert "10.0.5.0/24 in AWS is inside 10.0.0.0/16, to which eth1 (10.0.0.1) is" in str(warning)
    assert not seen["changed"]
    assert "warnings" not in tools.look(remote_cidrs=["10.1.0.0/16"])


def test_waiting_ends(tools: Tools) -> None:
    tools.add("swanctl", list_sas="")
    (tunnel,) = tools.look(peers=[PEER], wait_timeout=1)["tunnels"]
    assert tunnel["evidence"] == ["NOT_LOADED"]


def test_no_tunnel_is_waited_for_while_its_daemon_is_stopped(tools: Tools) -> None:
    tools.add("systemctl", strongswan="\n".join([STOPPED, STOPPED]))
    calls, ip = tools.directory / "calls", tools.directory / "ip"
    ip.write_text(ip.read_text(encoding="utf-8").replace("#!/bin/sh", f"#!/bin/sh\necho >>{calls}"), encoding="utf-8")
    tools.look(peers=[PEER])
    once = calls.read_text(encoding="utf-8")
    (tunnel,) = tools.look(peers=[PEER], wait_timeout=3)["tunnels"]
    assert tunnel["esp"] == "DOWN"
    assert calls.read_text(encoding="utf-8") == once * 2


@pytest.mark.parametrize(
    ("tried", "missing"),
    [("tried\n", ["XFRM interfaces", "ESP with AES-GCM"]), ("esp\ntried\n", ["XFRM interfaces"])],
)
def test_a_kernel_without(tools: Tools, tried: str, missing: list[str]) -> None:
    tools.add("unshare", net=tried)
    seen = tools.look(peers=[PEER])
    assert seen["ipsec_capable"] is False
    assert [text.split(" (")[0] for text in seen["missing"]] == missing
    assert seen["tunnels"] == []


def test_a_bare_host(tmp_path: Path) -> None:
    bare = Tools(tmp_path)
    bare.add("ip", show="")
    seen = bare.look(packages=["no-such-package"], units=["aws-vpn.service"])
    assert seen["host"]["addresses"] == []
    assert "no-such-package" in seen["host"]["packages_missing"]
    assert seen["units"]["aws-vpn.service"] == {"active": False, "enabled": False}


ROCKY_8 = (
    'NAME="Rocky Linux"\nVERSION="8.10 (Green Obsidian)"\nID="rocky"\nVERSION_ID="8.10"\nPLATFORM_ID="platform:el8"\n'
)
RHEL_9 = 'NAME="Red Hat Enterprise Linux"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.6"\n'
STREAM_10 = 'NAME="CentOS Stream"\nVERSION="10 (Coughlan)"\nID="centos"\nVERSION_ID="10"\n'
FEDORA = 'NAME="Fedora Linux"\nVERSION="43 (Server Edition)"\nID=fedora\nVERSION_ID=43\n'
AMAZON = 'NAME="Amazon Linux"\nVERSION="2023"\nID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\n'
RPM = "libreswan {}\niproute 6.2.0\niputils 20180629\nnftables 1.0.4\n"


@pytest.mark.parametrize(
    ("release", "installed", "lacking"),
    [
        (ROCKY_8, "4.12", {"frr", "python3.12", "strongswan"}),
        (RHEL_9, "4.15", {"frr", "strongswan"}),
        (STREAM_10, "5.2", {"frr", "strongswan"}),
        (FEDORA, "5.3", {"frr", "strongswan"}),
        (AMAZON, "4.12", {"frr", "strongswan"}),
    ],
    ids=["rocky-8", "rhel-9", "centos-10", "fedora", "amzn"],
)
def test_a_host_with_rpm(tools: Tools, release: str, installed: str, lacking: set[str]) -> None:
    """It has Libreswan by default, and nothing excludes it from being a gateway."""
    tools.os_release.write_text(release, encoding="utf-8")
    tools.add("rpm", libreswan=RPM.format(installed))
    seen = tools.look()
    assert seen["daemon"] == {"name": "libreswan", "running": True, "version": installed}
    assert set(seen["host"]["packages_missing"]) == lacking
    assert seen["host"]["packages_unavailable"] == []
    assert gateway_obstacles(seen, ike_daemon="libreswan") == []
    assert gateway_needs(seen, ike_daemon="libreswan")["daemon"]["version"] == installed


@pytest.mark.parametrize(
    ("release", "listed", "options", "unavailable"),
    [
        (RHEL_9, "", {"daemon": "strongswan"}, ["strongswan"]),
        (RHEL_9, "strongswan.x86_64 5.9.14-1.el9 epel\n", {"daemon": "strongswan"}, []),
        (RHEL_9, "", {"daemon": "libreswan", "routing": "bgp"}, []),
        (AMAZON, "", {"routing": "bgp"}, ["frr"]),
        (AMAZON, "", {"routing": "static"}, []),
        (FEDORA, "", {"daemon": "strongswan"}, []),
    ],
)
def test_a_package_of_another_repository(
    tools: Tools, release: str, listed: str, options: dict[str, str], unavailable: list[str]
) -> None:
    tools.os_release.write_text(release, encoding="utf-8")
    tools.add("rpm", libreswan=RPM.format("4.15"))
    tools.add("dnf", available=f"Available Packages\n{listed}")
    seen = tools.look(**options)
    assert seen["host"]["packages_unavailable"] == unavailable
    assert len(gateway_obstacles(seen, ike_daemon=seen["daemon"]["name"])) == len(unavailable)


def test_every_word_is_documented() -> None:
    tunnel = yaml.safe_load(gateway_status.RETURN)["tunnels"]["contains"]
    for key, states in (("ike", Ike), ("esp", Esp), ("bgp", Bgp), ("evidence", Failure)):
        assert [state.value for state in states if f"V({state.value})" not in str(tunnel[key]["description"])] == []
