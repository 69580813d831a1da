# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which exception of the core an error of the SDK becomes."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.errors import SDK_ERRORS, translate
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import (
    ApiError,
    InvalidState,
    LostAnswer,
    NotFound,
    Throttled,
)
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from botocore.stub import Stubber

Stub = tuple[Ec2, Stubber]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InvalidVpnConnectionID.NotFound", NotFound),
        ("InvalidVpnConnectionID", NotFound),
        ("InvalidVpnConnection.InvalidState", InvalidState),
        ("IncorrectState", InvalidState),
        ("UnauthorizedOperation", ApiError),
        ("InvalidParameterValue", ApiError),
    ],
)
def test_codes(stub: Stub, code: str, kind: type[ApiError]) -> None:
    ec2, stubber = stub
    stubber.add_client_error("modify_vpn_connection", code, "no")
    with pytest.raises(ApiError) as error:
        ec2.modify_connection("vpn-1", {})
    assert error.type is kind
    assert str(error.value) == f"ModifyVpnConnection for vpn-1 failed: {code}: no"
    assert (error.value.code, error.value.subject) == (code, "vpn-1")


def sdk_error(code: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "DescribeVpcs"
    )


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sdk_error("RequestLimitExceeded", 503), Throttled),
        (sdk_error("Throttling"), Throttled),
        # A proxy before the API has codes of its own.
        (sdk_error("Whatever", 429), Throttled),
        (sdk_error("InternalError", 500), LostAnswer),
        (sdk_error("Unavailable"), LostAnswer),
        (sdk_error("", 502), LostAnswer),
        (sdk_error("InvalidRoute.NotFound"), NotFound),
        (sdk_error("InvalidVpnConnectionID"), NotFound),
        (sdk_error("InvalidVpnGatewayState"), InvalidState),
        (sdk_error("NotFound"), ApiError),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), LostAnswer),
        (ReadTimeoutError(endpoint_url="http://127.0.0.1:1"), LostAnswer),
        (NoCredentialsError(), ApiError),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, Exception) else value.__name__,
)
def test_every_error_of_the_sdk_has_its_exception(error: Exception, kind: type[ApiError]) -> None:
    assert isinstance(error, SDK_ERRORS)
    found = translate("DescribeVpcs", "vpc-1", error)
    assert found.__class__ is kind
    assert str(found).startswith("DescribeVpcs for vpc-1 failed: ")


def test_an_answer_without_code_and_text_is_told_all_the_same() -> None:
    found = translate("DescribeVpcs", "", ClientError({}, "DescribeVpcs"))
    assert str(found) == "DescribeVpcs failed: Unknown: "


def test_an_answer_of_something_else_points_at_the_endpoint() -> None:
    found = translate("DescribeVpcs", "", ResponseParserError("<html>MARKER_psk.1</html>"))
    assert "endpoint_url" in str(found)
    assert "MARKER" not in str(found)
