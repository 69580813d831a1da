# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pre-shared keys in Secrets Manager: one secret per connection, which moto's own Secrets Manager keeps.

It is a managed secret, as on AWS: its name begins with `s2svpn!`, its tag names the service that owns it, and it has an
entry per tunnel whose key is stored. What follows in the name, and the JSON KEYS INSIDE, ARE THE EMULATOR'S OWN
INVENTION, since AWS does not document them. The secret says so itself: whoever reads keys from it must take its layout
as a parameter.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import errors

if TYPE_CHECKING:
    from .vpn_connection import VpnConnection

STANDARD = "Standard"
SECRETS_MANAGER = "SecretsManager"
_OWNER = "s2svpn"
_LABEL = "The JSON keys are an invention of the emulator; those of AWS are not documented."


def check(storage: str | None) -> None:
    if storage not in (None, STANDARD, SECRETS_MANAGER):
        raise errors.invalid_value("PreSharedKeyStorage", storage)


def store(connection: VpnConnection, region: str) -> None:
    """Write the keys of the tunnels that are stored there; the secret is made with the first one, and stays."""
    keys = {tunnel.outside_address: tunnel.psk for tunnel in connection.tunnels if tunnel.is_key_stored}
    if not keys and connection.key_arn is None:
        return
    backend = _backend(connection, region)
    name = _name(connection)
    text = json.dumps({"_comment": _LABEL, "pre_shared_keys": keys})
    if connection.key_arn is None:
        tags = [{"Key": "aws:secretsmanager:owningService", "Value": _OWNER}]
        backend.create_secret(name, text, None, _LABEL, tags, None, None, [], False)
        connection.key_arn = str(backend.secrets[name].arn)
    else:
        backend.put_secret_value(name, text, None, None, ["AWSCURRENT"])


def delete(connection: VpnConnection, region: str) -> None:
    """The secret goes with its connection."""
    if connection.key_arn is not None:
        _backend(connection, region).delete_secret(_name(connection), None, True)


def _name(connection: VpnConnection) -> str:
    return f"{_OWNER}!{connection.id}"


def _backend(connection: VpnConnection, region: str) -> Any:
    # Imported when needed: most emulators never store a key there.
    from moto.secretsmanager.models import secretsmanager_backends

    return secretsmanager_backends[connection.account.id][region]
