# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""Option groups the modules share; what a tunnel or a customer gateway takes comes from the field tables."""

from __future__ import annotations

from typing import Any

from .._core import fields


def waiting() -> dict[str, Any]:
    """Whether, and how long, to wait for AWS."""
    return {"wait": {"type": "bool", "default": True}, "wait_timeout": {"type": "int", "default": 2400}}


def consent() -> dict[str, Any]:
    """What a run may interrupt."""
    return {
        "allow_interruption": {"type": "bool", "default": False},
        "force_tunnel_change": {"type": "bool", "default": False},
    }


def tagging() -> dict[str, Any]:
    """Tags of one resource."""
    return {"tags": {"type": "dict", "aliases": ["resource_tags"]}, "purge_tags": {"type": "bool", "default": False}}


def state() -> dict[str, Any]:
    """Whether the resource is to exist."""
    return {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}


def tunnels() -> dict[str, Any]:
    """The tunnels of one connection."""
    return {"tunnels": {"type": "list", "elements": "dict", "options": fields.argument_spec(fields.TUNNEL)}}


def customer_gateway() -> dict[str, Any]:
    """What a customer gateway is made of."""
    return fields.argument_spec(fields.CUSTOMER_GATEWAY)


def vpc_gateway() -> dict[str, Any]:
    """The virtual private gateway of a VPC."""
    return {
        "vpc_id": {"type": "str", "required": True},
        "amazon_side_asn": {"type": "int"},
        "propagate_to": {"type": "list", "elements": "str"},
    }


def sites() -> dict[str, Any]:
    """The list of sites."""
    target = {
        "transit_gateway_id": {"type": "str"},
        "vpn_gateway_id": {"type": "str"},
        "vpn_gateway": {"type": "dict", "options": vpc_gateway()},
    }
    keys = list(target)
    site = {
        "name": {"type": "str", "required": True},
        "public_ip": {"type": "str", "required": True},
        "bgp_asn": {"type": "int"},
        "target": {
            "type": "dict",
            "required": True,
            "options": target,
            "required_one_of": [keys],
            "mutually_exclusive": [keys],
        },
        "routing": {"type": "str", "choices": ["bgp", "static"], "default": "bgp"},
        "local_cidrs": {"type": "list", "elements": "str", "required": True},
        "remote_cidrs": {"type": "list", "elements": "str", "required": True},
        "tags": {"type": "dict"},
        **tunnels(),
    }
    return {"sites": {"type": "list", "elements": "dict", "required": True, "options": site}}
