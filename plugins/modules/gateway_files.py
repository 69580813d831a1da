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
  - Writes whole files. In files of other software it edits a marked block or single lines. It removes files that match
    a pattern and are no longer needed.
  - Each file is written atomically, and only if it differs. Missing directories are created.
  - A whole file belongs to the user who runs the module, usually root. A wrong owner or mode is corrected. A file with
    a block or single lines keeps its owner and its permissions.
  - Other users do not choose what is written, read or removed. In a directory where another user can write, such as
    C(/etc/frr), the module fails if it finds a link, a hard link, or in place of a whole file a file of another user.
    Everywhere else it follows links, but it does not write O(secret_files) through a link.
  - Drafts that an interrupted run has left in the directories of these files are removed.
  - Before it writes anything, the module notes in O(pending_file) what must be activated after the changes. So if a run
    is interrupted, or only prepares the files, the next run can complete it.
options:
  files:
    description: Files without secrets. Each needs exactly one of O(files[].content), O(files[].block) and
      O(files[].replace).
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Path of the file.
        type: path
        required: true
      content:
        description: Content of the whole file.
        type: str
      block:
        description: The lines of the marked block. The rest of the file does not change. An empty block is removed.
        type: str
      replace:
        description: Lines to replace. Nothing changes if a pattern matches no line or the file does not exist.
        type: list
        elements: dict
        suboptions:
          pattern:
            description: Regular expression for a line.
            type: str
            required: true
          line:
            description: The new line.
            type: str
            required: true
      comment:
        description: Start of a comment, for the lines that mark O(files[].block).
        type: str
        default: "#"
      show_content:
        description: Whether a diff shows the content. If not, it is one line with the path and the number of lines.
        type: bool
        default: true
      once:
        description: Write O(files[].content) only if the file does not exist.
        type: bool
        default: false
      mode:
        description: Permissions, in octal. By default an existing file keeps its permissions, and a new file gets
          V(0644).
        type: str
      validate:
        description:
          - Command that checks the file before it is installed, with C(%s) for the path of a copy in memory.
          - If the command is not installed, there is no check.
          - If the check fails, the output of the command is shown. Words that are only in the part of others are
            masked.
        type: str
      activates:
        description: What must be activated after a change. You choose the word.
        type: str
  secret_files:
    description: Files whose content is never shown.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Path of the file.
        type: path
        required: true
      content:
        description: Content of the whole file.
        type: str
        required: true
      mode:
        description: Permissions, in octal.
        type: str
        default: "0600"
      activates:
        description: What must be activated after a change. You choose the word.
        type: str
  purge:
    description: Files to remove unless they are among O(files) and O(secret_files).
    type: list
    elements: dict
    default: []
    suboptions:
      pattern:
        description: Path with a shell pattern in its last part.
        type: str
        required: true
      activates:
        description: What must be activated after a removal. You choose the word.
        type: str
  pending_file:
    description: File with the list of what must still be activated.
    type: path
    default: /var/lib/aws-vpn/pending.json
attributes:
  check_mode:
    description: Returns what it would do, and checks the content.
    support: full
  diff_mode:
    description:
      - Shows the content of O(files), but of a file that others use only the block or the lines that this module
        writes. A replaced line is shown as the pattern that it matches.
      - Never shows the content of O(secret_files) or of removed files. Each of them is one line.
    support: full
"""

EXAMPLES = r"""
- name: Write two files and remove the files of old tunnels
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
  description: Files that were removed, with drafts of interrupted runs.
  returned: always
  type: list
  elements: str
pending:
  description: What must still be activated, from this run and from earlier runs.
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
    "show_content": {"type": "bool", "default": True},
    "once": {"type": "bool", "default": False},
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
