# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files of a gateway, from its peers and the templates of the role gateway."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.peers import check, gateway
from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._plain import plain
from jinja2 import Environment, FileSystemLoader, StrictUndefined

# The one in C, where PyYAML has it, is ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def gateway_files(
    peers: Sequence[Mapping[str, Any]], listing: str, role: str, values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The files that the listing, a template of a YAML list, names.

    Templates see the peers and the values, and nothing else of the host. Ansible's own lookup copies every variable of
    the host for each template, so that its cost grows with the results that a run has registered.
    """
    environment = Environment(  # noqa: S701  # these are no web pages
        loader=FileSystemLoader(Path(role, "templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    of_the_gateway = plain(peers)
    try:
        check(of_the_gateway)
    except InvalidInput as error:
        raise AnsibleFilterError("\n".join(f"gateway_files: {problem}" for problem in error.problems)) from error
    known = {"peers": of_the_gateway, "gateway": gateway(of_the_gateway), **plain(values)}

    def rendered(name: str, **more: Any) -> str:
        return environment.get_template(name).render(known, **more)

    def source(name: str) -> str:
        """A file as it is."""
        return Path(role, "files", name).read_text(encoding="utf-8")

    text = rendered(listing, rendered=rendered, source=source)
    found: list[dict[str, Any]] = yaml.load(text, _LOADER) or []  # noqa: S506  # both are safe loaders
    return found
