# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of AWS with anything in them: a clear error, or text that is nothing but text wherever it ends.

Real answers of the emulated API are spoiled on the wire, one to three values each, and go all the way: through the SDK,
the results of modules, the filters and templates to the files of a gateway, and through adoption to an inventory that
Ansible reads. The examples are the same in every run; `ANSWERS=20000 pytest -k aws_answers` tries that many others.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import jinja2
import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_files import FilterModule as GatewayFiles
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_peers import FilterModule as GatewayPeers
from ansible_collections.hybridnet.aws_vpn.plugins.filter.host_vars_yaml import FilterModule as HostVarsYaml
from ansible_collections.hybridnet.aws_vpn.plugins.filter.tunnel_keys import FilterModule as TunnelKeys
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import api_name, client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe_connections
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import VpnError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory import host_vars
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Observed
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import adoption
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.total import Total
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.results import (
    GatewayLookup,
    connection_result,
)
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.session import Session
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

if TYPE_CHECKING:
    from vpn_emulator import Emulator

EXAMPLES = int(os.environ.get("ANSWERS", "0"))
NUMBER = 2000
ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / "roles/gateway"
WITNESS = "WITNESS"

gateway_files = GatewayFiles().filters()["gateway_files"]
gateway_peers = GatewayPeers().filters()["gateway_peers"]
host_vars_yaml = HostVarsYaml().filters()["host_vars_yaml"]
tunnel_keys = TunnelKeys().filters()["tunnel_keys"]

# What is put into answers.

