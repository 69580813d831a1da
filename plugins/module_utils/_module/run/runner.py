# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the AWS modules: observes, plans, applies, observes again, and says what a failed run has changed."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api.caller import client_config
from ..._aws.api.ec2 import Ec2
from ..._aws.api.support import unknown_options
from ..._aws.apply.applier import Applier
from ..._aws.apply.run import UNKNOWN_SECONDS
from ..._aws.observe.region import observe as observe_region
from ..._core.errors import ApplyFailed, InvalidInput, Problems, Refused, TimedOut, VpnError, text_of
from ..._core.model.names import gateway_of
from ..._core.model.resources import Connection, Consent, Observed, Wanted
from ..._core.nouns import AVAILABLE, GONE
from ..._core.options import value_rules
from ..._core.options.problem import shown
from ..._core.plan import region
from ..._core.plan.plan import Plan
from .invocation import DiscreetModule
from .progress import ProgressFile

# What one reading of AWS brings back.
Snapshot = TypeVar("Snapshot")


# For modules whose steps AWS carries out at once, so that they have no option for it.
WAIT_TIMEOUT = 2400


@dataclass(frozen=True)
class Workflow(Generic[Snapshot]):
    """What one module does: how it reads AWS, what it plans, and what it returns besides what every module does.

    C(observe) is told whether it reads before the changes or after them. C(changing) are the connections that AWS is
    still changing, C(names) the gateways it is about, and C(failure_result) is what a failed run returns besides what
    every failed run does. With C(plans_again) what runs beside this one have made possible since is done as well.
    """

    observe: Callable[[Ec2, bool], Snapshot]
    plan: Callable[[Snapshot], Plan]
    result: Callable[[Snapshot], dict[str, Any]]
    changing: Callable[[Snapshot], Sequence[str]] = lambda _snapshot: ()
    names: Callable[[Snapshot], Collection[str]] = lambda _snapshot: ()
    failure_result: Callable[[Snapshot, ApplyFailed], dict[str, Any]] = lambda _snapshot, _error: {}
    plans_again: bool = False


def connect(module: AnsibleAWSModule) -> Ec2:
    """The EC2 API as the module's options and the environment describe it."""
    ec2 = Ec2(module.client("ec2", config=client_config()))
    problem = value_rules.endpoint_problem(ec2.endpoint_url)
    if problem:
        # The host alone: the rest of a URL may hold a password.
        raise InvalidInput([f"endpoint_url (host {shown(urlsplit(ec2.endpoint_url).hostname)}): {problem}"])
    return ec2


class Failed(Exception):
    """A run that did not get through: why, whether anything may have been changed, and what more is returned."""

    def __init__(self, error: VpnError, has_changed: bool = False, **result: Any) -> None:
        super().__init__(str(error))
        self.error = error
        self.has_changed = has_changed
        self.result = result


def run(entry: Callable[[AnsibleAWSModule], dict[str, Any]], /, only_reads: bool = False, **settings: Any) -> None:
    """Runs one module; this is the one place that says that nothing was changed."""
    # The class looks here only, and takes no argument for it.
    AnsibleAWSModule.default_settings["module_class"] = DiscreetModule
    module = AnsibleAWSModule(supports_check_mode=True, **settings)
    try:
        result = entry(module)
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
    failure_result: Callable[[Observed, ApplyFailed], dict[str, Any]] = lambda _observed, _error: {},
) -> dict[str, Any]:
    """Brings a Region to what is wanted, or in check mode says what would be done."""

    def observe(ec2: Ec2, before_writing: bool) -> Observed:
        unknown = unknown_options(wanted, ec2.knows) if before_writing else []
        if unknown:
            raise InvalidInput(unknown)
        return observe_region(ec2, wanted, before_writing)

    workflow = Workflow(
        observe,
        plan=lambda observed: region.plan(wanted, observed, consent),
        result=result,
        changing=lambda observed: changing(region.Matches(wanted, observed).connections.values()),
        names=lambda _observed: list(dict.fromkeys(gateway_of(want.name) for want in wanted.connections)),
        failure_result=failure_result,
    )
    return carry_out(module, workflow)


