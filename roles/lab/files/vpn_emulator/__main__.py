# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the emulator: `python -m vpn_emulator --port 5055`."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from . import server
from .admission import access_keys, is_loopback
from .dataplane import DataPlaneConfig, DataPlaneError
from .environment import current, use
from .inprocess import new_environment
from .quotas import DEFAULTS, Quotas


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="vpn_emulator", description="An emulated AWS EC2 with the VPN API.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback)")
    parser.add_argument("--port", type=int, required=True, help="port to listen on, 0 for any free one")
    parser.add_argument(
        "--credentials", type=Path, help="an AWS credentials file: accept only its access keys; without it accept any"
    )
    parser.add_argument("--data-plane", type=Path, help="JSON description of the tunnel endpoints; else all are DOWN")
    parser.add_argument(
        "--settle", type=float, default=2.0, help="seconds that pending, modifying... last (default: 2)"
    )
    parser.add_argument(
        "--quota",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help=f"a quota other than AWS's default, or NAME=none; names: {', '.join(DEFAULTS)}; all=none for no quotas",
    )
    parser.add_argument("--pid-file", type=Path, help="written when the server listens, removed when it ends")
    return parser.parse_args()


def _quotas(settings: list[str]) -> Quotas:
    quotas = Quotas()
    for setting in settings:
        name, _equals, number = setting.partition("=")
        limit = None if number == "none" else int(number)
        if name == "all":
            quotas.set(**dict.fromkeys(DEFAULTS, limit))
        else:
            quotas.set(**{name: limit})
    return quotas


def _accepted(host: str, credentials: Path | None) -> dict[str, str]:
    """The access keys to accept, by profile; none for any. What other machines reach is not for everybody."""
    if credentials:
        return access_keys(credentials)
    if not is_loopback(host):
        raise ValueError(f"--host {host} is not loopback: say with --credentials who may use it")
    return {}


def _how_to_use_it(url: str, credentials: Path | None, accepted: dict[str, str]) -> str:
    if accepted:
        variables = f"AWS_SHARED_CREDENTIALS_FILE={credentials} AWS_PROFILE={next(iter(accepted))}"
        which = "Only the access keys of this file are accepted."
    else:
        variables = "AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any"
        which = "Any credentials are accepted; an access key of 12 digits selects the account of this number."
    return (
        f"Use it with any AWS client on this machine, for example:\n"
        f"  {variables} aws --endpoint-url {url} --region eu-central-1 ec2 describe-vpn-connections\n"
        f"{which}\n"
        f"Ctrl-C ends it."
    )


def main() -> int:
    arguments = _arguments()
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("vpn_emulator").setLevel(logging.INFO)
    is_asked_to_end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_unused: is_asked_to_end.set())
    try:
        data_plane = DataPlaneConfig.load(arguments.data_plane) if arguments.data_plane else None
        server.install()
        use(new_environment(arguments.settle, data_plane, quotas=_quotas(arguments.quota)))
        accepted = _accepted(arguments.host, arguments.credentials)
        http = server.Server(arguments.host, arguments.port, frozenset(accepted.values()))
    except (DataPlaneError, OSError, ValueError) as error:
        print(f"vpn_emulator: {error}", file=sys.stderr)
        return 1
    http.start()
    if arguments.pid_file:
        arguments.pid_file.write_text(f"{os.getpid()}\n", encoding="ascii")
    print(f"vpn_emulator listens on {http.url}")
    print(_how_to_use_it(http.url, arguments.credentials, accepted), flush=True)
    is_asked_to_end.wait()
    http.stop()
    plane = current().data_plane
    if plane is not None:
        plane.stop()
    if arguments.pid_file:
        arguments.pid_file.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
