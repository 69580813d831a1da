# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data plane of the emulated region, behind /lab/endpoints.

endpoints apply    desired tunnels as JSON on standard input; makes the endpoints match
endpoints status   prints what each endpoint in use sees, as JSON
endpoints sync     static routes follow their tunnels (called when a tunnel goes up or down)
"""

from __future__ import annotations

import fcntl
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

from endpoint import COUNT, RUN, Endpoint

POOL = [Endpoint(number) for number in range(COUNT)]


def side_by_side(work: Callable[[Endpoint], Any]) -> list[Any]:
    """The work for every endpoint, errors collected so that one bad tunnel does not stop the others."""

    def one(endpoint: Endpoint) -> Any:
        try:
            return work(endpoint)
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            return error

    with ThreadPoolExecutor(COUNT) as workers:
        return list(workers.map(one, POOL))


def apply() -> int:
    tunnels = {tunnel["outside_address"]: tunnel for tunnel in json.load(sys.stdin)["tunnels"]}
    problems = [f"{address}: no endpoint has this address" for address in set(tunnels) - {e.address for e in POOL}]

    def work(endpoint: Endpoint) -> bool:
        tunnel = tunnels.get(endpoint.address)
        return endpoint.remove() if tunnel is None else endpoint.apply(tunnel)

    results = side_by_side(work)
    problems += [f"{e.address}: {result}" for e, result in zip(POOL, results) if isinstance(result, Exception)]
    changed = [e.address for e, result in zip(POOL, results) if result is True]
    print(json.dumps({"changed": changed, "problems": problems}))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def status() -> int:
    def work(endpoint: Endpoint) -> dict[str, Any] | None:
        return endpoint.status() if endpoint.state() else None

    results = side_by_side(work)
    print(json.dumps({e.address: result for e, result in zip(POOL, results) if isinstance(result, dict)}))
    return 0


def sync() -> int:
    side_by_side(Endpoint.sync)
    return 0


COMMANDS = {"apply": apply, "status": status, "sync": sync}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit("usage: endpoints apply|status|sync")
    with open(RUN / "endpoints.lock", "w") as lock:
        if sys.argv[1] != "status":
            fcntl.flock(lock, fcntl.LOCK_EX)
        sys.exit(COMMANDS[sys.argv[1]]())
