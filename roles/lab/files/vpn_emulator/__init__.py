# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated AWS EC2 with the whole Site-to-Site VPN API, as an extension of moto.

`python -m vpn_emulator --port 5055` serves it; `with in_process() as emulator:` runs it in a test. Without a data plane
every tunnel is DOWN; with one, telemetry is what real tunnel endpoints report.
"""

from __future__ import annotations

from .customer_devices import always_up
from .inprocess import Emulator, in_process

__all__ = ["Emulator", "always_up", "in_process"]
