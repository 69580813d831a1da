# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as a gateway runs it: a process of its own that changes a directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.plugins.callback import CallbackBase

ROOT = Path(__file__).resolve().parents[4]
KEY = "Marker_key.of_this_test.1234567"
RUN = """
import sys
sys.path.insert(0, sys.argv[1])
from ansible_collections.hybridnet.aws_vpn.plugins.modules import gateway_files
sys.argv = ["gateway_files"]
gateway_files.main()
"""


class Host:
    """A directory that stands for the gateway's root."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, check: bool = False, **options: Any) -> dict[str, Any]:
        arguments = {"pending_file": str(self.root / "var/pending.json"), **options}
        arguments.update(_ansible_check_mode=check, _ansible_diff=True, _ansible_remote_tmp=str(self.root / "tmp"))
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(ROOT / "collections")],
            input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        assert KEY not in done.stdout + done.stderr
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    def write(self, name: str, text: str, mode: int = 0o644) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def pending(self) -> Any:
        return json.loads((self.root / "var/pending.json").read_text(encoding="utf-8"))

    def files(self) -> set[str]:
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}


def printed(result: dict[str, Any]) -> str:
    """The diff, as Ansible prints it."""
    return str(CallbackBase()._get_diff(result["diff"]))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    (tmp_path / "tmp").mkdir()
    return Host(tmp_path)


def test_writes_once_and_then_nothing(host: Host) -> None:
    wanted = [{"path": str(host.root / "etc/a/one.conf"), "content": "one\n", "mode": "0640", "activates": "ike"}]
    first = host(files=wanted)
    assert (first["changed"], first["pending"]) == (True, ["ike"])
    assert first["diff"][0]["after"] == "one\n"
    assert (host.root / "etc/a/one.conf").stat().st_mode & 0o777 == 0o640
    before = (host.root / "etc/a/one.conf").stat().st_mtime_ns
    second = host(files=wanted)
    assert (second["changed"], second["changed_paths"], second["diff"]) == (False, [], [])
    assert second["pending"] == ["ike"]
    assert (host.root / "etc/a/one.conf").stat().st_mtime_ns == before


def test_check_mode_predicts_and_leaves_no_trace(host: Host) -> None:
    stale = host.write("etc/aws-vpn-old.conf", "old\n")
    options: dict[str, Any] = {
        "files": [{"path": str(host.root / "etc/new.conf"), "content": "new\n", "activates": "ike"}],
        "purge": [{"pattern": str(host.root / "etc/aws-vpn-*.conf"), "activates": "bgp"}],
    }
    before = host.files()
    predicted = host(check=True, **options)
    assert host.files() == before
    done = host(**options)
    for key in ("changed", "changed_paths", "removed_paths", "pending", "diff"):
        assert predicted[key] == done[key]
    assert done["removed_paths"] == [str(stale)]
    assert host.pending() == ["bgp", "ike"]
    assert host(**options)["changed"] is False


def test_modes_are_corrected(host: Host) -> None:
    path = host.write("etc/key.conf", "text\n", 0o644)
    wanted = [{"path": str(path), "content": "text\n"}]
    assert host(secret_files=wanted)["changed"] is True
    assert path.stat().st_mode & 0o777 == 0o600
    assert host(secret_files=wanted)["changed"] is False


def test_keys_are_written_for_root_only_and_never_shown(host: Host) -> None:
    path = host.root / "etc/key.conf"
    wanted = [{"path": str(path), "content": f'secret = "{KEY}"\n', "activates": "keys"}]
    assert host(check=True, secret_files=wanted)["changed"] is True
    result = host(secret_files=wanted)
    assert path.stat().st_mode & 0o777 == 0o600
    assert KEY in path.read_text(encoding="utf-8")
    assert result["pending"] == ["keys"]
    # Neither when it is replaced, nor when it goes.
    host(secret_files=[{"path": str(path), "content": "secret = another\n"}])
    path.write_text(KEY, encoding="utf-8")
    assert host(purge=[{"pattern": str(host.root / "etc/key*.conf")}])["removed_paths"] == [str(path)]


def test_a_block_in_a_file_of_others_keeps_its_owner_and_mode(host: Host) -> None:
    path = host.write("etc/frr.conf", "log syslog\n", 0o640)
    block = {"path": str(path), "block": "router bgp 65010\n", "comment": "!", "activates": "bgp"}
    assert host(files=[block])["changed"] is True
    assert path.read_text(encoding="utf-8").startswith("log syslog\n! BEGIN hybridnet.aws_vpn\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert host(files=[block])["changed"] is False
    assert host(files=[{**block, "block": ""}])["changed"] is True
    assert path.read_text(encoding="utf-8") == "log syslog\n"


OTHERS = f"""router bgp 65000
 neighbor 192.0.2.1 password {KEY}
"""


def test_of_a_file_of_others_only_our_part_is_shown(host: Host) -> None:
    """The key is another one's: it is in no output, and never comes into a result (see the runner)."""
    path = host.write("etc/frr.conf", OTHERS, 0o640)
    block = {"path": str(path), "block": "route-map ours permit 10\n", "comment": "!"}
    ours = "! BEGIN hybridnet.aws_vpn\nroute-map ours permit 10\n! END hybridnet.aws_vpn\n"
    header = f"{path} (only the part of this collection)"
    for check in (True, False):
        (diff,) = host(check=check, files=[block])["diff"]
        assert diff == {"before_header": header, "after_header": header, "before": "", "after": ours}
    (diff,) = host(files=[{**block, "block": ""}])["diff"]
    assert (diff["before"], diff["after"]) == (ours, "")
    assert path.read_text(encoding="utf-8") == OTHERS


