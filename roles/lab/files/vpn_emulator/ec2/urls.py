# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where moto routes requests of EC2."""

from __future__ import annotations

from moto.ec2.urls import url_bases

from .responses import Response

__all__ = ["url_bases", "url_paths"]

url_paths = {"{0}/": Response.dispatch}
