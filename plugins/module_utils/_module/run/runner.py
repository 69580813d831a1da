# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the AWS modules: observes, plans, applies, observes again, and says what a failed run has changed."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api.ec2 import Ec2
from ..._aws.api.roles import Role
from ..._aws.api.support import unknown_options
from ..._aws.observe.region import observe as observe_region
from ..._core.errors import ApplyFailed, InvalidInput, Problems, Refused, Several, VpnError
from ..._core.grouping import labelled
from ..._core.model.access import Access
from ..._core.model.names import gateway_of
from ..._core.model.resources import Connection, Consent, Observed, Wanted
from ..._core.nouns import AVAILABLE, GONE
from ..._core.plan import region
from ..._core.plan.foreseen import foreseen
from ..._core.plan.plan import Plan
from ..._core.plan.total import Total
from ..._core.run.tally import Tally
from .clients import connect, own_access, service_quotas
from .engine import Engine, Snapshot, Workflow, side_by_side
from .invocation import DiscreetModule
from .progress import ProgressFile


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
        module.fail_json(msg=prefix + _lines(failed.error), **details)
    else:
        module.exit_json(**result)


def converging(
    wanted: Wanted,
    consent: Consent,
    result: Callable[[Observed], dict[str, Any]],
    failure_result: Callable[[Observed, ApplyFailed], dict[str, Any]] = lambda _observed, _error: {},
    *,
    warnings: Callable[[Observed], Sequence[str]] = lambda _observed: (),
) -> Workflow[Observed]:
    """Brings a Region to what is wanted, or in check mode says what would be done."""

    def observe(ec2: Ec2, before_writing: bool) -> Observed:
        unknown = unknown_options(wanted, ec2.knows) if before_writing else []
        if unknown:
            raise InvalidInput(unknown)
        return observe_region(ec2, wanted, before_writing)

    def plan(observed: Observed) -> Plan:
        made = region.plan(wanted, observed, consent)
        return replace(made, warnings=(*made.warnings, *warnings(observed)))

    return Workflow(
        observe,
        plan=plan,
        result=result,
        changing=lambda observed: changing(region.Matches(wanted, observed).connections.values()),
        names=lambda _observed: list(dict.fromkeys(gateway_of(want.name) for want in wanted.connections)),
        failure_result=failure_result,
        foreseen=foreseen,
    )


def carry_out(module: AnsibleAWSModule, workflow: Workflow[Snapshot]) -> dict[str, Any]:
    """Carries out a workflow in the Region and the account of the module's own options."""
    return carry_out_all(module, {own_access(module): workflow})


def carry_out_all(module: AnsibleAWSModule, workflows: Mapping[Access, Workflow[Snapshot]]) -> dict[str, Any]:
    """Observes, plans, applies and observes again, in all Regions and accounts side by side.

    Nothing is applied anywhere before all plans are made and allowed; in check mode nothing at all.
    """
    engines = [_engine(module, access, workflow) for access, workflow in workflows.items()]
    tally = Tally(module.params.get("max_failures", 1))
    side_by_side(Engine.look, engines, tally.interrupt)
    total = _total(engines)
    result: dict[str, Any] = {"changed": total.has_changes, "plan": total.as_result()}
    if module._diff:
        result["diff"] = {"before": total.before, "after": total.after}
    busy = [] if module.check_mode else [engine for engine in engines if engine.is_busy]
    for engine in engines:
        if engine not in busy:
            engine.keep()
    if busy:
        _run(module, engines, busy, tally)
    if any(engine.is_failed for engine in engines):
        raise _failed(engines, _total(engines), tally)
    # What runs beside this one made possible was planned meanwhile.
    return {**result, "plan": _total(engines).as_result(), **_merged([(engine, engine.result) for engine in engines])}


def _engine(module: AnsibleAWSModule, access: Access, workflow: Workflow[Snapshot]) -> Engine[Snapshot]:
    role = Role(access)
    ec2 = connect(module, access, role)
    quotas = partial(service_quotas, module, access, role, ec2)
    return Engine(access, ec2, workflow, params=module.params, service_quotas=quotas)


def changing(connections: Iterable[Connection | None]) -> list[str]:
    """The ids of connections that AWS is still changing, for an earlier run or for somebody else."""
    return [each.id for each in connections if each and each.state not in (AVAILABLE, *GONE)]


def _total(engines: Sequence[Engine[Snapshot]]) -> Total:
    """The plans as one; everything that is wrong with any of them is an error."""
    if len(engines) == 1 and engines[0].error:
        raise engines[0].error
    total = Total({engine.access: engine.plan for engine in engines if not engine.error})
    for text in dict.fromkeys(total.warnings):
        # The method of AnsibleAWSModule hands warnings over in a way ansible-core 2.19 calls deprecated.
        warn(text)
    unread = Several([(engine.access.label, engine.error) for engine in engines if engine.error])
    if unread.problems or total.refusals:
        raise Failed(Refused([*unread.problems, *total.refusals]), plan=total.as_result())
    return total


def _run(
    module: AnsibleAWSModule, engines: Sequence[Engine[Snapshot]], busy: Sequence[Engine[Snapshot]], tally: Tally
) -> None:
    """Runs the engines that have something to do; the progress is that of all."""
    path = module.params.get("progress_file")
    with ProgressFile(path, busy[0].ec2.clock.now) if path else nullcontext() as file:
        parts = {engine: file.part(engine.plan, engine.names) for engine in engines} if file else {}

        def run(engine: Engine[Snapshot]) -> None:
            engine.run(tally, parts[engine].tell if engine in parts else None)

        side_by_side(run, busy, tally.interrupt)


def _failed(engines: Sequence[Engine[Snapshot]], total: Total, tally: Tally) -> Failed:
    """The error of runs of which at least one failed, with what exists then, everywhere."""
    left = side_by_side(Engine.failure_result, engines, tally.interrupt)
    return Failed(
        ApplyFailed.together([(engine.access.label, engine.outcome) for engine in engines]),
        any(engine.ec2.may_have_changed for engine in engines),
        plan=total.as_result(),
        **_merged(list(zip(engines, left))),
    )


def _merged(results: Sequence[tuple[Engine[Snapshot], Mapping[str, Any]]]) -> dict[str, Any]:
    """The results as one: what is in them by name is put together."""
    if len(results) == 1:
        return dict(results[0][1])
    keys = dict.fromkeys(key for _engine, result in results for key in result)
    return {
        key: labelled((engine.access.label, result[key]) for engine, result in results if key in result) for key in keys
    }


def _lines(error: VpnError) -> str:
    """An error as Ansible prints it: each of several problems has a line."""
    return "\n".join(error.problems) if isinstance(error, Problems) else str(error)


def _details(error: VpnError) -> dict[str, Any]:
    if isinstance(error, ApplyFailed):
        return {
            "failed_steps": error.failed_steps,
            "applied": error.applied,
            "not_begun": error.not_begun,
            "failures": {name: asdict(failure) for name, failure in error.failures.items()},
        }
    return {"problems": error.problems} if isinstance(error, Problems) else {}
