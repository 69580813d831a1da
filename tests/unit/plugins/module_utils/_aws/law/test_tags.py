# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law on the tags of sites, on everything that is made for them: also on what sites share."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Site
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites

NET = {"team": "net"}

# The fixtures aws and quick_aws, and the check of the law, are in conftest.py.


def own_tags(found: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in found["Tags"]}


def vpn_gateway_tags(aws: Any) -> dict[str, str]:
    (found,) = aws.client.describe_vpn_gateways()["VpnGateways"]
    return own_tags(found)


def concentrator_tags(aws: Any) -> dict[str, str]:
    (found,) = aws.client.describe_vpn_concentrators()["VpnConcentrators"]
    return own_tags(found)


def paris(aws: Any, **changes: Any) -> Site:
    """A second site on the virtual private gateway of the VPC."""
    return aws.madrid(**{"name": "paris", "public_ip": "192.0.2.20", "local_cidrs": ("10.40.0.0/16",), **changes})


def bonn(aws: Any, **changes: Any) -> Site:
    """A second site on the VPN concentrator of the transit gateway."""
    own = {"name": "bonn", "public_ip": "198.51.100.20", "bgp_asn": 65020, "local_cidrs": ("10.50.0.0/16",)}
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
