# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options that several modules share; those of tunnels and customer gateways come from the field tables."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ..._core.model.access import OPTIONS
from ..._core.model.resources import SECRETS_MANAGER, STANDARD
from ..._core.options import fields


def waiting() -> dict[str, Any]:
    """Whether, and how long, to wait for AWS."""
    return {"wait": {"type": "bool", "default": True}, "wait_timeout": {"type": "int", "default": 2400}}


def consent() -> dict[str, Any]:
    """What a run may interrupt or replace."""
    return {
        "allow_interruption": {"type": "bool", "default": False},
        "force_tunnel_change": {"type": "bool", "default": False},
        "allow_replacement": {"type": "bool", "default": False},
        "replacement_order": {"type": "str", "choices": ["create_first", "delete_first"], "default": "create_first"},
    }


def tagging() -> dict[str, Any]:
    """Tags of one resource."""
    return {"tags": {"type": "dict", "aliases": ["resource_tags"]}, "purge_tags": {"type": "bool", "default": False}}


def state() -> dict[str, Any]:
    """Whether the resource is to exist."""
    return {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}


def connection_options() -> dict[str, Any]:
    """What a connection is made of, besides its ends and its routing."""
    return {
        "options": {"type": "dict", "options": fields.argument_spec(fields.CONNECTION)},
        "pre_shared_key_storage": {"type": "str", "choices": [STANDARD, SECRETS_MANAGER]},
        "tunnels": {"type": "list", "elements": "dict", "options": fields.argument_spec(fields.TUNNEL)},
    }


def customer_gateway() -> dict[str, Any]:
    """What a customer gateway is made of."""
    return fields.argument_spec(fields.CUSTOMER_GATEWAY)


def transit_gateway_routing() -> dict[str, Any]:
    """What route tables of a transit gateway know of a connection."""
    return {
        "associate_with": {"type": "str"},
        "propagate_to": {"type": "list", "elements": "str"},
        "static_routes_to": {"type": "list", "elements": "str"},
    }


def vpc_gateway() -> dict[str, Any]:
    """The virtual private gateway of a VPC."""
    return {
        "vpc_id": {"type": "str", "required": True},
        "amazon_side_asn": {"type": "int"},
        "propagate_to": {"type": "list", "elements": "str"},
    }


def access() -> dict[str, Any]:
    """Region and account of a connection."""
    return {name: {"type": "str"} for name in OPTIONS}


def target() -> dict[str, Any]:
    """What a connection ends on in AWS."""
    kinds: dict[str, Any] = {
        "transit_gateway_id": {"type": "str"},
        "vpn_gateway_id": {"type": "str"},
        "vpn_gateway": {"type": "dict", "options": vpc_gateway()},
        "vpn_concentrator_id": {"type": "str"},
        "vpn_concentrator": {
            "type": "dict",
            "options": {"transit_gateway_id": {"type": "str", "required": True}},
        },
        "unattached": {"type": "bool"},
    }
    keys = list(kinds)
    return {
        "type": "dict",
        "options": {**kinds, **transit_gateway_routing()},
        "required_one_of": [keys],
        "mutually_exclusive": [keys],
        "required_by": {key: ["transit_gateway_id"] for key in transit_gateway_routing()},
    }


def gateways() -> dict[str, Any]:
    """The list of gateways; what all but the name is needed for depends on the state, so the core asks for it."""
    of_a_connection = {
        "target": target(),
        "routing": {"type": "str", "choices": ["bgp", "static"]},
        "remote_cidrs": {"type": "list", "elements": "str"},
        "preference": {"type": "int"},
        "tags": {"type": "dict"},
        **access(),
        **connection_options(),
    }
    gateway = {
        "name": {"type": "str", "required": True},
        "site": {"type": "str"},
        **customer_gateway(),
        "local_cidrs": {"type": "list", "elements": "str"},
        "shared_networks": {"type": "bool"},
        **of_a_connection,
        "connections": {
            "type": "list",
            "elements": "dict",
            "options": {"name": {"type": "str", "required": True}, **of_a_connection},
        },
    }
    return {"gateways": {"type": "list", "elements": "dict", "options": gateway}}


def bulk() -> dict[str, Any]:
    """How a run over many gateways goes on when some fail, and where it says how far it is."""
    return {"max_failures": {"type": "int", "default": 1}, "progress_file": {"type": "path"}}
