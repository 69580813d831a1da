# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sessions of assumed roles: whose access key is of which session, and whether that is over.

STS, which moto answers, makes them: the role need not exist, and its ARN says the account.
"""

from __future__ import annotations

from moto.core.utils import utcnow
from moto.sts.models import AssumedRole, sts_backends

# How the access keys of sessions begin.
_PREFIX = "ASIA"


def find(access_key: str) -> AssumedRole | None:
    """The session an access key is of, None where it is of no session."""
    if not access_key.startswith(_PREFIX):
        return None
    backends = [backend for account in list(sts_backends.values()) for backend in list(account.values())]
    found = (backend.get_assumed_role_from_access_key(access_key) for backend in backends)
    return next((session for session in found if session), None)


def is_over(session: AssumedRole) -> bool:
    """Whether its access key is worth nothing any more."""
    return bool(session.expiration <= utcnow())
