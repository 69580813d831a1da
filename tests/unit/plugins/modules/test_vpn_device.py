# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Device types and sample configurations against the emulated AWS: the text goes into a file and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]

MARKER = "MARKER_psk.1"
STRONGSWAN = {"vendor": "strongswan"}


@pytest.fixture
def connection(run: Run, world: dict[str, str]) -> dict[str, Any]:
    """One key is given, the other one AWS's."""
    run("customer_gateway", name="berlin", public_ip="198.51.100.10")
    made: dict[str, Any] = run(
        "vpn_connection", name="berlin", transit_gateway_id=world["tgw"], tunnels=[{"psk": MARKER}, {}]
    )["connection"]
    return made


def keys(ec2: Any) -> list[str]:
    return [
        tunnel["PreSharedKey"]
        for connection in ec2.describe_vpn_connections()["VpnConnections"]
        for tunnel in connection["Options"]["TunnelOptions"]
    ]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


# Device types.


def test_types(run: Run) -> None:
    everything = run("vpn_device_info")
    assert everything["changed"] is False
    assert len(everything["device_types"]) > 10
    (one,) = run("vpn_device_info", vendor="STRONG", software="5.5")["device_types"]
    assert one == {
        "device_type_id": one["device_type_id"],
        "vendor": "Strongswan",
        "platform": "Ubuntu 16.04",
        "software": "Strongswan 5.5.1+",
    }
    assert run("vpn_device_info", vendor="nobody")["device_types"] == []
    names = [(each["vendor"], each["platform"], each["software"]) for each in everything["device_types"]]
    assert names == sorted(names)


# Configurations.


@pytest.mark.usefixtures("connection")
def test_check_write_repeat_change_repeat(run: Run, tmp_path: Path, ec2: Any, emulator: Emulator) -> None:
    dest = tmp_path / "berlin.txt"
    options = {"name": "berlin", "dest": str(dest), **STRONGSWAN}
    emulator.calls.clear()
    checked = run("vpn_device_configuration", check=True, **options)
    assert checked["changed"]
    assert not dest.exists()
    done = run("vpn_device_configuration", **options)
    assert (done["changed"], done["dest"], done["mode"]) == (True, str(dest), "0600")
    assert done["device_type"]["vendor"] == "Strongswan"
    assert mode(dest) == 0o600
    text = dest.read_text(encoding="utf-8")
    assert all(key in text for key in keys(ec2))
    inode = dest.stat().st_ino
    again = run("vpn_device_configuration", **options)
    assert (again["changed"], dest.stat().st_ino) == (False, inode)
    assert run("vpn_device_configuration", **options, ike_version="ikev2")["changed"]
    assert (
        run("vpn_device_configuration", **options, ike_version="ikev2", sample_type="recommended")["changed"] is False
    )
    # Nothing else is left in the directory.
    assert list(tmp_path.iterdir()) == [dest]
    assert [action for action in emulator.calls if not action.startswith(("Describe", "Get"))] == []


@pytest.mark.usefixtures("connection")
def test_a_file_that_others_can_read_is_closed(run: Run, tmp_path: Path) -> None:
    dest = tmp_path / "berlin.txt"
    options = {"name": "berlin", "dest": str(dest), **STRONGSWAN}
    run("vpn_device_configuration", **options)
    dest.chmod(0o644)
    assert run("vpn_device_configuration", check=True, **options)["changed"]
    assert mode(dest) == 0o644
    assert run("vpn_device_configuration", **options)["changed"]
    assert mode(dest) == 0o600


