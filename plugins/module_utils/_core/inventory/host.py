# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The site_vpn_* variables of every host, read, checked and completed.

One host of the inventory is one site. Everything wrong with one site is found here; what sites must not
do to each other is in sites.py. A problem is one line: host, option, value and the rule it breaks. A value that
is, or may be, a secret is never part of it.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..options import fields, rules, value_rules
from .options import (
    read_options,
    read_storage,
    read_tunnels,
    refuse_combinations,
)
from .reader import OPTIONS, PREFIX, Host, did_you_mean, shown
from .target import read_target

ROUTING = ("bgp", "static")
IPSEC = ("strongswan",)
PLAY_OPTIONS = ("hosts", "environment")
OWN_TAG_PREFIX = "hybridnet:"
# Everything without a better route goes to such a site, so it gets in the way of no network.
DEFAULT_ROUTE = "0.0.0.0/0"

_DEVICE_ROWS = {row.name: row for row in fields.CUSTOMER_GATEWAY}
_URL = re.compile(r"https?://[A-Za-z0-9._\-\[\]:]+(/[^\s@]*)?\Z")


def read_host(variables: Mapping[str, object], known_hosts: Iterable[str] | None) -> Host:
    """Everything one host says about its site, with every problem that needs no other site to see."""
    name = str(variables.get("inventory_hostname"))
    host = Host(name, {key: value for key, value in variables.items() if str(key).startswith(PREFIX)})
    _refuse_unknown_options(host)
    region = host.text("region", value_rules.region_problem, required=True)
    certificate_arn = _device_option(host, "certificate_arn")
    options = read_options(host)
    version = rules.network_version(options)
    host.site = {
        "name": name,
        "region": region,
        "endpoint_url": _endpoint_url(host),
        "target": read_target(host),
        "routing": host.choice("routing", ROUTING),
        "ipsec": host.choice("ipsec", IPSEC),
        # Without an address AWS takes the gateway from anywhere, if it shows the certificate.
        "public_ip": host.text("public_ip", required=certificate_arn is None),
        "certificate_arn": certificate_arn,
        "device_name": _device_option(host, "device_name"),
        "options": options,
        "pre_shared_key_storage": read_storage(host),
    }
    host.site["bgp_asn"] = host.whole(
        "bgp_asn",
        host.value("bgp_asn", required=host.site["routing"] == "bgp"),
        lambda asn: value_rules.customer_asn_problem(asn, region),
    )
    host.site["local_cidrs"] = host.networks("local_cidrs", version)
    host.site["remote_cidrs"] = host.networks("remote_cidrs", version)
    host.site["tunnels"] = read_tunnels(host)
    host.site["tags"] = _tags(host)
    _read_places(host, known_hosts)
    _refuse_asns_and_networks(host)
    refuse_combinations(host)
    return host


def _device_option(host: Host, option: str) -> str | None:
    return host.text(option, _DEVICE_ROWS[option].problem)


def _refuse_unknown_options(host: Host) -> None:
    known = tuple(PREFIX + option for option in OPTIONS)
    passed = tuple(PREFIX + option for option in PLAY_OPTIONS)
    for key in host.given:
        if key not in known + passed:
            host.refuse(key[len(PREFIX) :], "unknown option" + did_you_mean(key, known))


def _tags(host: Host) -> dict[str, str]:
    value = host.value("tags")
    if value is None:
        return {}
    if not isinstance(value, dict):
        host.refuse("tags", "a dictionary is expected", value)
        return {}
    for key, tag in value.items():
        problem = _tag_problem(key, tag)
        if problem:
            host.refuse(f"tags.{shown(key)}", problem)
    return {str(key): str(tag) for key, tag in value.items()}


def _tag_problem(key: object, tag: object) -> str | None:
    if isinstance(tag, (dict, list, bool)) or tag is None:
        return "the value of a tag is a string (quote it)"
    if not 1 <= len(str(key)) <= 128 or len(str(tag)) > 256:
        return "a tag has a key of 1 to 128 and a value of up to 256 characters"
    if str(key).lower().startswith("aws:"):
        return "AWS keeps keys that start with aws: to itself"
    if str(key).startswith(OWN_TAG_PREFIX):
        return f"the collection keeps keys that start with {OWN_TAG_PREFIX} to itself: it finds its resources by them"
    return None


def _read_places(host: Host, known_hosts: Iterable[str] | None) -> None:
    """Where the gateway and the probes are."""
    for option, networks in (("gateway_address", None), ("lan_address", "local"), ("vpc_probe_address", "remote")):
        value = host.text(option, _address_problem)
        host.site[option] = value
        inside = host.site[f"{networks}_cidrs"] if networks else []
        if value and inside and not value_rules.clashes([f"{value}/32"], inside):
            host.refuse(option, f"lies in none of {PREFIX}{networks}_cidrs ({', '.join(inside)})", value)
    names = None if known_hosts is None else tuple(known_hosts)
    for option in ("probe_host", "vpc_probe_host"):
        value = host.text(option)
        host.site[option] = value
        if value and names is not None and value not in names:
            host.refuse(option, "no such host in the inventory" + did_you_mean(value, names), value)


def _refuse_asns_and_networks(host: Host) -> None:
    local = [cidr for cidr in host.site["local_cidrs"] if cidr != DEFAULT_ROUTE]
    for cidr, other in value_rules.clashes(local, host.site["remote_cidrs"]):
        host.refuse("local_cidrs", f"overlaps {other} of {PREFIX}remote_cidrs", cidr)
    amazon_side_asn = host.site["target"].get("vpn_gateway", {}).get("amazon_side_asn")
    if amazon_side_asn is None:
        return
    asn = host.site["bgp_asn"]
    if asn is not None:
        problem = value_rules.asn_pair_problem(asn, amazon_side_asn)
        if problem:
            host.refuse("bgp_asn", problem, asn)
    elif host.site["routing"] == "static":
        problem = value_rules.asn_pair_problem(value_rules.DEFAULT_STATIC_CUSTOMER_ASN, amazon_side_asn)
        if problem:
            host.refuse("bgp_asn", f"not set, so {value_rules.DEFAULT_STATIC_CUSTOMER_ASN}: {problem}")


def _endpoint_url(host: Host) -> str | None:
    value = host.value("endpoint_url")
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _URL.match(value):
        # Not shown: a URL may carry a password.
        host.refuse("endpoint_url", "not an http or https address without user name, such as http://127.0.0.1:5055")
        return None
    return value


def _address_problem(value: object) -> str | None:
    return None if value_rules.address(value) else "not an IPv4 address"
