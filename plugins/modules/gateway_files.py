#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: gateway_files
short_description: Write all files of a gateway in one task
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Brings files to the given content, edits a marked block or single lines in files that belong to others, and removes
    files that match a pattern and are no longer wanted.
  - Each file is written atomically and only when it differs. Missing directories are made.
  - What a changed or removed file is to activate is noted in a file on the gateway before anything is written, so that
    a run that breaks off, or one that only prepares, is completed by the next.
options:
  files:
    description: Files without secrets. Exactly one of O(files[].content), O(files[].block) and O(files[].replace) each.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where the file is.
        type: path
        required: true
      content:
        description: The whole file.
        type: str
      block:
        description: The lines of our marked block. The rest of the file is left alone. An empty block is removed.
        type: str
      replace:
        description: Lines to replace. A pattern that matches no line changes nothing, nor does a missing file.
        type: list
        elements: dict
        suboptions:
          pattern:
            description: Regular expression for a line.
            type: str
            required: true
          line:
            description: What to put in its place.
            type: str
            required: true
      comment:
        description: How a comment begins, for the marks of O(files[].block).
        type: str
        default: "#"
      conflict:
        description: Regular expression for lines that must not be outside of O(files[].block). It fails otherwise.
        type: str
      mode:
        description: Permissions, in octal. By default those the file has, else V(0644).
        type: str
      validate:
        description:
          - Command that checks the file before it is put in place, with C(%s) for its path.
          - Left out where the command is not installed.
        type: str
      activates:
        description: What has to be activated after a change, a word of the caller's.
        type: str
  secret_files:
    description: Files whose content is never shown.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where the file is.
        type: path
        required: true
      content:
        description: The whole file.
        type: str
        required: true
      mode:
        description: Permissions, in octal.
        type: str
        default: "0600"
      activates:
        description: What has to be activated after a change, a word of the caller's.
        type: str
  purge:
    description: Files to remove unless they are among O(files) and O(secret_files).
    type: list
    elements: dict
    default: []
    suboptions:
      pattern:
        description: Shell pattern for paths.
        type: str
        required: true
      activates:
        description: What has to be activated after a removal, a word of the caller's.
        type: str
  pending_file:
    description: Where to note what waits to be activated.
    type: path
    default: /var/lib/aws-vpn/pending.json
attributes:
  check_mode:
    description: Says what it would do, and checks the content.
    support: full
  diff_mode:
    description: Shows the content of O(files), never that of O(secret_files) or of removed files.
    support: full
"""

EXAMPLES = r"""
- name: Write two files and drop what is left of an earlier tunnel
  hybridnet.aws_vpn.gateway_files:
    files:
      - path: /etc/swanctl/conf.d/aws-vpn-vpn-0123456789abcdef0-1.conf
        content: "{{ lookup('ansible.builtin.template', 'connection.conf.j2') }}"
        activates: ike
      - path: /etc/frr/frr.conf
        block: "{{ lookup('ansible.builtin.template', 'frr.conf.j2') }}"
        comment: "!"
        validate: vtysh -C -f %s
        activates: bgp
    purge:
      - pattern: /etc/swanctl/conf.d/aws-vpn-vpn-*.conf
        activates: ike
"""

RETURN = r"""
changed_paths:
  description: Files that were written.
  returned: always
  type: list
  elements: str
removed_paths:
  description: Files that were removed.
  returned: always
  type: list
  elements: str
pending:
  description: What waits to be activated, from this run and from earlier ones.
  returned: always
  type: list
  elements: str
  sample: [ike]
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries.gateway_files import run
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run.invocation import DiscreetModule

REPLACE = {
    "pattern": {"type": "str", "required": True},
    "line": {"type": "str", "required": True},
}
FILES = {
    "path": {"type": "path", "required": True},
    "content": {"type": "str"},
    "block": {"type": "str"},
    "replace": {"type": "list", "elements": "dict", "options": REPLACE},
    "comment": {"type": "str", "default": "#"},
    "conflict": {"type": "str"},
    "mode": {"type": "str"},
    "validate": {"type": "str"},
    "activates": {"type": "str"},
}
SECRET_FILES = {
    "path": {"type": "path", "required": True},
    "content": {"type": "str", "required": True, "no_log": True},
    "mode": {"type": "str", "default": "0600"},
    "activates": {"type": "str"},
}
PURGE = {
    "pattern": {"type": "str", "required": True},
    "activates": {"type": "str"},
}


def main() -> None:
    run(
        DiscreetModule(
            argument_spec={
                "files": {
                    "type": "list",
                    "elements": "dict",
                    "default": [],
                    "options": FILES,
                    "mutually_exclusive": [("content", "block", "replace")],
                    "required_one_of": [("content", "block", "replace")],
                },
                # The option holds no secret itself, its content does.
                "secret_files": {
                    "type": "list",
                    "elements": "dict",
                    "default": [],
                    "options": SECRET_FILES,
                    "no_log": False,
                },
                "purge": {"type": "list", "elements": "dict", "default": [], "options": PURGE},
                "pending_file": {"type": "path", "default": "/var/lib/aws-vpn/pending.json"},
            },
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
