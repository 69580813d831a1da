# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a role as its argument_specs describe them: empty ones have their default, all have their type."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.yaml import yaml_load
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import is_unset
from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._plain import plain, text_only

# Put before the name of a variable by the playbooks of the collection: no survey asks for such a variable.
OF_PLAYBOOK = "__site_vpn_"
ROLES = Path(__file__).parents[2] / "roles"


# By role: the variables that were seen last, and what they came to. A task asks several times, always with the same.
_last: dict[str, tuple[Mapping[str, Any], dict[str, Any]]] = {}


def role_options(role: str, variables: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> dict[str, Any]:
    """The options by their name without the name of the role; what a playbook of the collection sets comes first."""
    if role not in _last or _last[role][0] is not variables:
        _last[role] = (variables, _evaluated(role, variables, evaluate))
    return _last[role][1]


def _evaluated(role: str, variables: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> dict[str, Any]:
    specs = _specs(role)
    names = {name: f"{OF_PLAYBOOK}{name}" if f"{OF_PLAYBOOK}{name}" in variables else name for name in specs}
    given = {name: plain(evaluate(variables[known])) for name, known in names.items() if known in variables}
    said = {name: value for name, value in given.items() if not is_unset(value)}
    checked = ArgumentSpecValidator(specs).validate(said)
    if checked.error_messages:
        raise AnsibleLookupError(f"role {role}: {'; '.join(checked.error_messages)}")
    found: dict[str, Any] = text_only({name[len(role) + 1 :]: checked.validated_parameters[name] for name in specs})
    return found


@cache
def _specs(role: str) -> dict[str, dict[str, Any]]:
    """The options that a survey could ask for: no list of dictionaries and no secret."""
    path = ROLES / role / "meta/argument_specs.yml"
    if not path.is_file():
        raise AnsibleLookupError(f"role_options knows the roles of this collection, and {role} is none of them")
    entry_points = yaml_load(path.read_text(encoding="utf-8"))["argument_specs"].values()
    options = {name: option for each in entry_points for name, option in each.get("options", {}).items()}
    return {name: option for name, option in options.items() if not (option.get("no_log") or _is_structured(option))}


def _is_structured(option: Mapping[str, Any]) -> bool:
    return option.get("elements") == "dict" or (option["type"] == "dict" and "default" not in option)
