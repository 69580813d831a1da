# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Turns AWS's errors into the exceptions of this collection, by their codes, because their texts change."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..._core.errors import ApiError, InvalidState, LostAnswer, NotFound, Throttled

try:
    from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
    from botocore.parsers import ResponseParserError

    # A ValueError is what becomes of a number or a time in an answer that is none.
    SDK_ERRORS: tuple[type[Exception], ...] = (BotoCoreError, ClientError, ResponseParserError, ValueError)
except ImportError:
    # AnsibleAWSModule reports the missing library before any of this is used.
    SDK_ERRORS = ()

THROTTLING = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    }
)
SERVER_TROUBLE = frozenset({"InternalError", "InternalFailure", "ServiceUnavailable", "Unavailable"})
WRONG_STATE = frozenset(
    {
        "IncorrectState",
        "InvalidCustomerGatewayState",
        "InvalidVpnConnection.InvalidState",
        "InvalidVpnGatewayState",
    }
)
# Codes for things that do not exist which do not end in .NotFound.
MISSING = frozenset({"InvalidVpnConnectionID"})


def translate(call: str, subject: str, error: Exception) -> ApiError:
    """The exception of the core for one of the SDK's, with no request and no answer in it."""
    if isinstance(error, ClientError):
        return _from_code(call, subject, error)
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return LostAnswer(call, type(error).__name__, str(error), subject)
    if not isinstance(error, BotoCoreError):
        # Its own text is not told: it holds what was in the answer.
        text = "the answer is not one of the EC2 API; check endpoint_url"
        return LostAnswer(call, "ResponseParserError", text, subject)
    return ApiError(call, type(error).__name__, str(error), subject)


def _from_code(call: str, subject: str, error: ClientError) -> ApiError:
    code = error.response.get("Error", {}).get("Code", "Unknown")
    message = error.response.get("Error", {}).get("Message", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    kind: type[ApiError] = ApiError
    if code in THROTTLING or status == 429:
        kind = Throttled
    elif code in SERVER_TROUBLE or status >= 500:
        kind = LostAnswer
    elif code.endswith(".NotFound") or code in MISSING:
        kind = NotFound
    elif code in WRONG_STATE:
        kind = InvalidState
    return kind(call, code, message, subject)
