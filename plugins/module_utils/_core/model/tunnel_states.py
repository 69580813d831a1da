# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The states of a tunnel, and the reasons why it is down: the words that the gateway reports and the verdict reads."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import enum


class Ike(str, enum.Enum):
    """State of the IKE SA on the gateway."""

    ESTABLISHED = "ESTABLISHED"
    CONNECTING = "CONNECTING"
    DOWN = "DOWN"


class Esp(str, enum.Enum):
    """State of the IPsec SAs on the gateway."""

    INSTALLED = "INSTALLED"
    DOWN = "DOWN"


class Bgp(str, enum.Enum):
    """The states of a BGP session that decide; what lies between them is reported as the routing daemon names it."""

    ESTABLISHED = "Established"
    DOWN = "Down"


class TelemetryStatus(str, enum.Enum):
    """State of a tunnel as AWS reports it."""

    UP = "UP"
    DOWN = "DOWN"


class Failure(str, enum.Enum):
    """Why a tunnel has no IPsec SA, as far as its gateway knows. Of several, the first in this order tells most."""

    DAEMON_NOT_RUNNING = "DAEMON_NOT_RUNNING"
    NOT_LOADED = "NOT_LOADED"
    NO_SHARED_KEY = "NO_SHARED_KEY"
    # Error notifications of RFC 7296, by their names there; either end may have sent them.
    AUTHENTICATION_FAILED = "AUTHENTICATION_FAILED"
    NO_PROPOSAL_CHOSEN = "NO_PROPOSAL_CHOSEN"
    TS_UNACCEPTABLE = "TS_UNACCEPTABLE"
    INVALID_SELECTORS = "INVALID_SELECTORS"
    INVALID_MAJOR_VERSION = "INVALID_MAJOR_VERSION"
    INVALID_SYNTAX = "INVALID_SYNTAX"
    UNSUPPORTED_CRITICAL_PAYLOAD = "UNSUPPORTED_CRITICAL_PAYLOAD"
    SINGLE_PAIR_REQUIRED = "SINGLE_PAIR_REQUIRED"
    NO_ADDITIONAL_SAS = "NO_ADDITIONAL_SAS"
    INTERNAL_ADDRESS_FAILURE = "INTERNAL_ADDRESS_FAILURE"
    FAILED_CP_REQUIRED = "FAILED_CP_REQUIRED"
    KERNEL_REFUSED = "KERNEL_REFUSED"
    NO_ANSWER = "NO_ANSWER"
