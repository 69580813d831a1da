# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The instance of a subnet that answers the pings of sites, with its security group: one, which connections share."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.resources import COLLECTION, COLLECTION_TAG
from ..model.values import ipv4_address
from ..plan.tags import shared
from .found import PROBE_TAG, Found
from .wanted import Place, Want, access

NAME = f"{COLLECTION} probe"
# AWS keeps the first four addresses of a subnet and the last one.
# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
_FIRST, _LAST = 4, 1
_STOPPED = ("stopping", "stopped")
# The states of an instance that is there: one that was terminated is shown for an hour.
ALIVE = ("pending", "running", *_STOPPED)


@dataclass(frozen=True)
class ProbeChange:
    """What happens to one instance and its security group."""

    place: Place
    subnet: str
    vpc: str
    # In words, for people.
    what: tuple[str, ...]
    # Those that can ping it at the end; none: instance and security group are deleted.
    networks: tuple[str, ...]
    purge_networks: bool = False
    address: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """What it changes, for people."""
        return [f"{self.subnet} ({self.place.region}): {each}" for each in self.what]

    @property
    def arguments(self) -> dict[str, Any]:
        """What the modules of amazon.aws are told."""
        return {
            **access(self.place),
            "name": NAME,
            "group_name": group_name(self.subnet),
            "subnet_id": self.subnet,
            "vpc_id": self.vpc,
            "address": self.address,
            "networks": list(self.networks),
            "purge_networks": self.purge_networks,
            "tags": dict(self.tags),
            "filters": {f"tag:{PROBE_TAG}": self.subnet, "instance-state-name": list(ALIVE)},
        }


def group_name(subnet: str) -> str:
    """Of the security group of the instance of a subnet."""
    return f"{COLLECTION} probe {subnet}"


def problems(wanted: Iterable[Want], found: Found) -> Iterator[str]:
    """What AWS would refuse."""
    for want in wanted:
        subnet = found.subnets.get(want.subnet or "")
        if want.subnet is None or want.address is None:
            continue
        if subnet is None:
            yield want.line("probe_subnet", want.subnet, f"does not exist in {want.place.region}")
        elif not _is_free(want.address, subnet.network):
            yield want.line(
                "vpc_probe_address", want.address, f"is not a free address of {want.subnet} ({subnet.network})"
            )
        instance = found.instances.get(want.subnet)
        if instance and instance.address != want.address:
            rule = (
                f"the instance in {want.subnet} ({instance.id}) has {instance.address}: delete it, or use its address"
            )
            yield want.line("vpc_probe_address", want.address, rule)


def _is_free(address: str, network: Any) -> bool:
    number = int(ipv4_address(address) or 0)
    first, last = int(network.network_address), int(network.broadcast_address)
    return first + _FIRST <= number <= last - _LAST


def additions(wanted: Iterable[Want], found: Found) -> list[ProbeChange]:
    """What is missing of the instances."""
    changes = [_addition(place, subnet, sharers, found) for (place, subnet), sharers in _by_subnet(wanted).items()]
    return [change for change in changes if change]


def _addition(place: Place, subnet: str, sharers: list[Want], found: Found) -> ProbeChange | None:
    group, instance = found.groups.get(subnet), found.instances.get(subnet)
    networks = sorted({network for want in sharers for network in want.networks})
    missing = [network for network in networks if not group or network not in group.networks]
    address = sharers[0].address or ""
    what = [] if group else [f"create security group {group_name(subnet)}"]
    what += [f"allow pings from {network}" for network in missing]
    if instance is None:
        what.append(f"create instance with address {address}")
    elif instance.state in _STOPPED:
        what.append(f"start instance {instance.id}")
    if not what:
        return None
    tags = {**shared([want.tags for want in sharers]), COLLECTION_TAG: COLLECTION, PROBE_TAG: subnet}
    vpc = found.subnets[subnet].vpc
    return ProbeChange(place, subnet, vpc, tuple(what), tuple(networks), address=address, tags=tags)


def removals(going: Iterable[Want], staying: Iterable[Want], found: Found) -> list[ProbeChange]:
    """The networks that ping no more; with the last of them the instance and its security group."""
    kept = {(want.subnet, network) for want in staying if want.subnet for network in want.networks}
    changes = []
    for (place, subnet), sharers in _by_subnet(going).items():
        group, instance = found.groups.get(subnet), found.instances.get(subnet)
        gone = {network for want in sharers for network in want.networks if (subnet, network) not in kept}
        networks = set(group.networks) - gone if group else set()
        what = [f"no more pings from {network}" for network in sorted(gone & (group.networks if group else set()))]
        if not networks:
            what = [f"delete instance {instance.id}"] if instance else []
            what += [f"delete security group {group.id}"] if group else []
        if what and subnet in found.subnets:
            vpc = found.subnets[subnet].vpc
            changes.append(ProbeChange(place, subnet, vpc, tuple(what), tuple(sorted(networks)), purge_networks=True))
    return changes


def _by_subnet(wanted: Iterable[Want]) -> dict[tuple[Place, str], list[Want]]:
    found: dict[tuple[Place, str], list[Want]] = {}
    for want in wanted:
        if want.subnet:
            found.setdefault((want.place, want.subnet), []).append(want)
    return found
