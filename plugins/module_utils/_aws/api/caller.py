# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Makes the calls to the EC2 API: within AWS's rate limit, with errors translated, repeated only when that is safe.

The client's own retries are off: the SDK would repeat a creation whose answer got lost, and AWS has no client token
for these calls, so a repetition makes a second resource.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Callable

from ..._core.errors import BadAnswer, InvalidInput, LostAnswer, NotFound, Throttled, VpnError
from .errors import SDK_ERRORS, translate
from .filters import Filter
from .pace import READS, Clock, Pace

ATTEMPTS = 8
# Without an answer at all: fewer, so that a wrong endpoint is told soon.
LOST_ATTEMPTS = 4
# Pages one call is followed for. A page has up to 1,000 entries, and an account hardly so many pages.
PAGES = 1000

Method = Callable[..., dict[str, Any]]


def client_config() -> dict[str, Any]:
    """What the client has to be made with; fresh each time, because the SDK writes into it."""
    return {"retries": {"total_max_attempts": 1}, "max_pool_connections": 24}


class Caller:
    """Makes calls for one Region and one account; safe to share between threads."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.calls: Counter[str] = Counter()
        # Whether a call that changes something was made which AWS has not refused.
        self.may_have_changed = False
        self._pace = Pace(self.clock)
        self._lock = threading.Lock()

    def once(self, method: Method, subject: str, **request: Any) -> dict[str, Any]:
        """One call, never repeated: for creations that a repetition would double."""
        action = method.__name__
        self._pace.take(action)
        with self._lock:
            self.calls[action] += 1
        is_refused = False
        try:
            return method(**request)
        except SDK_ERRORS as error:
            translated = translate(api_name(action), subject, error)
            is_refused = not isinstance(translated, LostAnswer)
        except VpnError:
            # There are no credentials for the call, so it was not made.
            is_refused = True
            raise
        finally:
            if not is_refused and not action.startswith(READS):
                self.may_have_changed = True
        # Outside of the handler, so that the SDK's error, which may hold a whole answer with its keys, is not chained.
        raise translated

    def repeatable(self, method: Method, subject: str, **request: Any) -> dict[str, Any]:
        """One call that may be repeated, because doing it twice comes to the same."""
        attempt = 0
        while True:
            try:
                return self.once(method, subject, **request)
            except (Throttled, LostAnswer) as error:
                attempt += 1
                if attempt >= (ATTEMPTS if isinstance(error, Throttled) else LOST_ATTEMPTS):
                    raise
            self.pause(attempt)

    def until_gone(self, method: Method, subject: str, **request: Any) -> None:
        """A removal: that it is not there any more is success."""
        try:
            self.repeatable(method, subject, **request)
        except NotFound:
            return

    def pages(self, method: Method, key: str, filters: Sequence[Filter], **fixed: Any) -> list[dict[str, Any]]:
        """All entries of one describe call, page by page where the API has pages; C(fixed) goes with every page."""
        request: dict[str, Any] = {**fixed, **({"Filters": list(filters)} if filters else {})}
        return [entry for answer in self.answers(method, "", **request) for entry in answer.get(key, [])]

    def answers(self, method: Method, subject: str, **request: Any) -> Iterator[dict[str, Any]]:
        """The answer to a call, and one for each page that follows; an error when the pages never end."""
        seen: set[str] = set()
        while True:
            answer = self.repeatable(method, subject, **request)
            yield answer
            token = answer.get("NextToken")
            if not token:
                return
            if token in seen or len(seen) >= PAGES:
                what = "the same page again" if token in seen else f"more than {PAGES} pages"
                raise BadAnswer(f"{api_name(method.__name__)} does not come to an end: AWS answers with {what}")
            seen.add(token)
            request["NextToken"] = token

    def pause(self, attempt: int) -> None:
        """A break before the next attempt, longer every time and never the same for two callers."""
        self.clock.sleep(min(20.0, 0.5 * 2**attempt) * (0.5 + self.clock.chance() / 2))


def api_name(action: str) -> str:
    """The name of an action as AWS writes it."""
    return "".join(word.capitalize() for word in action.split("_"))


def operation(client: Any, name: str) -> Method:
    """The method of an operation; an SDK that does not have it is an error that says what to do."""
    method: Method | None = getattr(client, name, None)
    if method is None:
        raise InvalidInput([f"the installed botocore does not know {api_name(name)}, a newer one is needed"])
    return method
