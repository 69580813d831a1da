# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An endpoint's BGP: the configuration of its BIRD, and how to talk to it.

BIRD rather than FRR: the gateway's BGP then meets another implementation, as it does in AWS, and
without KVM it starts in a tenth of the time.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

VPC_ASN = 4200000001
# By Region, the router of its VPC: its namespace and its address on the inner network.
VPC_ROUTERS = {"eu-central-1": ("vpc", "100.64.0.1"), "eu-west-1": ("vpc-west", "100.64.0.2")}


def router(tunnel: dict[str, Any]) -> str:
    """The address of the router of the VPC behind a tunnel."""
    return VPC_ROUTERS[tunnel["region"]][1]


def conf(tunnel: dict[str, Any], address: str, core_address: str, log: Path) -> str:
    """The whole configuration for a tunnel whose endpoint has these addresses."""
    accept = "true" if tunnel["accept"] == "any" else _is_within(tunnel["accept"])
    routes = "".join(f"  route {prefix} via {router(tunnel)};\n" for prefix in sorted(tunnel["advertise"]))
    return f"""\
log "{log}" all;
router id {address};
protocol device {{}}
protocol kernel {{
  ipv4 {{ import none; export all; }};
}}
protocol static advertised {{
  ipv4;
{routes}}}
{_customer(tunnel)}protocol bgp vpc {{
  local {core_address} as {tunnel["amazon_side_asn"]};
  neighbor {router(tunnel)} as {VPC_ASN};
  hold time 30;
  connect retry time 3;
  connect delay time 1;
  error wait time 1, 5;
  ipv4 {{
    import none;
    export where proto = "customer" && {accept};
    next hop self;
  }};
}}
"""


def _customer(tunnel: dict[str, Any]) -> str:
    """The session with the customer gateway."""
    # BIRD ends the session with Cease 6/1 at the first route too many, and tries again after the error wait time.
    most = tunnel["route_limit"]
    limit = "" if most is None else f"\n    import limit {most} action restart;"
    return f"""\
protocol bgp customer {{
  local {tunnel["inside_address"].split("/")[0]} as {tunnel["amazon_side_asn"]};
  neighbor {tunnel["peer_inside_address"]} as {tunnel["customer_asn"]};
  hold time 30;
  keepalive time 10;
  connect retry time 10;
  connect delay time 2;
  error wait time 2, 10;
  debug {{ events }};
  ipv4 {{
    import where net !~ [ 169.254.0.0/16+ ];{limit}
    export filter {{ if proto != "advertised" then reject; bgp_med = {tunnel["med"]}; accept; }};
  }};
}}
"""


def _is_within(prefixes: list[str]) -> str:
    return f"net ~ [ {', '.join(f'{prefix}+' for prefix in sorted(prefixes))} ]" if prefixes else "false"


def command(control: Path, text: str) -> list[str]:
    """One command over the control socket; the lines of the answer without their codes."""
    lines: list[str] = []
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(control))
        stream = connection.makefile("rw", encoding="utf-8")
        stream.readline()
        stream.write(text + "\n")
        stream.flush()
        for line in stream:
            if line.startswith(("8", "9")) and line[4:5] == " ":
                raise RuntimeError(f"bird: {text}: {line.strip()}")
            lines.append(line[1:] if line.startswith(" ") else line[5:])
            if line[:4].isdigit() and line[4:5] == " ":
                return lines
    return lines


def session(control: Path) -> tuple[str, int]:
    """State of the session with the customer, and how many of its routes were taken."""
    try:
        lines = [line.split() for line in command(control, "show protocols all customer")]
    except OSError:
        return "Idle", 0
    state, routes = "Idle", 0
    for words in lines:
        if words[:2] == ["BGP", "state:"]:
            state = words[2]
        if words[:1] == ["Routes:"]:
            routes = int(words[1])
    return state, routes if state == "Established" else 0
