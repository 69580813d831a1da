# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that runs modules one after the other: a line of JSON in (module and options), its result out.

`module_process.py SPEED`: for the modules time passes so many times faster.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

MODULES = "ansible_collections.hybridnet.aws_vpn.plugins.modules"
PACE = "ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api"


def quicken(speed: float) -> None:
    """Pauses and deadlines are in proportion to an AWS that is as much faster."""
    pace, caller = (importlib.import_module(f"{PACE}.{name}") for name in ("pace", "caller"))
    clock = pace.Clock(lambda: time.monotonic() * speed, lambda seconds: time.sleep(seconds / speed), random.random)
    caller.__dict__["Clock"] = lambda: clock


def run(module: str, options: dict[str, Any]) -> dict[str, Any]:
    # A module is a process of its own, which begins without the warnings of another.
    warnings._global_warnings.clear()
    with io.StringIO() as printed:
        with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit), patch_module_args(options):
            importlib.import_module(f"{MODULES}.{module}").main()
        result: dict[str, Any] = json.loads(printed.getvalue().splitlines()[-1])
    return result


def main() -> None:
    _AnsibleCollectionFinder(paths=[str(Path(__file__).resolve().parents[4] / "collections")])._install()
    quicken(float(sys.argv[1]))
    for line in sys.stdin:
        print(json.dumps(run(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