def carry_out(module: AnsibleAWSModule, workflow: Workflow[Snapshot]) -> dict[str, Any]:
    """Observes, plans, applies and observes again; in check mode no more than observes and plans."""
    ec2 = connect(module)
    before = workflow.observe(ec2, True)
    plan = workflow.plan(before)
    for text in plan.warnings:
        # The method of AnsibleAWSModule hands warnings over in a way ansible-core 2.19 calls deprecated.
        warn(text)
    if plan.refusals:
        raise Failed(Refused(plan.refusals), plan=plan.as_result())
    result: dict[str, Any] = {"changed": plan.has_changes, "plan": plan.as_result()}
    if module._diff:
        result["diff"] = {"before": dict(plan.before), "after": dict(plan.after)}
    is_waiting = module.params.get("wait", True) and workflow.changing(before)
    if module.check_mode or not (plan.has_changes or is_waiting):
        return {**result, **workflow.result(before)}
    path = module.params.get("progress_file")
    progress = ProgressFile(path, workflow.names(before), ec2.clock.now) if path else nullcontext()
    applied: list[str] = []
    try:
        with progress as file:
            applier = Applier(ec2, module.params.get("wait_timeout", WAIT_TIMEOUT), file.tell if file else None)
            applied = _apply(module, applier, workflow, before, plan)
            after = _observe_after(ec2, workflow, applier)
            rest = workflow.plan(after) if workflow.plans_again else Plan()
            if rest.has_changes:
                plan = plan.followed_by(rest)
                applied += _apply(module, applier, workflow, after, rest)
                after = _observe_after(ec2, workflow, applier)
        return {**result, "plan": plan.as_result(), **workflow.result(after)}
    except ApplyFailed as error:
        failure = error
        failure.applied[:0] = applied
    except Exception as error:  # noqa: BLE001  # whatever it is, what was done has to be told
        failure = ApplyFailed([f"Reading the result from AWS: {text_of(error)}"], applied, [])
    raise Failed(failure, ec2.may_have_changed, plan=plan.as_result(), **_failure_result(ec2, workflow, failure))


def changing(connections: Iterable[Connection | None]) -> list[str]:
    """The ids of connections that AWS is still changing, for an earlier run or for somebody else."""
    return [each.id for each in connections if each and each.state not in (AVAILABLE, *GONE)]


def _apply(
    module: AnsibleAWSModule,
    applier: Applier,
    workflow: Workflow[Snapshot],
    before: Snapshot,
    plan: Plan,
) -> list[str]:
    params = module.params
    return applier.apply(
        plan,
        changing=workflow.changing(before),
        wait=params.get("wait", True),
        observed=before if isinstance(before, Observed) else None,
        max_failures=params.get("max_failures", 1),
    )


def _observe_after(ec2: Ec2, workflow: Workflow[Snapshot], applier: Applier) -> Snapshot:
    """What exists after the changes; AWS may not list yet what was just made."""
    attempt, began = 0, ec2.clock.now()
    while True:
        now = workflow.observe(ec2, False)
        unseen = applier.unseen(now) if isinstance(now, Observed) else ()
        if not unseen:
            return now
        seconds = ec2.clock.now() - began
        if seconds >= UNKNOWN_SECONDS:
            raise TimedOut(seconds, [f"{each} is not visible yet" for each in sorted(unseen)])
        attempt += 1
        ec2.pause(attempt)


def _failure_result(ec2: Ec2, workflow: Workflow[Snapshot], error: ApplyFailed) -> dict[str, Any]:
    """What exists after a failure; nothing where that cannot be read."""
    try:
        return workflow.failure_result(workflow.observe(ec2, False), error)
    except Exception:  # noqa: BLE001  # the failure before it is the one to tell
        return {}


def _details(error: VpnError) -> dict[str, Any]:
    if isinstance(error, ApplyFailed):
        return {
            "failed_steps": error.failed_steps,
            "applied": error.applied,
            "not_begun": error.not_begun,
            "failures": {name: asdict(failure) for name, failure in error.failures.items()},
        }
    return {"problems": error.problems} if isinstance(error, Problems) else {}
