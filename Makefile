# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Thin on purpose: each target is one script in tests/tools, and CI calls the same targets.

PYTHON ?= python3
PORT ?= 5055
export PYTHON

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help venv lock rehearsal rehearsal-down lab-up lab-down emulator test lint units docs docs-roles docs-options sanity cores \
	build import-check integration molecule bench house clean

help: ## say what each target does
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | column -t -s '|'

venv: ## .venv with everything a contributor needs (PYTHON=... chooses the interpreter)
	@tests/tools/venv.sh

lock: venv ## the versions and hashes of the packages in .venv, after a change of requirements-*.txt
	@tests/tools/lock.sh

rehearsal: venv ## the whole path without an account: lab up, site_vpn.yml, table of the tunnels
	@tests/tools/rehearsal.sh

rehearsal-down: lab-down ## remove the rehearsal

lab-up: venv ## only the lab, to run playbooks and molecule scenarios against
	@tests/tools/lab.sh present

lab-down: venv ## stop everything the lab started
	@tests/tools/lab.sh absent

emulator: venv ## the emulated EC2 API alone, in the foreground (PORT=5055)
	@PYTHONPATH=roles/lab/files exec .venv/bin/python -m vpn_emulator --port $(PORT)

test: venv ## everything CI runs, in this order: lint docs units sanity cores import-check integration molecule
	@tests/tools/test.sh

lint: venv ## ruff, mypy, yamllint, ansible-lint, shellcheck, reuse, changelog
	@tests/tools/lint.sh

docs: venv ## lint the documentation, validate the execution environment definition
	@tests/tools/docs.sh

docs-roles: venv ## write the option tables of the roles' READMEs from their argument_specs
	@.venv/bin/python tests/tools/role_tables.py --write

docs-options: venv ## write the documentation of the options and variables from their tables
	@.venv/bin/python tests/tools/option_docs.py --write
	@.venv/bin/python tests/tools/variable_docs.py --write

units: venv ## pytest (PYTEST_ARGS=... is passed on)
	@tests/tools/units.sh

sanity: venv ## ansible-test sanity
	@tests/tools/sanity.sh

cores: venv ## the plugins, vpn_sites and site_vpn.yml with each ansible-core of tests/cores/versions.txt
	@tests/tools/cores.sh

build: venv ## the tarball for a release, from the files that git tracks, in .cache/build
	@tests/tools/build.sh

import-check: venv ## build, install elsewhere, galaxy-importer
	@tests/tools/import_check.sh

integration: venv ## ansible-test integration against the emulated EC2 API (TARGET="..." runs some)
	@tests/tools/integration.sh

molecule: venv ## the scenarios in extensions/molecule, against the lab (SCENARIO="..." runs some, ALL=1 also what CI leaves out)
	@tests/tools/molecule.sh

bench: venv ## calls, CPU, time and memory for N sites, beside other collections (BENCH_N="5 20" BENCH_WHAT=playbook BENCH_JSON=path)
	@tests/tools/bench.sh

house: venv ## the packages of the code and who imports whom; fails on a circular import or a forbidden direction
	@.venv/bin/python tests/tools/house.py

clean: ## remove what the targets above built inside the checkout, but for .venv
	rm -rf .cache .ansible .mypy_cache .pytest_cache .ruff_cache .hypothesis
