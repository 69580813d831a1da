# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law on the tags of sites, on everything that is made for them: also on what sites share and what AWS makes."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Consent
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

NET = {"team": "net"}
REPLACED = Consent(allow_interruption=True, allow_replacement=True)

# The fixtures aws and quick_aws, and the check of the law, are in conftest.py.


def own_tags(found: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in found["Tags"]}


def vpn_gateway_tags(aws: Any) -> dict[str, str]:
    (found,) = aws.client.describe_vpn_gateways()["VpnGateways"]
    return own_tags(found)


def concentrator_tags(aws: Any) -> dict[str, str]:
    (found,) = aws.client.describe_vpn_concentrators()["VpnConcentrators"]
    return own_tags(found)


def attachment_tags(aws: Any) -> dict[str, str]:
    """Of the attachment of the one connection."""
    (connection_id,) = aws.connections
    filters = [{"Name": "resource-id", "Values": [connection_id]}, {"Name": "state", "Values": ["available"]}]
    (found,) = aws.client.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
    return own_tags(found)


def paris(aws: Any, **changes: Any) -> ConnectionEntry:
    """A second site on the virtual private gateway of the VPC."""
    return aws.madrid(**{"gateway": "paris", "public_ip": "192.0.2.20", "local_cidrs": ("10.40.0.0/16",), **changes})


def bonn(aws: Any, **changes: Any) -> ConnectionEntry:
    """A second site on the VPN concentrator of the transit gateway."""
    own = {"gateway": "bonn", "public_ip": "198.51.100.20", "bgp_asn": 65020, "local_cidrs": ("10.50.0.0/16",)}
    return aws.berlin(**{**own, **aws.concentrator("bonn"), **changes})


# What several sites share.


def test_the_gateway_of_a_vpc_has_the_tags_its_sites_agree_on(aws: Any) -> None:
    own = {"Name": "Madrid office", "floor": "3"}
    aws.run(aws.madrid(tags={**NET, **own}), paris(aws, tags=NET))
    assert vpn_gateway_tags(aws) == tags.vpc_tags(aws.vpc, NET)
    aws.run(aws.madrid(tags={"team": "core", **own}), paris(aws, tags={"team": "core"}))
    assert vpn_gateway_tags(aws) == tags.vpc_tags(aws.vpc, {"team": "core"})


def test_the_concentrator_has_the_tags_its_sites_agree_on(aws: Any) -> None:
    berlin = aws.concentrator()
    aws.run(aws.berlin(tags={**NET, "floor": "3"}, **berlin), bonn(aws, tags=NET))
    assert concentrator_tags(aws) == tags.transit_tags(aws.tgw, NET)
    aws.run(aws.berlin(tags={"env": "lab"}, **berlin), bonn(aws, tags={"env": "lab"}))
    assert concentrator_tags(aws) == tags.transit_tags(aws.tgw, {**NET, "env": "lab"})


def test_what_no_site_names_is_removed_from_what_they_share_only_with_consent(quick_aws: Any) -> None:
    aws = quick_aws
    given = [aws.madrid(tags={**NET, "env": "lab"}), bonn(aws, tags=NET)]
    aws.run(*given)
    fewer = [aws.madrid(tags={"env": "lab"}), bonn(aws)]
    assert aws.run(*fewer).counts["change"] == 0
    assert vpn_gateway_tags(aws)["team"] == concentrator_tags(aws)["team"] == "net"
    aws.converge(sites.wanted(fewer, purge_tags=True))
    assert vpn_gateway_tags(aws) == tags.vpc_tags(aws.vpc, {"env": "lab"})
    assert concentrator_tags(aws) == tags.transit_tags(aws.tgw, {})


# What AWS makes with a connection.


def test_a_new_connection_and_its_attachment_have_the_tags_of_the_site(aws: Any) -> None:
    plan = aws.run(aws.berlin(tags=NET))
    assert "berlin  change transit gateway attachment set tags Name, hybridnet:collection" in "\n".join(plan.lines)
    assert attachment_tags(aws) == tags.connection_tags("berlin", NET)
    assert aws.writes == {"CreateCustomerGateway": 1, "CreateVpnConnection": 1, "CreateTags": 1}


