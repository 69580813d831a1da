# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare a HOME for ansible-test: the pip settings of this machine as a file, and pip's bootstrap script.

ansible-test clears the environment, so settings in PIP_* variables would be lost. It also downloads
pip's bootstrap script from a host that is no package index; where that host cannot be reached, a
stand-in installs the same pip from the package index.
"""

from __future__ import annotations

import ast
import configparser
import os
import re
import subprocess
import sys
import urllib.request
from importlib.util import find_spec
from pathlib import Path

DOWNLOAD_SECONDS = 10

STAND_IN = '''\
"""Installs pip through ensurepip and the package index."""
import subprocess
import sys

if __name__ == "__main__":
    args = [a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel")]
    # A child process: ensurepip switches the pip configuration off in the process it runs in.
    subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"])
    sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", *args]))
'''


def pip_settings() -> configparser.ConfigParser:
    """What pip goes by here, whether it comes from a file or from a variable."""
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    ).stdout
    settings = configparser.ConfigParser(interpolation=None)
    settings["global"] = {}
    from_variables: dict[str, str] = {}
    for line in listing.splitlines():
        key, quoted = line.split("=", 1)
        section, option = key.rsplit(".", 1)
        value = str(ast.literal_eval(quoted))
        if section == ":env:":
            from_variables[option] = value
        else:
            if not settings.has_section(section):
                settings.add_section(section)
            settings[section][option] = value
    from_variables.pop("config-file", None)
    settings["global"].update(from_variables)
    add_network_variables(settings["global"])
    return settings


def add_network_variables(section: configparser.SectionProxy) -> None:
    """The variables that are not pip's own, and which pip honours all the same."""
    for option, variables in (
        ("proxy", ("https_proxy", "HTTPS_PROXY")),
        ("cert", ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")),
    ):
        for variable in variables:
            if os.environ.get(variable) and option not in section:
                section[option] = os.environ[variable]


def bootstrap_source() -> tuple[str, str]:
    """Where ansible-test would download pip's bootstrap script from, and the name it keeps it under."""
    spec = find_spec("ansible_test")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("ansible-test is not installed")
    package = Path(next(iter(spec.submodule_search_locations)))
    download = (package / "_util/target/setup/requirements.py").read_text(encoding="utf-8")
    versions = (package / "_internal/python_requirements.py").read_text(encoding="utf-8")
    url = re.search(r"url = '([^']+)' % pip_version", download)
    version = re.search(r"\bpip='([0-9.]+)'", versions)
    if url is None or version is None:
        raise SystemExit("this ansible-test gets pip in a way unknown here: adapt tests/tools/ansible_test_home.py")
    return url.group(1) % version.group(1), f"get_pip_{version.group(1).replace('.', '_')}.py"


def bootstrap_script(url: str) -> str:
    """The original where it can be had, else the stand-in."""
    if not url.startswith("https://"):
        raise SystemExit(f"pip's bootstrap script would come from {url}")
    try:
        with urllib.request.urlopen(url, timeout=DOWNLOAD_SECONDS) as answer:  # noqa: S310 - checked above
            return str(answer.read().decode())
    except OSError as error:
        print(f"ansible-test's copy of get-pip cannot be downloaded here ({error}); pip comes from the package index")
        return STAND_IN


def main() -> None:
    """Fill the directory given as the only argument."""
    home = Path(sys.argv[1])
    url, name = bootstrap_source()
    script = home / ".ansible/test/cache" / name
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(bootstrap_script(url), encoding="utf-8")
    configuration = home / ".config/pip/pip.conf"
    configuration.parent.mkdir(parents=True, exist_ok=True)
    # It may hold a password for an index.
    configuration.touch(mode=0o600)
    with configuration.open("w", encoding="utf-8") as file:
        pip_settings().write(file)


if __name__ == "__main__":
    main()
