# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A string that does not show itself: for pre-shared keys."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import hashlib
import hmac

REDACTED = "(redacted)"


class Secret:
    """A key which compares with others and prints as C((redacted)); only I(reveal) gives it away.

    A sealed secret holds a digest alone: enough to tell whether a key changed, of no use to whoever dumps the model.
    """

    __slots__ = ("_digest", "_value")

    def __init__(self, value: str) -> None:
        self._value: str | None = value
        self._digest = hashlib.sha256(value.encode("utf-8")).digest()

    def sealed(self) -> Secret:
        """The same key without its text."""
        other = Secret.__new__(Secret)
        other._value = None
        other._digest = self._digest
        return other

    @property
    def is_sealed(self) -> bool:
        return self._value is None

    def reveal(self) -> str:
        """The text of the key; for the request to AWS and for a caller who asked for secrets."""
        if self._value is None:
            raise ValueError("this secret is sealed: its text was not kept")
        return self._value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._digest, other._digest)

    def __hash__(self) -> int:
        return hash(self._digest)

    def __repr__(self) -> str:
        return REDACTED

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(REDACTED, spec)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not serialised")
