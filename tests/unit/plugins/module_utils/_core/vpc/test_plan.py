# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc import plan

from .conftest import RTB, SUBNET, TGW, group, hosts, instance, looks, route

OSLO = {"hosts": hosts(oslo=["10.40.0.0/16"])}
ROME: dict[str, Any] = {"hosts": hosts(rome=["10.40.0.0/16"]), "problems": []}
NOBODY: dict[str, Any] = {"hosts": {}, "problems": []}
DONE: dict[str, Any] = {
    "routes": [route("10.40.0.0/16")],
    "instances": [instance()],
    "security_groups": [group("10.40.0.0/16")],
}


def test_the_plan_of_what_is_done_is_empty() -> None:
    nothing = {"problems": [], "lines": [], "route_tables": [], "probes": [], "removed_probes": []}
    assert plan.present(OSLO, looks(**DONE)) == nothing
    assert plan.absent(OSLO, looks(), NOBODY, []) == nothing
    made = plan.present(OSLO, looks())
    assert ([each["route_table_id"] for each in made["route_tables"]], len(made["probes"])) == ([RTB], 1)


def test_nothing_is_planned_with_a_problem() -> None:
    found = plan.present(OSLO, looks(attachments=[]))
    assert len(found["problems"]) == 1
    assert found["lines"] == []


def test_only_a_gateway_with_a_connection_in_aws_keeps_what_it_shares() -> None:
    assert plan.absent(OSLO, looks(**DONE), ROME, [{"name": "rome"}])["lines"] == []
    assert plan.absent(OSLO, looks(**DONE), ROME, [])["lines"] == [
        f"{RTB} (eu-central-1): delete route 10.40.0.0/16 to {TGW}",
        f"{SUBNET} (eu-central-1): delete instance i-1",
        f"{SUBNET} (eu-central-1): delete security group sg-1",
    ]


def test_others_that_cannot_be_read_keep_everything() -> None:
    found = plan.absent(OSLO, looks(**DONE), {"hosts": {}, "problems": ["rome: site_vpn_region: missing"]}, [])
    (problem,) = found["problems"]
    assert problem.endswith("rome: site_vpn_region: missing")
    assert found["lines"] == []
