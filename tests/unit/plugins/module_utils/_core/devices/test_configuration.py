# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The customer gateway configuration: addresses, ASNs and keys, joined on the outside address."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.devices import configuration
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret


def tunnel(outside: str, inside: str, key: str, bgp: bool = True) -> str:
    asn = "<bgp><asn>{}</asn><hold_time>30</hold_time></bgp>" if bgp else "{:.0}"
    return f"""
  <ipsec_tunnel>
    <customer_gateway>
      <tunnel_outside_address><ip_address>198.51.100.10</ip_address></tunnel_outside_address>
      {asn.format("65010")}
    </customer_gateway>
    <vpn_gateway>
      <tunnel_outside_address><ip_address>{outside}</ip_address></tunnel_outside_address>
      <tunnel_inside_address><ip_address>{inside}</ip_address><network_mask>255.255.255.252</network_mask>
        <network_cidr>30</network_cidr></tunnel_inside_address>
      {asn.format("64512")}
    </vpn_gateway>
    <ike><pre_shared_key>{key}</pre_shared_key></ike>
  </ipsec_tunnel>"""


def document(*tunnels: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<vpn_connection id="vpn-1">{"".join(tunnels)}</vpn_connection>'


def test_bgp() -> None:
    text = document(
        tunnel("203.0.113.2", "169.254.20.1", "MARKER_one"), tunnel("203.0.113.6", "169.254.20.5", "Two22222")
    )
    first, second = configuration.parse(text)
    assert first == configuration.DeviceTunnel("203.0.113.2", "169.254.20.0/30", 64512, 65010, Secret("MARKER_one"))
    assert second.inside_cidr == "169.254.20.4/30"
    assert "MARKER" not in repr(first)


def test_static_has_no_asn() -> None:
    (first,) = configuration.parse(document(tunnel("203.0.113.2", "169.254.20.1", "One11111", bgp=False)))
    assert (first.amazon_side_asn, first.customer_asn) == (None, None)


def test_a_key_kept_elsewhere_is_none() -> None:
    for key in ("REDACTED", ""):
        (first,) = configuration.parse(document(tunnel("203.0.113.2", "169.254.20.1", key)))
        assert first.pre_shared_key is None


def test_what_is_no_such_document_has_no_tunnels() -> None:
    for text in ("", "not XML", "<other/>", document("<ipsec_tunnel/>")):
        assert configuration.parse(text) == ()


def test_entities_are_not_expanded() -> None:
    text = document(tunnel("203.0.113.2", "169.254.20.1", "&key;"))
    declaration, _newline, rest = text.partition("\n")
    assert len(configuration.parse(f"{declaration}\n{rest.replace('&key;', 'One11111')}")) == 1
    assert configuration.parse(f'{declaration}\n<!DOCTYPE vpn_connection [<!ENTITY key "One11111">]>\n{rest}') == ()


@pytest.mark.parametrize("spoiled", ["\u00b2", " }", "%eth0", "/32", ".1"])
def test_what_is_no_address_is_not_there(spoiled: str) -> None:
    assert configuration.parse(document(tunnel(f"203.0.113.2{spoiled}", "169.254.20.1", "One11111"))) == ()
    (first,) = configuration.parse(document(tunnel("203.0.113.2", f"169.254.20.1{spoiled}", "One11111")))
    assert first.inside_cidr is None
