# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The exceptions of this collection: what may go wrong, each with a text for the user."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .grouping import labelled

# As many failures are named in a message; all of them are in the result.
SHOWN_FAILURES = 10


class VpnError(Exception):
    """Anything this collection refuses or fails to do, with a text fit for a user."""


def text_of(error: Exception) -> str:
    """An error as a person reads it; of a bug only its type and its place, as its own text could hold a secret."""
    if isinstance(error, VpnError):
        return str(error)
    place = "unknown place"
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
        place = f"{file}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"unexpected {type(error).__name__} in {place}: this is a bug in hybridnet.aws_vpn"


class Problems(VpnError):
    """Several problems at once, none of them with a secret in it."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(self.problems))


class InvalidInput(Problems):
    """What was asked for breaks rules; carries every problem found."""


class Several(Problems):
    """What went wrong in Regions and accounts, each with its label; some of several may have gone well."""

    def __init__(self, errors: Sequence[tuple[str, VpnError]]) -> None:
        texts = [(label, error.problems if isinstance(error, Problems) else [str(error)]) for label, error in errors]
        super().__init__([f"{label}: {text}" for label, problems in texts for text in problems])


class Ambiguous(VpnError):
    """Two existing resources carry one identity; picking the first would be a guess."""

    def __init__(self, resource: str, identity: str, ids: Sequence[str]) -> None:
        self.ids = sorted(ids)
        super().__init__(
            f"{resource} of {identity} is ambiguous: {', '.join(self.ids)} all have its tags."
            " Remove the tags from the wrong ones, or delete them."
        )


class Refused(Problems):
    """The plan holds steps which need consent, or which this version cannot take."""


class ApiError(VpnError):
    """One call to the EC2 API failed for good."""

    def __init__(self, call: str, code: str, message: str, subject: str = "") -> None:
        self.call = call
        self.code = code
        self.subject = subject
        about = f" for {subject}" if subject else ""
        super().__init__(f"{call}{about} failed: {code}: {message}")


class NotFound(ApiError):
    """The API says that the named resource does not exist."""


class BadAnswer(VpnError):
    """An answer holds something that cannot be what it is called, such as an id with a blank in it."""


class InvalidState(ApiError):
    """The API refuses the call because of the state the resource is in at the moment."""


class LostAnswer(ApiError):
    """No answer that can be read arrived, or a server error did: whether the call took effect is not known."""


class TimedOut(VpnError):
    """A wait reached its deadline; carries the last states seen, by id."""

    def __init__(self, seconds: float, last: Sequence[str]) -> None:
        self.last = list(last)
        super().__init__(f"Not ready after {seconds:.0f} s: " + "; ".join(self.last))


class Throttled(ApiError):
    """The API did nothing because of too many requests."""


class ApplyFailed(VpnError):
    """The run did not get through: what failed, what is done already, and what was not begun; also by gateway."""

    def __init__(
        self,
        failed_steps: Sequence[str],
        applied: Sequence[str],
        not_begun: Sequence[str],
        failures: Mapping[str, GatewayFailure] | None = None,
    ) -> None:
        self.failed_steps = list(failed_steps)
        self.applied = list(applied)
        self.not_begun = list(not_begun)
        self.failures = dict(failures or {})
        shown = self.failed_steps[:SHOWN_FAILURES]
        rest = len(self.failed_steps) - len(shown)
        more = [f"and {rest} more, in failed_steps"] if rest else []
        state = f"{len(self.applied)} steps completed, {len(self.not_begun)} not begun; run again to resume"
        if len(self.failures) > 1:
            state = f"{len(self.failures)} gateways failed; {state}"
        super().__init__("; ".join([*shown, *more]) + f" ({state})")

    @classmethod
    def together(cls, parts: Sequence[tuple[str, ApplyFailed]]) -> ApplyFailed:
        """What became of runs beside each other, each with its label, as one."""
        errors = [error for _label, error in parts]
        return cls(
            [text for error in errors for text in error.failed_steps],
            [text for error in errors for text in error.applied],
            [text for error in errors for text in error.not_begun],
            labelled((label, error.failures) for label, error in parts),
        )


@dataclass(frozen=True)
class GatewayFailure:
    """What became of one failed gateway."""

    error: str
    failed_steps: Sequence[str]
    applied: Sequence[str]
    not_begun: Sequence[str]
