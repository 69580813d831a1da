# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hands the registered results of a play to the verdict."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.checks import NAMES, USUAL
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.observation import observations
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.report import as_json, as_junit
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.table import judge
from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._plain import plain, text_only

_FORMATS = ("json", "junit")
_KEYS = ("connections", "gateway_status", "telemetry", "forward", "back", "earlier", "from_gateway", "drills")


def tunnel_verdict(observed: Any, checks: Any = None) -> dict[str, Any]:
    """Rows, lines and causes for every tunnel of the connections, as far as these checks look."""
    if not isinstance(observed, Mapping) or not isinstance(observed.get("connections"), Mapping):
        raise AnsibleFilterError("tunnel_verdict takes a dictionary with connections, which are a dictionary by name")
    unknown = [str(key) for key in observed if key not in _KEYS]
    if unknown:
        raise AnsibleFilterError(f"tunnel_verdict does not know {', '.join(unknown)}, only {', '.join(_KEYS)}")
    names = tuple(str(name) for name in checks or USUAL)
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise AnsibleFilterError(f"tunnel_verdict has no check {', '.join(unknown)}, only {', '.join(NAMES)}")
    found = list(observations(**{key: plain(observed.get(key) or {}) for key in _KEYS}))
    verdict: dict[str, Any] = text_only(judge(found, names))
    return verdict


def tunnel_report(verdicts: Any, format: Any = "json", gateway_status: Any = None) -> str:
    """The verdicts of a run as one text."""
    if format not in _FORMATS:
        raise AnsibleFilterError(f"tunnel_report has no format {format}, only {', '.join(_FORMATS)}")
    given = plain(list(verdicts))
    if not all(isinstance(verdict, Mapping) and "rows" in verdict for verdict in given):
        raise AnsibleFilterError("tunnel_report takes a list of what tunnel_verdict returned")
    return str(text_only(as_junit(given) if format == "junit" else as_json(given, plain(gateway_status or {}))))