@pytest.mark.usefixtures("connection")
def test_nobody_reads_the_text_before_it_is_closed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The modes of every file that ever holds the text, whatever the umask."""
    seen: list[int] = []
    replace = os.replace

    def watching(source: str, target: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
        seen.append(os.stat(source, dir_fd=src_dir_fd).st_mode & 0o7777)
        replace(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    monkeypatch.setattr(os, "replace", watching)
    before = os.umask(0)
    try:
        (tmp_path / "old.txt").write_text("world readable", encoding="utf-8")
        for name in ("new.txt", "old.txt"):
            run("vpn_device_configuration", name="berlin", dest=str(tmp_path / name), **STRONGSWAN)
            assert mode(tmp_path / name) == 0o600
    finally:
        os.umask(before)
    assert seen == [0o600, 0o600]


def test_no_key_leaves_the_module(run: Run, connection: dict[str, Any], tmp_path: Path, ec2: Any) -> None:
    options = {"vpn_connection_id": connection["id"], "dest": str(tmp_path / "text"), **STRONGSWAN}
    outputs = [run("vpn_device_configuration", check=check, **options) for check in (True, False, False)]
    (tmp_path / "text").write_text("something else", encoding="utf-8")
    outputs.append(run("vpn_device_configuration", **options))
    # With nowhere to write to, too.
    outputs.append(run("vpn_device_configuration", **{**options, "dest": "/proc/text"}))
    assert outputs[-1]["failed"]
    forbidden = [MARKER, *keys(ec2), "pre_shared_key", "remote_inside_address"]
    for each in outputs:
        assert not any(word in each["printed"] for word in forbidden)
    assert outputs[1]["diff"] == {"prepared": f"{tmp_path}/text: new (not shown)\n"}
    assert "diff" not in outputs[2]


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"name": "berlin", "dest": "{}/x"}, "one of the following is required: device_type_id, vendor"),
        ({"dest": "{}/x", **STRONGSWAN}, "one of the following is required: vpn_connection_id, name"),
        ({"name": "berlin", **STRONGSWAN}, "missing required arguments: dest"),
        ({"name": "berlin", "dest": "{}/x", "device_type_id": "1", "vendor": "a"}, "mutually exclusive"),
        ({"name": "berlin", "dest": "{}/x", "device_type_id": "00000000"}, "AWS has no such device type"),
        ({"name": "berlin", "dest": "{}/x", "vendor": "palo"}, "vendor=palo: several device types match"),
        ({"name": "berlin", "dest": "{}", **STRONGSWAN}, "this is a directory"),
        ({"name": "berlin", "dest": "{}/none/x", **STRONGSWAN}, "its directory does not exist"),
        ({"name": "madrid", "dest": "{}/x", **STRONGSWAN}, "no connection of this collection has that name"),
        (
            {"name": "berlin", "dest": "{}/x", **STRONGSWAN, "ike_version": "ikev1", "sample_type": "recommended"},
            "sample_type=recommended: AWS has it for ike_version=ikev2 only",
        ),
    ],
)
def test_refusals(run: Run, tmp_path: Path, options: dict[str, Any], word: str) -> None:
    given = {key: value.replace("{}", str(tmp_path)) for key, value in options.items()}
    for check in (True, False):
        result = run("vpn_device_configuration", check=check, **given)
        assert result["failed"]
        assert word in result["msg"]
    assert list(tmp_path.iterdir()) == []


def test_of_a_deleted_connection_there_is_none(run: Run, connection: dict[str, Any], tmp_path: Path, ec2: Any) -> None:
    ec2.delete_vpn_connection(VpnConnectionId=connection["id"])
    options = {"vpn_connection_id": connection["id"], "dest": str(tmp_path / "x"), **STRONGSWAN}
    result = run("vpn_device_configuration", **options)
    assert result["failed"]
    assert "is deleted" in result["msg"]
    assert list(tmp_path.iterdir()) == []


def test_a_binary_file_is_not_overwritten(run: Run, connection: dict[str, Any], tmp_path: Path) -> None:
    dest = tmp_path / "x"
    dest.write_bytes(b"\xff\xfe\x00")
    options = {"vpn_connection_id": connection["id"], "dest": str(dest), **STRONGSWAN}
    result = run("vpn_device_configuration", **options)
    assert result["failed"]
    assert "it exists and is no text" in result["msg"]
    assert dest.read_bytes() == b"\xff\xfe\x00"
