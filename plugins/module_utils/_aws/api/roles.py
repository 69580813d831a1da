# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Makes clients that act in an IAM role; sessions of a role end, so they are renewed for as long as a run takes.

What botocore does for profiles with C(role_arn) is done here for a role that an option names.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ..._core.model.access import Access
from .errors import SDK_ERRORS, translate

try:
    from botocore.credentials import DeferredRefreshableCredentials
    from botocore.session import Session
except ImportError:
    # AnsibleAWSModule reports the missing library before any of this is used.
    pass

# In CloudTrail the session of a role has this name.
SESSION_NAME = "hybridnet.aws_vpn"


class _RoleSession:
    """The session of a role, begun with the first call and renewed before it ends; a provider of credentials."""

    def __init__(self, sts: Any, access: Access) -> None:
        self._sts = sts
        self._arn = access.assume_role_arn or ""
        self._request = {
            "RoleArn": self._arn,
            "RoleSessionName": access.role_session_name or SESSION_NAME,
            **({"ExternalId": access.external_id} if access.external_id else {}),
        }

    def load_credentials(self) -> Any:
        """What botocore asks for once, and asks for credentials whenever it signs a request."""
        return DeferredRefreshableCredentials(self._renew, "assume-role")

    def _renew(self) -> dict[str, str]:
        try:
            given = self._sts.assume_role(**self._request)["Credentials"]
            return {
                "access_key": given["AccessKeyId"],
                "secret_key": given["SecretAccessKey"],
                "token": given["SessionToken"],
                "expiry_time": given["Expiration"].isoformat(),
            }
        except SDK_ERRORS as error:
            translated = translate("AssumeRole", self._arn, error)
        # Outside of the handler, so that an answer with keys is not chained.
        raise translated


class Role:
    """Makes the clients of all services in the role of a Region and account, which is assumed once for all of them."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._session: Session | None = None

    def client(self, service: str, sts: Any, **settings: Any) -> Any:
        """The client of a service; C(sts) has the credentials that may assume the role."""
        if self._session is None:
            self._session = Session(profile=self._access.profile)
            self._session.register_component("credential_provider", _RoleSession(sts, self._access))
        return self._session.create_client(service, region_name=self._access.region, **settings)


def missing_profiles(profiles: set[str]) -> list[str]:
    """Those that no configuration of the SDK has."""
    return sorted(profiles - set(Session().available_profiles)) if profiles else []
