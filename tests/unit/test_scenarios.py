# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios of Molecule: all are documented, and together they run each combination of what a gateway can have."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from .test_troubleshooting import causes

ROOT = Path(__file__).resolve().parents[2]
MOLECULE = ROOT / "extensions/molecule"
SCENARIOS = {path.parent.name for path in MOLECULE.glob("*/molecule.yml")}
RELEASES = ("trixie", "bookworm")
# The playbook that checks a combination: check mode, converge, a second run, both ends.
CHECK = "../bring_up/verify.yml"


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def gateways() -> dict[str, Any]:
    found: dict[str, Any] = load("extensions/molecule/default/inventory.yml")["vpn_gateways"]["vars"]
    return found


def only_with_all() -> set[str]:
    (names,) = re.findall(
        r"^only_all=\((.*)\)$", (ROOT / "tests/tools/molecule.sh").read_text(encoding="utf-8"), re.MULTILINE
    )
    return set(names.split())


def test_all_scenarios_are_documented_with_where_they_run() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (CI|`ALL=1`) \|$", page, re.MULTILINE)
    assert {name for name, _where in rows} == SCENARIOS
    assert {name for name, where in rows if where != "CI"} == only_with_all()


def test_together_they_run_each_combination_of_daemon_routing_and_release() -> None:
    hosts = load("inventories/rehearsal/hosts.yml")["vpn_gateways"]["hosts"]
    images = gateways()["lab_images"]
    # Rows that belong to a scenario with the check of bring_up, and the row of bring_up itself.
    checked = {name for name in set(images) & SCENARIOS if playbooks(name).get("verify") == CHECK}
    found = {
        (image.split("-")[1], hosts[host]["site_vpn_routing"], image.split("-")[0])
        for name in checked | {"bring_up"}
        for host, image in images[name].items()
        if host in hosts
    }
    daemons = load("roles/gateway/meta/argument_specs.yml")["argument_specs"]["main"]["options"]["gateway_ike_daemon"]
    assert set(product(filter(None, daemons["choices"]), ("bgp", "static"), RELEASES)) - found == set()


def playbooks(scenario: str) -> dict[str, str]:
    found: dict[str, str] = load(f"extensions/molecule/{scenario}/molecule.yml").get("ansible", {}).get("playbooks", {})
    return found


def test_each_row_of_images_belongs_to_a_scenario_and_the_lab_has_its_images() -> None:
    rows = gateways()["lab_images"]
    assert set(rows) - SCENARIOS == set()
    start = load("extensions/molecule/default/create.yml")[-1]["vars"]["lab_gateway_images"]
    used = {image for row in rows.values() for image in row.values()}
    assert used - set(re.findall(r"[a-z]+-(?:strongswan|libreswan)", str(start))) == set()


def test_the_scenarios_know_how_to_look_at_each_daemon() -> None:
    daemons = {image.split("-")[1] for row in gateways()["lab_images"].values() for image in row.values()}
    kinds = gateways()["lab_ike_daemons"]
    assert daemons - set(kinds) == set()
    assert len({tuple(sorted(kind)) for kind in kinds.values()}) == 1


def failures() -> list[dict[str, Any]]:
    found = load("extensions/molecule/failures/vars/rounds.yml")["rounds"]
    return [failure for each in found for failure in each]


def is_of(words: str, cause: str) -> bool:
    """Whether these are words of a cause, which has dots for each value."""
    parts = filter(None, (part.strip(" :;(") for part in cause.split("...")))
    return any(part in words or words.strip(" (") in part for part in parts)


def test_each_cause_of_a_verdict_is_produced_or_not_with_a_reason() -> None:
    elsewhere = load("extensions/molecule/failures/vars/rounds.yml")["not_here"]
    known = [*(failure["words"] for failure in failures()), *elsewhere]
    assert [cause for cause in causes() if not any(is_of(words, cause) for words in known)] == []
    assert [words for words in elsewhere if not any(is_of(words, cause) for cause in causes())] == []


def test_the_programs_know_how_to_produce_each_failure() -> None:
    for failure in failures():
        for program, how in failure["by"].items():
            text = (MOLECULE / f"failures/{program}.py").read_text(encoding="utf-8")
            assert f'"{how}"' in text, failure
