# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends the packets of standard input, a list of [source, destination, protocol, port], with forged sources."""

from __future__ import annotations

import json
import socket
import struct
import sys

# <linux/in6.h>; Python does not know it.
IPV6_HDRINCL = 36
UDP = socket.IPPROTO_UDP


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def payload(source: bytes, target: bytes, protocol: int, port: int) -> bytes:
    """A UDP datagram, or for another protocol 16 bytes."""
    if protocol != UDP:
        return struct.pack("!4I", port, 1, 0, 0)
    body = b"test"
    pseudo = source + target + struct.pack("!HH", UDP, 8 + len(body))
    total = checksum(pseudo + struct.pack("!4H", 40000, port, 8 + len(body), 0) + body)
    return struct.pack("!4H", 40000, port, 8 + len(body), total) + body


def send_forged(source: str, target: str, protocol: int, port: int) -> None:
    is_ipv6 = ":" in target
    family = socket.AF_INET6 if is_ipv6 else socket.AF_INET
    ends = [socket.inet_pton(family, address) for address in (source, target)]
    body = payload(ends[0], ends[1], protocol, port)
    if is_ipv6:
        head = struct.pack("!IHBB", 6 << 28, len(body), protocol, 64)
    else:
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, 64, protocol, 0)
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as opened:
        if is_ipv6:
            opened.setsockopt(socket.IPPROTO_IPV6, IPV6_HDRINCL, 1)
        opened.sendto(head + b"".join(ends) + body, (target, 0))


def send_own(target: str, port: int) -> None:
    """As any program does: the kernel chooses the source, or has no route."""
    with socket.socket(socket.AF_INET6 if ":" in target else socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.sendto(b"test", (target, port))


for source, target, protocol, port in json.load(sys.stdin):
    try:
        if source:
            send_forged(source, target, protocol, port)
        else:
            send_own(target, port)
    except OSError as error:
        # No route is what a guard is for.
        print(f"{source} -> {target}: {error}")
