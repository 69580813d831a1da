# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that says how far a run is: a line for news, not more than one a second, and how it ended."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.wait.waiters import (
    Condition,
    connection_settled,
    tunnel_may_go_down,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Ref
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Part, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.stages import Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import CreateRoute
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.rollout import Rollout
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.tally import Tally
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run.progress import ProgressFile


class Run:
    """Two gateways with one step each, and the file about them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.time = 0.0
        plan = Plan.of([Part("x", "y", (self.action(name),)) for name in "ab"])
        self.rollout = Rollout(plan, tally=Tally(0))
        self.file = ProgressFile(str(path), lambda: self.time)
        self.part = self.file.part(plan, ["a", "b"])
        self.conditions: list[Condition] = []

    @staticmethod
    def action(owner: str) -> Action:
        step = CreateRoute(Ref("vpn_connection", owner), "10.0.0.0/8")
        return Action(owner=owner, resource="static_route", verb="create", detail="", stage=Stage.ROUTES, step=step)

    def tell(self, at: float) -> None:
        self.time = at
        self.part.tell(self.rollout, lambda: self.conditions)

    def finish_one(self) -> None:
        task = self.rollout.next()
        assert task
        self.rollout.begun(task)
        self.rollout.ready(task)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    path = tmp_path / "progress"
    path.write_text("of an earlier run\n", encoding="utf-8")
    return Run(path)


def test_what_an_earlier_run_wrote_is_gone(run: Run) -> None:
    assert run.lines == []


def test_a_line_for_news_only(run: Run) -> None:
    run.tell(10)
    run.tell(20)
    run.finish_one()
    run.tell(30)
    assert [(line["ready"], line["elapsed"]) for line in run.lines] == [(0, 10), (1, 30)]


def test_not_more_than_one_line_a_second(run: Run) -> None:
    run.tell(10)
    run.finish_one()
    run.tell(10.5)
    run.finish_one()
    run.tell(11)
    assert [line["ready"] for line in run.lines] == [0, 2]


def test_how_it_ended_is_written_whatever_the_time(run: Run) -> None:
    run.conditions = [connection_settled("vpn-1")]
    run.tell(10)
    run.finish_one()
    run.time = 10.1
    with run.file:
        pass
    assert [(line["ready"], line["waiting_for"]) for line in run.lines] == [
        (0, {"vpn_connection available": 1}),
        (1, {}),
    ]


def test_a_resource_is_waited_for_once_for_each_goal(run: Run) -> None:
    run.conditions = [
        connection_settled("vpn-1"),
        connection_settled("vpn-1"),
        connection_settled("vpn-2"),
        tunnel_may_go_down("vpn-1", "203.0.113.1", "203.0.113.2"),
        tunnel_may_go_down("vpn-2", "203.0.113.5", "203.0.113.6"),
    ]
    run.tell(10)
    assert run.lines[0]["waiting_for"] == {"vpn_connection available": 2, "vpn_connection tunnel up": 2}


def test_a_run_that_never_began_leaves_an_empty_file(run: Run) -> None:
    with run.file:
        pass
    assert run.path.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("name", "problem"), [("directory", "Is a directory"), ("none/x", "No such file or directory")]
)
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "directory").mkdir()
    with pytest.raises(InvalidInput, match=f"^progress_file={tmp_path}/{name}: {problem}$"):
        ProgressFile(f"{tmp_path}/{name}", lambda: 0.0)


def test_it_is_not_written_through_a_link_of_another_user(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.write_text("ours", encoding="utf-8")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    (tmp_path / "shared/progress").symlink_to(ours)
    with pytest.raises(InvalidInput, match="this is a link, in a directory that other users can write"):
        ProgressFile(f"{tmp_path}/shared/progress", lambda: 0.0)
    assert ours.read_text(encoding="utf-8") == "ours"


@pytest.mark.needs_root
def test_it_is_not_written_to_a_file_of_another_user(tmp_path: Path) -> None:
    theirs = tmp_path / "shared/progress"
    theirs.parent.mkdir()
    theirs.parent.chmod(0o1777)
    theirs.write_text("theirs", encoding="utf-8")
    os.chown(theirs, 12345, 12345)
    with pytest.raises(InvalidInput, match="it belongs to another user"):
        ProgressFile(str(theirs), lambda: 0.0)
    assert theirs.read_text(encoding="utf-8") == "theirs"
