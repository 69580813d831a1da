# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Observe, plan, apply, observe: the one way every module of the AWS side goes."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api.caller import client_config
from ..._aws.api.ec2 import Ec2
from ..._aws.api.support import unknown_options
from ..._aws.apply.applier import Applier
from ..._aws.observe.region import observe
from ..._core.errors import ApplyFailed, InvalidInput, Refused, VpnError
from ..._core.model.resources import Consent, Observed, Wanted
from ..._core.nouns import AVAILABLE, GONE
from ..._core.plan import region
from ..._core.plan.plan import Plan
from .invocation import DiscreetModule
from .progress import ProgressFile

# What one look brings back.
Seen = TypeVar("Seen")


# For modules whose steps are at rest as soon as they are made, so that they have no option for it.
WAIT_TIMEOUT = 2400


@dataclass(frozen=True)
class Task(Generic[Seen]):
    """One kind of work: how it looks at a Region, what it plans, and what it returns besides what every module does.

    C(in_motion) are connections that an earlier run has left in motion, C(names) the sites it is about, and C(report)
    is what a failed run returns besides what every failed run does.
    """

    look: Callable[[Ec2, bool], Seen]
    draw: Callable[[Seen], Plan]
    result: Callable[[Seen], dict[str, Any]]
    in_motion: Callable[[Seen], Sequence[str]] = lambda _observed: ()
    names: Callable[[Seen], Collection[str]] = lambda _observed: ()
    report: Callable[[Seen, ApplyFailed], dict[str, Any]] = lambda _observed, _error: {}


def connect(module: AnsibleAWSModule) -> Ec2:
    """The EC2 API as the module's options and the environment describe it."""
    return Ec2(module.client("ec2", config=client_config()))


def run(work: Callable[[AnsibleAWSModule], dict[str, Any]], **settings: Any) -> None:
    """Runs one module; every foreseen error becomes a failure with what is known about it."""
    # The class looks here only, and takes no argument for it.
    AnsibleAWSModule.default_settings["module_class"] = DiscreetModule
    module = AnsibleAWSModule(supports_check_mode=True, **settings)
    try:
        result = work(module)
    except VpnError as error:
        module.fail_json(msg=str(error), **_details(error))
    else:
        module.exit_json(**result)


def converge(
    module: AnsibleAWSModule,
    wanted: Wanted,
    consent: Consent,
    result: Callable[[Observed], dict[str, Any]],
    report: Callable[[Observed, ApplyFailed], dict[str, Any]] = lambda _observed, _error: {},
) -> dict[str, Any]:
    """Brings a Region to what is wanted, or in check mode says what would be done."""

    def look(ec2: Ec2, before_writing: bool) -> Observed:
        unknown = unknown_options(wanted, ec2.knows) if before_writing else []
        if unknown:
            raise InvalidInput(unknown)
        return observe(ec2, wanted, before_writing)

    task = Task(
        look,
        lambda observed: region.plan(wanted, observed, consent),
        result,
        lambda observed: _in_motion(wanted, observed),
        lambda _observed: [want.name for want in wanted.connections],
        report,
    )
    return carry_out(module, task)


def carry_out(module: AnsibleAWSModule, task: Task[Seen]) -> dict[str, Any]:
    """Looks, plans, applies and looks again; in check mode no more than looks and plans."""
    ec2 = connect(module)
    observed = task.look(ec2, True)
    plan = task.draw(observed)
    for text in plan.warnings:
        # The method of AnsibleAWSModule hands warnings over in a way ansible-core 2.19 calls deprecated.
        warn(text)
    if plan.refusals:
        error = Refused(plan.refusals)
        module.fail_json(msg=str(error), plan=plan.as_result(), **_details(error))
    result: dict[str, Any] = {"changed": plan.has_changes, "plan": plan.as_result()}
    if module._diff:
        result["diff"] = {"before": dict(plan.before), "after": dict(plan.after)}
    is_waiting = module.params.get("wait", True) and task.in_motion(observed)
    if module.check_mode or not (plan.has_changes or is_waiting):
        return {**result, **task.result(observed)}
    try:
        _apply(module, ec2, task, plan, observed)
    except ApplyFailed as error:
        failure = {"changed": bool(error.applied), "plan": plan.as_result(), **_details(error)}
        module.fail_json(msg=str(error), **failure, **_report(ec2, task, error))
    return {**result, **task.result(task.look(ec2, False))}


def _apply(module: AnsibleAWSModule, ec2: Ec2, task: Task[Seen], plan: Plan, seen: Seen) -> None:
    path, params = module.params.get("progress_file"), module.params
    progress = ProgressFile(path, task.names(seen), ec2.clock.now) if path else None
    try:
        Applier(ec2, params.get("wait_timeout", WAIT_TIMEOUT), progress.tell if progress else None).apply(
            plan,
            task.in_motion(seen),
            params.get("wait", True),
            seen if isinstance(seen, Observed) else None,
            params.get("max_failures", 1),
        )
    finally:
        if progress:
            progress.close()


def _report(ec2: Ec2, task: Task[Seen], error: ApplyFailed) -> dict[str, Any]:
    """What is there after a failure; not worth a second failure."""
    try:
        return task.report(task.look(ec2, False), error)
    except VpnError:
        return {}


def _in_motion(wanted: Wanted, observed: Observed) -> list[str]:
    """Connections which an earlier run, or somebody else, has left in motion."""
    found = region.Matches(wanted, observed).connections.values()
    return [connection.id for connection in found if connection and connection.state not in (AVAILABLE, *GONE)]


def _details(error: VpnError) -> dict[str, Any]:
    if isinstance(error, ApplyFailed):
        return {
            "failed_steps": error.failed,
            "applied": error.applied,
            "not_begun": error.skipped,
            "failures": {
                name: {
                    "error": failure.error,
                    "failed_steps": list(failure.failed),
                    "applied": list(failure.applied),
                    "not_begun": list(failure.skipped),
                }
                for name, failure in error.sites.items()
            },
        }
    if isinstance(error, InvalidInput):
        return {"problems": error.problems}
    return {"problems": error.refusals} if isinstance(error, Refused) else {}