def test_of_replaced_lines_only_ours_are_shown(host: Host) -> None:
    path = host.write("etc/daemons", f"secret={KEY}\nbgpd=no # {KEY}\n")
    (diff,) = host(files=[{"path": str(path), "replace": [{"pattern": "^bgpd=no", "line": "bgpd=yes"}]}])["diff"]
    assert (diff["before"], diff["after"]) == ("(a line that matches ^bgpd=no)\n", "bgpd=yes\n")
    assert path.read_text(encoding="utf-8") == f"secret={KEY}\nbgpd=yes\n"


def test_a_validator_that_quotes_the_file_shows_no_words_of_others(host: Host) -> None:
    path = host.write("etc/frr.conf", OTHERS)
    wrong = {"path": str(path), "block": "ours is wrong", "comment": "!", "validate": "sh -c 'cat %s; exit 1'"}
    result = host(files=[wrong])
    assert f"{path} would not be valid: *** *** ***\n *** " in result["msg"]
    assert "ours is wrong" in result["msg"]
    assert path.read_text(encoding="utf-8") == OTHERS


def test_a_validator_leaves_no_copy(host: Host) -> None:
    path = host.write("etc/frr.conf", OTHERS)
    where = host.root / "where"
    host(
        files=[
            {"path": str(path), "block": "ours", "comment": "!", "validate": f"sh -c 'echo %s >{where}; grep ours %s'"}
        ]
    )
    assert "ours" in path.read_text(encoding="utf-8")
    assert where.read_text(encoding="utf-8").startswith("/proc/")


def test_the_end_of_lines_of_others_stays(host: Host) -> None:
    path = host.write("etc/frr.conf", "")
    path.write_bytes(b"log syslog\r\n")
    host(files=[{"path": str(path), "block": "ours", "comment": "!"}])
    assert path.read_bytes().startswith(b"log syslog\r\n! BEGIN")


def test_what_is_no_text_is_not_changed(host: Host) -> None:
    path = host.write("etc/frr.conf", "")
    path.write_bytes(b"\xff\xfe")
    assert host(files=[{"path": str(path), "block": "ours"}])["msg"] == f"{path}: it exists and is no text"


def test_what_the_system_refuses_is_told_with_the_path(host: Host) -> None:
    path = host.write("etc/frr.conf", "")
    result = host(files=[{"path": f"{path}/below", "content": "ours"}])
    assert (result["msg"], result["changed"]) == (f"{path}: Not a directory", False)
    result = host(files=[{"path": str(host.root / "etc/a"), "content": ""}, {"path": "/proc/no/such", "content": ""}])
    # Root hears that there is no such directory, others that they may not.
    assert result["msg"].startswith("/proc/no: ")
    assert (result["changed"], result["changed_paths"]) == (True, [str(host.root / "etc/a")])


def test_only_the_last_part_of_a_path_is_a_pattern(host: Host) -> None:
    assert "only the last part" in host(purge=[{"pattern": str(host.root / "*/a.conf")}])["msg"]


def test_what_is_not_there_needs_no_edit(host: Host) -> None:
    edits = [
        {"path": str(host.root / "etc/frr.conf"), "block": "", "comment": "!"},
        {"path": str(host.root / "etc/daemons"), "replace": [{"pattern": "^bgpd=no", "line": "bgpd=yes"}]},
    ]
    assert host(files=edits)["changed"] is False
    assert host.files() == set()


def test_a_record_is_written_once(host: Host) -> None:
    record = {"path": str(host.root / "var/before.json"), "once": True}
    assert host(files=[{**record, "content": "first\n"}])["changed"] is True
    assert host(files=[{**record, "content": "second\n"}])["changed"] is False
    assert (host.root / "var/before.json").read_text(encoding="utf-8") == "first\n"


def test_what_the_validator_refuses_is_not_written(host: Host) -> None:
    path = str(host.root / "etc/a.conf")
    result = host(files=[{"path": path, "content": "bad\n", "validate": "grep good %s"}])
    assert result["failed"]
    assert f"{path} would not be valid" in result["msg"]
    assert host.files() == set()
    assert host(files=[{"path": path, "content": "good\n", "validate": "grep good %s"}])["changed"] is True


def test_a_validator_that_is_not_installed_is_left_out(host: Host) -> None:
    wanted = [{"path": str(host.root / "etc/a.conf"), "content": "any\n", "validate": "no-such-program-here %s"}]
    assert host(check=True, files=wanted)["changed"] is True


def test_exactly_one_kind_of_content(host: Host) -> None:
    path = str(host.root / "etc/a.conf")
    assert "one of the following" in host(files=[{"path": path}])["msg"]
    assert "mutually exclusive" in host(files=[{"path": path, "content": "", "block": ""}])["msg"]


def test_a_file_whose_content_is_of_no_interest_is_one_line_of_the_diff(host: Host) -> None:
    program = {"path": str(host.root / "lib/tunnels.py"), "content": "line\n" * 196, "show_content": False}
    for state, text in (("new", None), ("changed", "an older one\n"), ("changed", program["content"])):
        if text:
            host.write("lib/tunnels.py", str(text), 0o600)
        result = host(files=[{**program, "mode": "0644"}])
        assert printed(result) == f"{program['path']}: {state}, 196 lines (not shown)\n"


def test_what_is_never_shown_is_one_line_of_the_diff_too(host: Host) -> None:
    old, key = host.write("etc/key-old.conf", KEY), str(host.root / "etc/key-new.conf")
    purge = [{"pattern": str(host.root / "etc/key-*.conf")}]
    result = host(secret_files=[{"path": key, "content": KEY}], purge=purge)
    assert printed(result) == f"{key}: new (not shown)\n{old}: removed\n"
