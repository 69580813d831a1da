# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The verdicts of a run as one report for programs: JSON, and JUnit XML with a test case for each check."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from ..model.names import connection_name
from .checks import Result

# What XML cannot hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# What gateway_status returns of a gateway. There are no keys in it.
_OF_A_GATEWAY = ("host", "missing", "daemon", "bgp_daemon", "units", "drift", "dropping_chains", "tunnels", "left_out")


def as_json(verdicts: Iterable[Mapping[str, Any]], gateways: Mapping[str, Mapping[str, Any]]) -> str:
    """All tunnels, the lines on those that are not up, and what each gateway reported."""
    found = list(verdicts)
    causes = dict.fromkeys(cause for verdict in found for cause in verdict["causes"])
    report = {"up": all(verdict["up"] for verdict in found), "tunnels": _rows(found), "causes": list(causes)}
    report["gateways"] = {
        name: {key: status[key] for key in _OF_A_GATEWAY if key in status} for name, status in gateways.items()
    }
    return json.dumps(report, indent=2) + "\n"


def as_junit(verdicts: Iterable[Mapping[str, Any]]) -> str:
    """A test suite for each tunnel."""
    root = ElementTree.Element("testsuites", name="hybridnet.aws_vpn.verify")
    for row in _rows(verdicts):
        root.append(_suite(row))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _rows(verdicts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Every tunnel once: each gateway of a batch has the verdict on all of them."""
    rows = (row for verdict in verdicts for row in verdict["rows"])
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in rows:
        found[(row["gateway"], row["connection"], row["tunnel"])] = row
    return list(found.values())


def _suite(row: Mapping[str, Any]) -> ElementTree.Element:
    name = connection_name(row["gateway"], row["connection"])
    title = f"{name} tunnel {row['tunnel']} ({row['outside_address']})" if row["tunnel"] else name
    results = [check["result"] for check in row["checks"]]
    failed = results.count(Result.FAILED.value)
    skipped = len(results) - failed - results.count(Result.PASSED.value)
    counts = {"tests": len(results), "failures": failed, "errors": 0, "skipped": skipped}
    suite = ElementTree.Element("testsuite", {"name": _text(title), **{key: str(each) for key, each in counts.items()}})
    for check in row["checks"]:
        case = ElementTree.SubElement(suite, "testcase", classname=_text(title), name=check["name"])
        if check["result"] == Result.FAILED.value:
            ElementTree.SubElement(case, "failure", message=_text(check["reason"]))
        elif check["result"] != Result.PASSED.value:
            why = check["reason"] or "an earlier check failed"
            ElementTree.SubElement(case, "skipped", message=_text(f"{check['result']}: {why}"))
    return suite


def _text(text: str) -> str:
    return _NO_XML.sub("?", text)
