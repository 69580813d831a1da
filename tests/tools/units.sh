#!/usr/bin/env bash
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
private_ansible_home

read -r -a extra <<<"${PYTEST_ARGS:-}"
pytest --numprocesses="${PYTEST_WORKERS:-auto}" "${extra[@]}"
