# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Connects to the EC2 API of a Region and an account, as the options of the module and the environment say."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api import logs, quotas, roles
from ..._aws.api.caller import client_config
from ..._aws.api.ec2 import Ec2
from ..._core.errors import InvalidInput
from ..._core.model.access import Access
from ..._core.options import value_rules
from ..._core.text import shown


def own_access(module: AnsibleAWSModule) -> Access:
    """The Region and the account of the module's own options."""
    return Access(region=module.region, profile=module.params.get("profile") or None)


def connect(module: AnsibleAWSModule, access: Access | None = None, role: roles.Role | None = None) -> Ec2:
    """The EC2 API of a Region and an account, without C(access) of those of the module's own options."""
    access = access or own_access(module)
    ec2 = Ec2(_client(module, "ec2", access, role or roles.Role(access), options=client_config()))
    problem = value_rules.endpoint_problem(ec2.endpoint_url)
    if problem:
        # The host alone: the rest of a URL may hold a password.
        raise InvalidInput([f"endpoint_url (host {shown(urlsplit(ec2.endpoint_url).hostname)}): {problem}"])
    return ec2


def service_quotas(module: AnsibleAWSModule, access: Access, role: roles.Role, ec2: Ec2) -> Any:
    """Service Quotas of the same Region and account."""
    return _beside(module, "service-quotas", access, role, ec2, quotas.client_config())


def cloudwatch_logs(module: AnsibleAWSModule, access: Access, role: roles.Role, ec2: Ec2) -> logs.Logs:
    """CloudWatch Logs of the same Region and account."""
    return logs.Logs(_beside(module, "logs", access, role, ec2, logs.client_config()))


def profile_problems(module: AnsibleAWSModule, accesses: Iterable[Access]) -> list[str]:
    """Profiles that the SDK does not know, besides the module's own, of which amazon.aws takes care."""
    asked = {access.profile for access in accesses if access.profile}
    missing = roles.missing_profiles(asked - {module.params.get("profile")})
    return [f"profile={shown(name)}: no such profile in the configuration of the AWS SDK" for name in missing]


def _beside(
    module: AnsibleAWSModule, service: str, access: Access, role: roles.Role, ec2: Ec2, options: dict[str, Any]
) -> Any:
    """Another service, on which nothing depends; an endpoint on this host stands for all services."""
    endpoint = ec2.endpoint_url if ec2.endpoint_url.startswith("http:") else None
    return _client(module, service, access, role, options=options, endpoint_url=endpoint)


def _client(
    module: AnsibleAWSModule,
    service: str,
    access: Access,
    role: roles.Role,
    *,
    options: dict[str, Any],
    endpoint_url: str | None = None,
) -> Any:
    if access.assume_role_arn is None:
        endpoint = {"endpoint": endpoint_url} if endpoint_url else {}
        return _plain_client(module, service, access, config=options, **endpoint)
    _region, module_endpoint, settings = get_aws_connection_info(module)
    sts = _plain_client(module, "sts", access)
    config = sts.meta.config.__class__(user_agent=sts.meta.config.user_agent, **options)
    if settings.get("aws_config"):
        config = config.merge(settings["aws_config"])
    url = endpoint_url or module_endpoint
    return role.client(service, sts, endpoint_url=url, verify=settings["verify"], config=config)


def _plain_client(module: AnsibleAWSModule, service: str, access: Access, **settings: Any) -> Any:
    """A client with the credentials of the module, or those of another profile."""
    if access.profile != (module.params.get("profile") or None):
        settings.update(profile_name=access.profile)
        settings.update(dict.fromkeys(("aws_access_key_id", "aws_secret_access_key", "aws_session_token")))
    return module.client(service, region=access.region, **settings)