def test_without_tags_of_the_site_an_attachment_costs_no_call(aws: Any) -> None:
    aws.run(aws.berlin())
    assert attachment_tags(aws) == {}
    assert aws.writes == {"CreateCustomerGateway": 1, "CreateVpnConnection": 1}


def test_tags_of_an_attachment_change_with_those_of_the_site(aws: Any) -> None:
    aws.run(aws.berlin())
    aws.run(aws.berlin(tags={**NET, "env": "lab"}))
    aws.run(aws.berlin(tags={"team": "core", "Name": "Berlin office"}))
    expected = {**tags.connection_tags("berlin", {"team": "core"}), "Name": "Berlin office", "env": "lab"}
    assert attachment_tags(aws) == expected
    aws.converge(sites.wanted([aws.berlin(tags=NET)], purge_tags=True))
    assert attachment_tags(aws) == {**tags.connection_tags("berlin", NET), "Name": "Berlin office"}
    aws.converge(sites.wanted([aws.berlin()], purge_tags=True))
    assert attachment_tags(aws) == {**tags.connection_tags("berlin", {}), "Name": "Berlin office"}


def test_tags_of_others_on_an_attachment_go_only_with_consent(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin())
    filters = [{"Name": "resource-type", "Values": ["vpn"]}]
    (found,) = aws.client.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
    attachment = found["TransitGatewayAttachmentId"]
    aws.client.create_tags(Resources=[attachment], Tags=[{"Key": "owner", "Value": "x"}])
    for purge in (False, True):
        assert not aws.converge(sites.wanted([aws.berlin()], purge)).has_changes
    aws.run(aws.berlin(tags=NET))
    assert attachment_tags(aws) == {**tags.connection_tags("berlin", NET), "owner": "x"}
    aws.converge(sites.wanted([aws.berlin(tags=NET)], purge_tags=True))
    assert attachment_tags(aws) == tags.connection_tags("berlin", NET)


@pytest.mark.parametrize("change", ["target", "replacement"])
def test_the_attachment_that_follows_has_the_tags_too(aws: Any, change: str) -> None:
    aws.run(aws.berlin(tags=NET))
    other = {"transit_gateway_id": aws.other_tgw} if change == "target" else {"options": {"enable_acceleration": True}}
    (old,) = aws.connections
    # What the site no longer names is kept, as on the connection itself.
    aws.run(aws.berlin(tags={"env": "lab"}, **other), consent=REPLACED)
    for connection_id in aws.connections:
        aws.up(connection_id)
    aws.run(aws.berlin(tags={"env": "lab"}, **other), consent=REPLACED)
    assert ([*aws.connections] == [old]) is (change == "target")
    assert attachment_tags(aws) == tags.connection_tags("berlin", {**NET, "env": "lab"})


def test_tags_cost_no_read(quick_aws: Any) -> None:
    counts = []
    for given in ({}, NET):
        quick_aws.run(quick_aws.berlin(tags=given), quick_aws.madrid(tags=given))
        quick_aws.emulator.calls.clear()
        assert not quick_aws.plan(quick_aws.berlin(tags=given), quick_aws.madrid(tags=given)).has_changes
        counts.append(dict(quick_aws.emulator.calls))
    assert counts[0] == counts[1]


def test_a_run_on_some_of_the_sites_does_not_undo_what_all_agree_on(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.madrid(tags={**NET, "owner": "madrid"}))
    aws.run(paris(aws, tags={**NET, "owner": "paris", "floor": "3"}))
    assert vpn_gateway_tags(aws) == tags.vpc_tags(aws.vpc, {**NET, "owner": "madrid"})
    aws.run(aws.madrid(tags={**NET, "owner": "madrid"}))
    assert vpn_gateway_tags(aws) == tags.vpc_tags(aws.vpc, {**NET, "owner": "madrid"})
    aws.converge(sites.wanted([paris(aws, tags={**NET, "owner": "paris"})], purge_tags=True))
    assert vpn_gateway_tags(aws) == tags.vpc_tags(aws.vpc, NET)
