# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Device types AWS has sample configurations for, and which one of them is meant."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import InvalidInput


@dataclass(frozen=True)
class DeviceType:
    """A kind of customer gateway device."""

    id: str
    vendor: str
    platform: str
    software: str

    def __str__(self) -> str:
        return f"{self.id} ({self.vendor}, {self.platform}, {self.software})"

    def as_result(self) -> dict[str, str]:
        """The device type as modules return it."""
        return {
            "device_type_id": self.id,
            "vendor": self.vendor,
            "platform": self.platform,
            "software": self.software,
        }


@dataclass(frozen=True)
class DeviceWanted:
    """Which device types are meant: by id, or by parts of their names; None takes any."""

    id: str | None = None
    vendor: str | None = None
    platform: str | None = None
    software: str | None = None

    def __str__(self) -> str:
        given = {"device_type_id": self.id, "vendor": self.vendor, "platform": self.platform, "software": self.software}
        return ", ".join(f"{name}={value}" for name, value in given.items() if value is not None)


def select(known: Sequence[DeviceType], wanted: DeviceWanted) -> list[DeviceType]:
    """The device types that are meant, sorted; parts of names are compared without regard to case."""
    found = [
        each
        for each in known
        if wanted.id in (None, each.id)
        and _has(each.vendor, wanted.vendor)
        and _has(each.platform, wanted.platform)
        and _has(each.software, wanted.software)
    ]
    return sorted(found, key=lambda each: (each.vendor, each.platform, each.software, each.id))


def the_one(known: Sequence[DeviceType], wanted: DeviceWanted) -> DeviceType:
    """The one device type that is meant; picking the first of several would be a guess."""
    found = select(known, wanted)
    if len(found) > 1:
        # "IOS 12.4" is part of "IOS 12.4+ (no-BGP)" too.
        found = [each for each in found if _is_exactly(each, wanted)] or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidInput([f"{wanted}: AWS has no such device type; hybridnet.aws_vpn.vpn_device_info lists them"])
    raise InvalidInput([f"{wanted}: several device types match: {'; '.join(map(str, found))}"])


def _has(name: str, part: str | None) -> bool:
    return part is None or part.strip().lower() in name.lower()


def _is_exactly(each: DeviceType, wanted: DeviceWanted) -> bool:
    pairs = ((each.vendor, wanted.vendor), (each.platform, wanted.platform), (each.software, wanted.software))
    return all(part is None or part.strip().lower() == name.lower() for name, part in pairs)
