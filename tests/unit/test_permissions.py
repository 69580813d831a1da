# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The permissions in the documentation, against the calls in the source and what the targets were seen to call."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import boto3
import permissions
import pytest
from botocore import xform_name

ROOT = Path(__file__).resolve().parents[2]
READS = ("Describe", "Get", "Search")
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
TARGETS = sorted(path.parent.parent.name for path in (ROOT / "tests/integration/targets").glob("*/tasks/main.yml"))


def api_calls() -> set[str]:
    """The EC2 actions the edge calls, read from its source; the layer test says that no one else calls any."""
    service = boto3.client("ec2", "eu-central-1").meta.service_model
    to_action = {xform_name(name): name for name in service.operation_names}
    edges = (ROOT / "plugins/module_utils/_aws/api").glob("*.py")
    # A call that an old SDK may lack is looked up by its name.
    rule = r"\bself\._client(?:\.|, \")([a-z_]+)"
    methods = [name for edge in edges for name in re.findall(rule, edge.read_text("utf-8"))]
    return {to_action[name] for name in methods if name in to_action}


def policies() -> list[dict[str, Any]]:
    return permissions.policies(permissions.GUIDE.read_text(encoding="utf-8"))


def test_every_module_has_a_target() -> None:
    assert TARGETS == MODULES


def test_policy_is_what_the_modules_call() -> None:
    actions = permissions.allowed(policies()[0])
    assert set(actions) == api_calls()


def test_policy_for_looking_is_the_reading_part() -> None:
    everything, looking = policies()[:2]
    assert looking["Statement"] == everything["Statement"][:1]
    assert all(action.startswith(READS) for action in permissions.allowed(looking))
    assert not any(
        action.startswith(READS) for action in permissions.allowed({"Statement": everything["Statement"][1:]})
    )


@pytest.mark.parametrize("module", sorted(permissions.aws_modules()))
def test_module_documents_actions_of_the_policy(module: str) -> None:
    assert permissions.documented(module)
    assert permissions.documented(module) <= set(permissions.allowed(policies()[0]))


def test_drift_is_told() -> None:
    documented = permissions.documented("customer_gateway")
    assert list(permissions.drift({"customer_gateway": sorted(documented)}, is_all=False)) == []
    (line,) = permissions.drift({"customer_gateway": [*documented, "DeleteVpc"]}, is_all=False)
    assert line == "customer_gateway: not documented, but called: DeleteVpc"
    (line,) = permissions.drift({"customer_gateway": sorted(documented - {"DeleteTags"})}, is_all=False)
    assert line == "customer_gateway: documented, but not called by any target: DeleteTags"
    everything = "\n".join(permissions.drift({"customer_gateway": sorted(documented)}, is_all=True))
    assert "vpn_sites: its target made no call" in everything
    assert "policy of the guide: documented, but not called by any target: " in everything
