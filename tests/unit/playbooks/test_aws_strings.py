# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from AWS is never evaluated on the controller: not when it is adopted, not when the written files are used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ADDRESS = "198.51.100.10"
REGION = "eu-central-1"


def tagged(kind: str, tags: dict[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    """The file that is there once a template of AWS has been evaluated."""
    return tmp_path / "witness"


@pytest.fixture
def templates(witness: Path) -> dict[str, str]:
    """Tags that are harmless as text, and run a command as templates."""
    command = f"id > {witness}"
    return {
        "Name": f"{{{{ lookup('pipe', '{command}') }}}}",
        "block": f"{{% set x = lookup('pipe', '{command}') %}}",
        "comment": "{# nothing #}",
        "header": f"#jinja2:variable_start_string:'[[',variable_end_string:']]'\n[[ lookup('pipe', '{command}') ]]",
        f"{{{{ lookup('pipe', '{command}') }}}}": "in the key",
        "block scalar": "a\nb: !vault |\n  c",
        "quotes": "' \" \\ : # - [ { & * ! | > % @ `",
        "plain": "berlin",
    }


def make(ec2: Any, templates: dict[str, str], evil: str, **device: Any) -> str:
    """A connection that somebody tagged, and whose log group is a template as well."""
    customer_gateway = ec2.create_customer_gateway(
        Type="ipsec.1",
        BgpAsn=65010,
        IpAddress=ADDRESS,
        TagSpecifications=tagged("customer-gateway", templates),
        **device,
    )["CustomerGateway"]["CustomerGatewayId"]
    transit = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    log = {"LogEnabled": True, "LogGroupArn": f"arn:aws:logs:{REGION}:123456789012:log-group:{evil}"}
    connection = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=customer_gateway,
        TransitGatewayId=transit,
        Options={"TunnelOptions": [{"LogOptions": {"CloudWatchLogOptions": log}}, {}]},
        TagSpecifications=tagged("vpn-connection", templates),
    )
    return str(connection["VpnConnection"]["VpnConnectionId"])


@pytest.fixture
def evil(witness: Path) -> str:
    """A template without a space and without a colon."""
    return f"{{{{lookup('pipe','id>{witness}')}}}}"


def adopt(play: Any, **more: Any) -> tuple[int, str]:
    result: tuple[int, str] = play(
        "adopt",
        adopt_region=REGION,
        adopt_endpoint_url=play.emulator.url,
        adopt_connections=[{"name": "berlin", "public_ip": ADDRESS}],
        adopt_consent=True,
        adopt_directory="host_vars",
        adopt_overwrite=True,
        **more,
    )
    return result


def test_no_later_run_evaluates_what_was_adopted(
    play: Any, ec2: Any, guide_inventory: Any, templates: dict[str, str], evil: str, witness: Path
) -> None:
    made = make(ec2, templates, evil)
    code, output = adopt(play)
    assert (code, witness.exists()) == (0, False), output
    networks = {"site_vpn_local_cidrs": ["10.20.0.0/16"], "site_vpn_remote_cidrs": ["10.0.0.0/16"]}
    guide_inventory.add("group_vars/all.yml", **networks)
    code, output = play("site_vpn", "-i", "hosts.yml", "--check", "-vv")
    assert not witness.exists(), output
    assert code == 0, output
    # It is the adopted connection, and there is nothing to do for it.
    assert play.fates(output, "Create, change or remove the AWS side of all sites") == {"berlin": "ok -> localhost"}
    assert made in output


def test_a_template_is_left_out_and_named(play: Any, ec2: Any, templates: dict[str, str], evil: str) -> None:
    make(ec2, templates, evil, DeviceName=evil)
    code, output = adopt(play)
    assert code == 0, output
    written = Path(play.directory, "host_vars/berlin.yml").read_text(encoding="utf-8")
    values = yaml.load(written, TextLoader)  # noqa: S506  # a safe loader
    assert values["site_vpn_tags"] == {key: templates[key] for key in ("block scalar", "quotes", "plain")}
    assert "site_vpn_device_name" not in values
    for place in ("site_vpn_tags.Name", "site_vpn_device_name", "site_vpn_tunnels[1].log_group_arn"):
        assert f"# {place}" in written, written
        assert f"berlin: {place} is left out" in output, output


class TextLoader(yaml.SafeLoader):
    """Reads what is marked as no template as the text it is."""


TextLoader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
