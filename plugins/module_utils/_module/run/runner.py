# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Observe, plan, apply, observe: the one way every module of the AWS side goes."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api.caller import client_config
from ..._aws.api.ec2 import Ec2
from ..._aws.api.support import unknown_options
from ..._aws.apply.applier import Applier, Tell
from ..._aws.observe.region import observe
from ..._core.errors import ApplyFailed, InvalidInput, Refused, VpnError, text_of
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


class Failed(Exception):
    """A run that did not get through: why, whether anything may have been changed, and what more is returned."""

    def __init__(self, error: VpnError, has_changed: bool = False, **result: Any) -> None:
        super().__init__(str(error))
        self.error = error
        self.has_changed = has_changed
        self.result = result


def run(work: Callable[[AnsibleAWSModule], dict[str, Any]], /, only_reads: bool = False, **settings: Any) -> None:
    """Runs one module; this is the one place that says that nothing was changed."""
    # The class looks here only, and takes no argument for it.
    AnsibleAWSModule.default_settings["module_class"] = DiscreetModule
    module = AnsibleAWSModule(supports_check_mode=True, **settings)
    try:
        result = work(module)
    except (Failed, VpnError) as error:
        failed = error if isinstance(error, Failed) else Failed(error)
        prefix = "" if failed.has_changed or only_reads else "Nothing was changed: "
        details = {"changed": failed.has_changed, **_details(failed.error), **failed.result}
        module.fail_json(msg=f"{prefix}{failed.error}", **details)
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
        raise Failed(Refused(plan.refusals), plan=plan.as_result())
    result: dict[str, Any] = {"changed": plan.has_changes, "plan": plan.as_result()}
    if module._diff:
        result["diff"] = {"before": dict(plan.before), "after": dict(plan.after)}
    is_waiting = module.params.get("wait", True) and task.in_motion(observed)
    if module.check_mode or not (plan.has_changes or is_waiting):
        return {**result, **task.result(observed)}
    path = module.params.get("progress_file")
    progress = ProgressFile(path, task.names(observed), ec2.clock.now) if path else nullcontext()
    applied: list[str] = []
    try:
        with progress as file:
            applied = _apply(module, ec2, task, plan, observed, file.tell if file else None)
        return {**result, **task.result(task.look(ec2, False))}
    except ApplyFailed as error:
        failure = error
    except Exception as error:  # noqa: BLE001  # whatever it is, what was done has to be told
        failure = ApplyFailed([f"Reading the result from AWS: {text_of(error)}"], applied, [])
    raise Failed(failure, ec2.may_have_changed, plan=plan.as_result(), **_report(ec2, task, failure))


def _apply(
    module: AnsibleAWSModule, ec2: Ec2, task: Task[Seen], plan: Plan, seen: Seen, tell: Tell | None
) -> list[str]:
    params = module.params
    return Applier(ec2, params.get("wait_timeout", WAIT_TIMEOUT), tell).apply(
        plan,
        task.in_motion(seen),
        params.get("wait", True),
        seen if isinstance(seen, Observed) else None,
        params.get("max_failures", 1),
    )


def _report(ec2: Ec2, task: Task[Seen], error: ApplyFailed) -> dict[str, Any]:
    """What is there after a failure; not worth a second failure."""
    try:
        return task.report(task.look(ec2, False), error)
    except Exception:  # noqa: BLE001  # the first failure is told, and what is there is not known
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
