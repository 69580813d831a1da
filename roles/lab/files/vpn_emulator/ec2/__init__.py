# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EC2 side of the emulator: an extension of moto's ec2 service."""
