# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one sees of a long run of vpn_sites, and that the module is otherwise run as if there were no action plugin."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vpn_emulator import Emulator

COLLECTION = Path(__file__).resolve().parents[4]
MARKER = "MARKER_psk.1"
LINE = re.compile(r"^vpn_sites: (\d+) of (\d+) gateways ready, \d+ s$", re.MULTILINE)


PLAY = """
- name: A run that takes its time
  hosts: localhost
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
    berlin: &berlin
      name: berlin
      public_ip: 198.51.100.10
      bgp_asn: 65010
      target: {transit_gateway_id: "{{ tgw }}"}
      local_cidrs: [10.20.0.0/16]
      remote_cidrs: [10.0.0.0/16]
      tunnels: [{psk: MARKER_psk.1}]
  module_defaults:
    group/hybridnet.aws_vpn.aws_vpn:
      region: eu-central-1
      endpoint_url: "{{ url }}"
  tasks:
    - name: Checked
      hybridnet.aws_vpn.vpn_sites:
        gateways: [*berlin]
      check_mode: true
      register: checked
    - name: Slow
      hybridnet.aws_vpn.vpn_sites:
        gateways: [*berlin]
      register: slow
    - name: In the background
      hybridnet.aws_vpn.vpn_sites:
        gateways: [*berlin]
        progress_file: "{{ progress }}"
      async: 60
      poll: 1
      register: background
    - name: As another user
      hybridnet.aws_vpn.vpn_sites:
        gateways: [*berlin]
      become: true
      become_method: ansible.builtin.sudo
      vars:
        ansible_become_exe: "{{ sudo }}"
      register: another
    - name: Unseen
      hybridnet.aws_vpn.vpn_sites:
        gateways: [*berlin]
        purge_tags: true
      no_log: true
      become: true
      become_method: ansible.builtin.sudo
      vars:
        ansible_become_exe: "{{ sudo }}"
      register: unseen
    - name: All went well
      ansible.builtin.assert:
        that:
          - checked is changed
          - checked.connections.berlin.vpn_connection_id is none
          - slow is changed
          - slow.connections.berlin.state == 'available'
          - background is not changed
          - unseen is not changed
          - another is not changed
"""


def run_playbook(emulator: Emulator, tgw: str, directory: Path) -> str:
    (directory / "play.yml").write_text(PLAY, encoding="utf-8")
    sudo = directory / "sudo"
    # Nobody needs to become anybody for this test; what matters is the way through become.
    sudo.write_text('#!/bin/sh\nwhile [ "$1" != /bin/sh ]; do shift; done\nexec "$@"\n', encoding="utf-8")
    sudo.chmod(0o755)
    options = emulator.client_options()
    given = {"url": emulator.url, "tgw": tgw, "progress": str(directory / "progress"), "sudo": str(sudo)}
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": options["aws_secret_access_key"],
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION / "collections"),
        "ANSIBLE_HOME": str(directory / "ansible"),
        "ANSIBLE_ASYNC_DIR": str(directory / "async"),
        "ANSIBLE_NOCOLOR": "1",
        "LC_ALL": "C.UTF-8",
        "TMPDIR": str(directory),
    }
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    done = subprocess.run(
        [program, "-i", "localhost,", "-e", json.dumps(given), "-vvv", "play.yml"],
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_playbook(emulator: Emulator, ec2: Any, tmp_path: Path) -> None:
    tgw = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    # The clock of the emulator is real here: long enough for one line, and for the next to be due.
    emulator.settle = 11
    output = run_playbook(emulator, tgw, tmp_path)
    assert LINE.findall(output)[:1] == [("0", "1")], output
    assert len(LINE.findall(output)) <= 3
    assert MARKER not in output
    assert "aws_vpn_progress_" not in output
    # Our own file was not for the other user.
    assert '"progress_file": null' in output.split("TASK [As another user]")[1].split("TASK [")[0]
    # Nothing was begun in the background, so nothing was written there; and of ours nothing is left.
    assert not (tmp_path / "progress").exists()
    assert list(tmp_path.glob("aws_vpn_progress_*")) == []
