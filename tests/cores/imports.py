# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Import every file of the plugins, and compare ansible-core with what versions.txt says of it.

The Python of an environment runs it: imports.py COLLECTION CORE LOWEST HIGHEST GATEWAY. A file that cannot be imported
is an error, and so is what Python itself warns of in a file of the collection.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from pathlib import Path

from ansible.module_utils.basic import _PY_MIN
from ansible.release import __version__
from ansible_test._util.target.common.constants import CONTROLLER_PYTHON_VERSIONS

PLUGINS = "ansible_collections.hybridnet.aws_vpn.plugins"
# The programs on a gateway are written for it, whatever ansible-core supports.
OUR_LOWEST = (3, 8)


def supported() -> list[str]:
    """What this ansible-core says of itself, in the order of versions.txt."""
    lowest = ".".join(map(str, max(_PY_MIN, OUR_LOWEST)))
    return [__version__, CONTROLLER_PYTHON_VERSIONS[0], CONTROLLER_PYTHON_VERSIONS[-1], lowest]


def main() -> None:
    """Import all, so that one error does not hide another; then end as it was."""
    plugins = Path(sys.argv[1], "plugins")
    errors = []
    if supported() != sys.argv[2:]:
        errors.append(f"ansible-core says {supported()}, versions.txt {sys.argv[2:]}")
    warnings.filterwarnings("error", module=PLUGINS.replace(".", r"\."))
    files = sorted(path.relative_to(plugins).with_suffix("") for path in plugins.rglob("*.py"))
    for name in [".".join([PLUGINS, *file.parts]) for file in files]:
        try:
            importlib.import_module(name.removesuffix(".__init__"))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are tried too
            errors.append(f"{name}: {type(error).__name__}: {error}")
    print(f"{len(files)} files imported")
    if errors:
        raise SystemExit("\n".join(errors))


if __name__ == "__main__":
    main()