TEMPLATES = [
    f"{{{{ lookup('pipe', 'touch {WITNESS}') }}}}",
    f"{{{{lookup('pipe','touch\t{WITNESS}')}}}}",
    f"{{% if lookup('pipe', 'touch {WITNESS}') %}}{{% endif %}}",
    "{# a comment #}",
    f"#jinja2:variable_start_string:'[[',variable_end_string:']]'\n[[ lookup('pipe', 'touch {WITNESS}') ]]",
]
BREAKS = [
    "x/../../../../etc/cron.d/pwn\n* * * * * root id",
    "../../../etc/shadow",
    "a\n}\nsecrets {\n",
    "a\n neighbor 192.0.2.66 remote-as 1",
    "1\nroute add default via 192.0.2.66",
    '"; drop; "',
    "fe80::1%x\n}",
    "\u0661\u0662\u0663",
    "1_0",
    "-1",
    "1e9",
    "9" * 40,
    "x" * 5000,
    "!unsafe",
    "!vault |\n  x",
    "a: b\n- c",
    "# no comment\nother: 1",
    "\u2028- path: /etc/passwd",
    "\x1b[2J",
    "true",
    "null",
    "",
    " ",
]
# What could stand there, so that not everything is refused.
PLAUSIBLE = [
    *(
        "203.0.113.9",
        "192.0.2.77",
        "2001:db8::1",
        "169.254.30.0/30",
        "169.254.30.1",
        "10.9.0.0/16",
        "0.0.0.0/0",
        "30",
        "29",
    ),
    *("64513", "65001", "4200000000", "0", "1", "7", "available", "deleted", "Standard", "AES256", "SHA2-256", "ikev2"),
    *("vpn-0123456789abcdef0", "cgw-0123456789abcdef0", "tgw-0123456789abcdef0", "key-0123456789abcdef0", "vpn-1-1"),
]
# XML has no way to write the others.
TEXT = some.text(some.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"), max_size=20)
VALUES = some.one_of(some.sampled_from(TEMPLATES), some.sampled_from(BREAKS), some.sampled_from(PLAUSIBLE), TEXT)


@dataclass(frozen=True)
class Change:
    """What is put at one place of the answers; the place is a number, taken modulo the number of places."""

    place: int
    text: str
    # Before, behind, or instead of what is there.
    how: str

    def of(self, before: str) -> str:
        return {"instead": self.text, "before": self.text + before, "behind": before + self.text}[self.how]


CHANGES = some.lists(
    some.builds(Change, some.integers(0, 10_000), VALUES, some.sampled_from(["instead", "before", "behind"])),
    min_size=1,
    max_size=3,
)

# The answers.


class Wire:
    """A client whose answers come from here, through the SDK's own parser."""

    def __init__(self, recorded: dict[str, bytes]) -> None:
        self._roots = {action: parsed(body) for action, body in recorded.items()}
        self._devices = {id(node): parsed(node.text or "") for node in self._configurations()}
        session = Session()
        session.set_credentials("testing", "testing")
        self.client = session.create_client("ec2", "eu-central-1", config=Config(**client_config()))
        self.client.meta.events.register("before-send.ec2", self._answer)
        self._bodies = dict(recorded)
        # What the SDK made of the answers that are as they were recorded: it parses only what is spoiled.
        self._unspoiled = dict(recorded)
        self._parsed: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        method, action = getattr(self.client, name), api_name(name)

        def call(**request: Any) -> Any:
            if self._bodies[action] != self._unspoiled[action]:
                return method(**request)
            if action not in self._parsed:
                self._parsed[action] = method(**request)
            return self._parsed[action]

        call.__name__ = name
        return call

    def _configurations(self) -> list[ElementTree.Element]:
        return [node for root in self._roots.values() for node in named(root, CONFIGURATION)]

    @cached_property
    def places(self) -> list[list[ElementTree.Element]]:
        """Every value of every answer, those of the XML within the XML too; what ends in files and tags more often.

        The same tag of several resources is one place: only such tags are adopted.
        """
        roots = [*self._roots.values(), *self._devices.values()]
        tags: dict[tuple[str, str], list[ElementTree.Element]] = {}
        for node in [node for root in roots for tag_set in named(root, "tagSet") for node in tag_set.iter()]:
            if _name(node) in ("key", "value"):
                tags.setdefault((_name(node), node.text or ""), []).append(node)
        inside = {id(node) for nodes in tags.values() for node in nodes}
        leaves = [node for root in roots for node in root.iter() if len(node) == 0 and id(node) not in inside]
        return [*list(tags.values()) * 4, *([node] for node in leaves for _each in range(1 + (_name(node) in OFTEN)))]

    def spoil(self, changes: list[Change]) -> None:
        before = {id(node): (node, node.text) for place in self.places for node in place}

        def is_spoiled(root: ElementTree.Element) -> bool:
            return any(node.text != before[id(node)][1] for node in root.iter() if id(node) in before)

        try:
            for change in changes:
                for node in self.places[change.place % len(self.places)]:
                    node.text = change.of(before[id(node)][1] or "")
            for node in self._configurations():
                if is_spoiled(self._devices[id(node)]):
                    node.text = ElementTree.tostring(self._devices[id(node)], encoding="unicode")
            for action, root in self._roots.items():
                self._bodies[action] = ElementTree.tostring(root) if is_spoiled(root) else self._unspoiled[action]
        finally:
            for node, text in before.values():
                node.text = text

    def _answer(self, request: Any, event_name: str, **_more: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, {}, _Raw(self._bodies[event_name.rpartition(".")[2]]))


class _Raw(io.BytesIO):
    """A body as the SDK reads it."""

    def stream(self, **_more: Any) -> Iterator[bytes]:
        yield self.read()


CONFIGURATION = "customerGatewayConfiguration"
OFTEN = {
    "vpnConnectionId",
    "customerGatewayId",
    "value",
    "key",
    "ipAddress",
    "outsideIpAddress",
    "deviceName",
    "preSharedKey",
}


def parsed(text: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314  # of our own emulator


def named(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [node for node in root.iter() if _name(node) == name]


def _name(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


@pytest.fixture(scope="module")
def recorded(_emulator_server: Emulator) -> dict[str, bytes]:
    """Answers of the emulated API about two connections with all that they can have."""
    options = _emulator_server.new_account().client_options()
    session = Session()
    session.set_credentials(options.pop("aws_access_key_id"), options.pop("aws_secret_access_key"))
    client = session.create_client("ec2", **options)
    transit = client.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    connect(client, 1, TransitGatewayId=transit)
    gateway = client.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    made = connect(client, 2, VpnGatewayId=gateway)
    client.create_vpn_connection_route(VpnConnectionId=made, DestinationCidrBlock="10.30.0.0/16")
    bodies: dict[str, bytes] = {}

    def keep(response_dict: dict[str, Any], event_name: str, **_more: Any) -> None:
        bodies[event_name.rpartition(".")[2]] = response_dict["body"]

    client.meta.events.register("response-received.ec2", keep)
    for resource in ("vpn_connections", "customer_gateways", "vpn_gateways", "transit_gateways"):
        getattr(client, f"describe_{resource}")()
    client.describe_transit_gateway_attachments(Filters=[{"Name": "resource-type", "Values": ["vpn"]}])
    return bodies


def connect(client: Any, number: int, **target: str) -> str:
    """Makes a connection; its id. The second has static routes."""
    tags = [{"Key": key, "Value": value} for key, value in {"Name": "old", "env": "lab"}.items()]
    group = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn"
    log = {"LogEnabled": True, "LogGroupArn": group, "LogOutputFormat": "json"}
    device = client.create_customer_gateway(
        Type="ipsec.1",
        BgpAsn=65010,
        IpAddress=f"198.51.100.{number}",
        DeviceName="fw-1",
        TagSpecifications=[{"ResourceType": "customer-gateway", "Tags": tags}],
    )
    tunnels = [
        {
            "TunnelInsideCidr": f"169.254.{20 + number}.{first}/30",
            "IKEVersions": [{"Value": "ikev2"}],
            "Phase1LifetimeSeconds": 7200,
            "LogOptions": {"CloudWatchLogOptions": log},
        }
        for first in (0, 4)
    ]
    made = client.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=device["CustomerGateway"]["CustomerGatewayId"],
        **target,
        Options={"StaticRoutesOnly": number == 2, "TunnelOptions": tunnels},
        TagSpecifications=[{"ResourceType": "vpn-connection", "Tags": tags}],
    )
    return str(made["VpnConnection"]["VpnConnectionId"])


# Where they end.


class Gateway:
    """The files of a gateway with two sites, from what modules return, as the role renders them."""

    OWN = (
        r"/etc/aws-vpn/(gateway\.json|aws-vpn\.nft)",
        r"/usr/local/lib/aws-vpn/\w+\.py",
        r"/var/lib/aws-vpn/before\.json",
        r"/etc/sysctl\.d/60-aws-vpn\.conf",
        r"/etc/systemd/system/aws-vpn[a-z-]*\.service",
        r"/etc/systemd/system/[a-z-]+\.service\.d/[a-z0-9-]+\.conf",
        r"/etc/strongswan\.d/aws-vpn\.conf",
        r"/etc/swanctl/conf\.d/aws-vpn-vpn-[0-9a-f]{1,32}-[12]\.conf",
        r"/etc/swanctl/conf\.d/aws-vpn-key-[0-9]{1,3}(\.[0-9]{1,3}){3}\.conf",
        r"/etc/aws-vpn/openings\.nft",
        r"/etc/(nftables\.conf|ufw/before\.rules)",
        r"/etc/firewalld/(zones|policies)/aws-vpn[a-z-]*\.xml",
        r"/etc/frr/(frr\.conf|daemons)",
        r"/etc/systemd/network/05-aws-vpn\.network",
        r"/etc/systemd/networkd\.conf\.d/aws-vpn\.conf",
        r"/etc/NetworkManager/conf\.d/90-aws-vpn\.conf",
    )

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._shapes: dict[tuple[str, str], set[str]] = {}
        host = {"id": "debian", "version": "13", "network_managers": ["systemd-networkd", "NetworkManager"]}
        loader = DataLoader()
        files = [str(ROLE / name) for name in ("defaults/main.yml", "vars/main.yml")]
        defaults, others = (loader.load_from_file(file, trusted_as_template=True) for file in files)
        owner = {
            "bgp": {"asn": None, "route_map": None},
            "sysctls": {},
            "firewall": {"manager": "firewalld", "chains": []},
        }
        host.update(sysctls={}, packages_missing=[], packages_unavailable=[])
        daemon = {"name": "strongswan", "version": None}
        status = {"host": host, "owner": owner, "units": {}, "daemon": daemon}
        variables = {**defaults, **others, "__gateway_status": status, "gateway_peers": [{"routing": "bgp"}]}
        self._values = Templar(loader, variables=variables).template(variables["__gateway_values"])

    def write(self, connection: dict[str, Any], learn: bool = False) -> bool:
        """Whether files come of it; without an error they have the shape of those that were learnt."""
        settings = {"local_cidrs": ["10.20.0.0/16"], "remote_cidrs": ["10.0.0.0/16"], "lan_address": "10.20.0.1"}
        peers = gateway_peers(connection["tunnels"], **settings)
        read = {each["outside_address"]: each["pre_shared_key"] for each in connection["tunnels"]}
        keys = tunnel_keys(peers, read=read)
        if len(keys) < len(peers):
            # The role says so and stops before it writes anything.
            return False
        as_text = json.dumps([peers, keys])
        if as_text not in self._known:
            self._compare(peers, keys, learn)
            self._known.add(as_text)
        return bool(peers)

    def _compare(self, peers: list[dict[str, Any]], keys: dict[str, str], learn: bool) -> None:
        files = gateway_files(peers, "files.yml.j2", str(ROLE), self._values)
        secrets = gateway_files(peers, "secret_files.yml.j2", str(ROLE), {**self._values, "psks": keys})
        for entry in [*files, *secrets]:
            path = entry["path"]
            (owner,) = [pattern for pattern in self.OWN if re.fullmatch(pattern, path)]
            text = json.dumps({key: value for key, value in entry.items() if key != "path"})
            shapes = self._shapes.setdefault((owner, path if "{" not in owner else ""), set())
            if learn:
                shapes.add(shape(text))
            assert shape(text) in shapes, (path, text)


def shape(text: str) -> str:
    """A file with every word of it made equal."""
    return re.sub(r"[A-Za-z0-9._:/|-]+", "w", text)


class Controller:
    """Reads what adoption writes, as Ansible does in the next run."""

    def __init__(self, directory: Path) -> None:
        self.witness = directory / WITNESS
        environment = jinja2.Environment(trim_blocks=True, undefined=jinja2.StrictUndefined)  # noqa: S701  # no web page
        environment.filters["hybridnet.aws_vpn.host_vars_yaml"] = host_vars_yaml
        text = (ROOT / "playbooks/templates/host_vars.yml.j2").read_text(encoding="utf-8")
        self._file = environment.from_string(text)
        self._known: set[str] = set()

    def adopt(self, ec2: Ec2) -> bool:
        """Whether there is anything to adopt; nothing of it is evaluated, not even when results are copied by hand."""
        observed = Observed(connections=tuple(ec2.connections([])), customer_gateways=tuple(ec2.customer_gateways([])))
        claims = [adoption.Claim(f"site-{number}", each.id) for number, each in enumerate(observed.connections)]
        found = adoption.find(claims, observed)
        json.dumps(Total({Access("eu-central-1"): adoption.plan(found, observed, adopt=True)}).as_result())
        for each in found:
            given = host_vars.host_vars([each])
            variables = dict(given.variables)
            as_text = json.dumps([variables, dict(given.left_out)])
            if as_text in self._known:
                continue
            left_out = [f"{place} of {each.connection.id}: {reason}" for place, reason in given.left_out.items()]
            assert all(line.isprintable() for line in left_out)
            around = {
                "connections": {each.name: {"gateway": each.name, "vpn_connection_id": each.connection.id}},
                "unknown": {each.name: host_vars.unknown(variables)},
                "left_out": {each.name: left_out},
            }
            text = self._file.render(__adopt=around, item={"key": each.name, "value": variables})
            self._evaluate(text, variables)
            self._evaluate(yaml.safe_dump(variables), variables)
            self._known.add(as_text)
        return bool(found)

    def _evaluate(self, text: str, variables: dict[str, Any]) -> None:
        loader = DataLoader()
        read = loader.load(trust_as_template(text))
        assert read == variables
        assert Templar(loader, variables=read).template(read) == variables
        assert not self.witness.exists()


def modules(ec2: Ec2) -> list[dict[str, Any]]:
    """What vpn_connection_info returns."""
    found = ec2.connections([], keep_secrets=True)
    lookup = GatewayLookup(observe_connections(ec2, found))
    shown = [connection_result(each, lookup, include_secrets=True) for each in found]
    return json.loads(json.dumps(shown))  # type: ignore[no-any-return]  # it is what it was


# The SDK guesses the time zones in what is no time.
@pytest.mark.filterwarnings("ignore:tzname .* identified but not understood")
def test_an_answer_ends_as_text_or_as_an_error(
    recorded: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wire, gateway, controller = Wire(recorded), Gateway(), Controller(tmp_path)
    ec2 = Ec2(wire, Clock(lambda: 0.0, lambda _seconds: None, lambda: 1.0))
    unspoiled = modules(ec2)
    assert [gateway.write(each, learn=True) for each in unspoiled] == [True, True]
    assert controller.adopt(ec2)
    tally: Counter[str] = Counter()

    def attempt(what: str, work: Any) -> Any:
        try:
            result = work()
        except (VpnError, AnsibleFilterError) as error:
            assert str(error)
            tally[f"{what}: refused"] += 1
            return None
        tally[f"{what}: {'done' if result else 'nothing to do'}"] += 1
        return result

    @settings(
        max_examples=EXAMPLES or NUMBER,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(changes=CHANGES)
    def examples(changes: list[Change]) -> None:
        wire.spoil(changes)
        for connection in attempt("results", lambda: modules(ec2)) or []:
            attempt("files", partial(gateway.write, connection))
        attempt("adoption", lambda: controller.adopt(ec2))

    examples()
    print(dict(tally))
    for what in ("results", "files", "adoption"):
        assert tally[f"{what}: done"] > (EXAMPLES or NUMBER) // 10
        assert tally[f"{what}: refused"] > (EXAMPLES or NUMBER) // 100
