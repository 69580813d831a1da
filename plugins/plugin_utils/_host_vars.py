# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Variables as the YAML of an inventory file, in which no text is a template."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from ansible.errors import AnsibleFilterError

# What Ansible reads as text and never evaluates.
UNSAFE = "!unsafe"
TEXT = "tag:yaml.org,2002:str"


class _Text(str):
    """Text that is marked in the file."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes marked text, and every list and dictionary in full."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Text; what is not printable is escaped, because YAML reads other ends of a line as a space."""
    return dumper.represent_scalar(TEXT, str(text), style=None if text.isprintable() else '"')


def _represent_marked(dumper: yaml.SafeDumper, text: _Text) -> yaml.ScalarNode:
    """Marked text; but Ansible would read 65010 or null with the mark as no text, and no such word is a template."""
    node = _represent(dumper, text)
    if dumper.resolve(yaml.ScalarNode, node.value, (True, False)) == TEXT:  # type: ignore[no-untyped-call]  # no hints
        node.tag = UNSAFE
    return node


_Dumper.add_representer(str, _represent)
_Dumper.add_representer(_Text, _represent_marked)


def host_vars_yaml(variables: Any) -> str:
    """The text of the file."""
    if not isinstance(variables, Mapping):
        raise AnsibleFilterError("host_vars_yaml takes a dictionary of variables")
    return yaml.dump(_marked(variables), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)


def _marked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _marked(value[key]) for key in value}
    if isinstance(value, (list, tuple)):
        return [_marked(each) for each in value]
    if value is None or isinstance(value, bool):
        return value
    return int(value) if isinstance(value, int) else _Text(value)
