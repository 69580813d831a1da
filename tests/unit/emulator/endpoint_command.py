# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the command behind the data plane: `endpoint_command.py DIRECTORY apply|status`.

It runs no tunnel, so every endpoint is DOWN, unless the test wrote another state for it into DIRECTORY/states.json.
A file DIRECTORY/fail makes every call fail with its text; while DIRECTORY/hold exists, apply does not return.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

DOWN = {"ike": "DOWN", "esp": "DOWN", "bgp": None, "accepted_routes": 0}


def main() -> int:
    directory, verb = Path(sys.argv[1]), sys.argv[2]
    with (directory / "calls").open("a", encoding="utf-8") as calls:
        calls.write(" ".join(sys.argv[2:]) + "\n")
    text = sys.stdin.read()
    if (directory / "fail").exists():
        print((directory / "fail").read_text(encoding="utf-8"), file=sys.stderr)
        return 3
    applied = directory / "applied.json"
    if verb == "apply":
        while (directory / "hold").exists():
            time.sleep(0.02)
        new = directory / "applied.new"
        new.write_text(text, encoding="utf-8")
        new.replace(applied)
        return 0
    states = directory / "states.json"
    known = json.loads(states.read_text(encoding="utf-8")) if states.exists() else {}
    tunnels = json.loads(applied.read_text(encoding="utf-8"))["tunnels"] if applied.exists() else []
    print(json.dumps({one["outside_address"]: known.get(one["outside_address"], DOWN) for one in tunnels}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
