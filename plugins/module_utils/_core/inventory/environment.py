# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which environment variables an inventory may set for the AWS SDK: only those that are no secrets.

Ansible puts the environment of a task on a command line, which every user of the controller can read.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..options.problem import Problem
from .reader import did_you_mean, is_unset

PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy")
ALLOWED = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_METADATA_SERVICE_TIMEOUT",
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    *PROXIES,
)
# An empty one hides the one of the user's own environment.
ONLY_EMPTY = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_ENDPOINT_OF_A_SERVICE = re.compile(r"AWS_ENDPOINT_URL_[A-Z0-9_]+\Z")
_CAN_BE_READ = (
    "not allowed, because other users of the controller can read the environment of a task; "
    "the AWS SDK finds credentials itself (profile, role, file)"
)


def problems(environment: object) -> list[Problem]:
    """What is wrong with it: a problem for each variable, with its name. No value is shown."""
    if is_unset(environment):
        return []
    if not isinstance(environment, Mapping):
        return [Problem("", "a dictionary is expected")]
    found = ((str(name), _rule(str(name), value)) for name, value in environment.items())
    # What is no name can be a secret on the wrong side of the colon.
    return [Problem(f".{name}" if _NAME.match(name) else "", rule) for name, rule in found if rule]


def variables(environment: Any) -> dict[str, str]:
    """Those of an environment without problems."""
    return {str(name): str(value) for name, value in (environment or {}).items()}


def _rule(name: str, value: object) -> str | None:
    if name in ONLY_EMPTY:
        return None if value == "" else _CAN_BE_READ
    if name not in ALLOWED and not _ENDPOINT_OF_A_SERVICE.match(name):
        return _CAN_BE_READ + did_you_mean(name, ALLOWED)
    if not isinstance(value, (str, int)):
        return "a string is expected"
    if "@" in str(value) and (name in PROXIES or "ENDPOINT" in name):
        return "must not contain a user name or a password, because other users of the controller can read it"
    return None
