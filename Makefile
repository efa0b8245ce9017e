# Python >= 3.11 and make are all that is presumed. `make help` tells the rest.
PYTHON ?= python3
BIN    := .venv/bin
PIP    := $(BIN)/pip install --quiet --no-deps --require-hashes --disable-pip-version-check
LOCK   := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
          --no-annotate --no-header --no-emit-index-url --quiet

.PHONY: help install demo test check simulate histories soak bench fuzz audit synth client lock clean
.DEFAULT_GOAL := help

help: ## what one can do here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

.venv/runtime: shared/requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (make PYTHON=python3.12 ...)"; exit 1; }
	@echo "Installing what the demo needs into .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) -r shared/requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/everything: tests/requirements.txt .venv/runtime
	@echo "Installing what tests and the stack need ..."
	@$(PIP) -r tests/requirements.txt
	@touch $@

install: .venv/everything ## everything: .venv with .venv/bin/tasrih, test tools, wheels for Lambda
	@$(BIN)/python -m infra.wheels

demo: .venv/runtime ## the main job on an embedded local cloud, down to a printed receipt
	@$(BIN)/tasrih demo

test: install ## all tests, on up to four cores
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: .venv/everything ## style, types, contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

simulate: .venv/everything ## faults by the thousand: N=20000 schedules each way, every boundary, PAIRS=5000 pairs
	@$(BIN)/python -m tests.simulation --schedules $(or $(N),20000) --boundaries --pairs $(or $(PAIRS),5000)

histories: .venv/everything ## 100,000 random histories of payments and corrections: the ledger against a second account (N=, FIRST=)
	@$(BIN)/python -m tests.histories --histories $(or $(N),100000) --first $(or $(FIRST),0)

soak: .venv/everything ## 600 uploads a minute under faults, then the highest rate of the local cloud: ARGS="--only cloud --seconds 20"
	@$(BIN)/python -m tests.soak $(ARGS)

bench: .venv/everything ## figures: speed of reading and rules, storing, look-ups
	@$(BIN)/python -m tests.benchmarks

TARGET  ?= all
SECONDS ?= 60

fuzz: .venv/everything ## every reader under guided damage: TARGET=all SECONDS=60 for each
	@$(PIP) -r tests/fuzz/requirements.txt
	@$(BIN)/python -m tests.fuzz $(TARGET) $(SECONDS)

build/audit-venv/ready: tests/audit/requirements.txt
	@echo "Installing the scanners into an environment of their own ..."
	@$(PYTHON) -m venv --clear build/audit-venv
	@build/audit-venv/bin/pip install --quiet --no-deps --require-hashes --disable-pip-version-check -r $<
	@touch $@

audit: build/audit-venv/ready ## template, secrets and dependencies against reviewed lists (tests/audit)
	@build/audit-venv/bin/python -m tests.audit

synth: install ## the CloudFormation template and its assets, into build/cdk.out
	@$(BIN)/python -m infra.app

client: .venv/everything ## a Python client, generated from the OpenAPI document, into build/client
	@$(BIN)/python -m tests.client

lock: .venv/everything ## write the locked requirement files again
	@$(LOCK) pyproject.toml -o shared/requirements.txt
	@$(LOCK) pyproject.toml --extra infra --constraint shared/requirements.txt -o infra/requirements.txt
	@$(LOCK) pyproject.toml --extra infra --extra dev --constraint infra/requirements.txt -o tests/requirements.txt
	@$(LOCK) tests/audit/requirements.in -o tests/audit/requirements.txt

clean: ## remove everything that was built or installed here
	@rm -rf .venv build tasrih-demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
