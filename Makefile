# Everything is made in this folder; nothing else on the machine is changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SWIFT := .swift-venv
MINISTACK := .ministack-venv
VERSITYGW := .versitygw
# All cores at once, where pip takes one; else every command that a test runs compiles for a second.
COMPILE := $(BIN)/python -m compileall -q -j 0
INSTALL := pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes

.PHONY: help demo test test-ceph table lint benchmark bench bench-audit bench-plan bench-ledger bench-reports torture messages lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: $(VENV)/.done $(SWIFT)/.done ## the whole job on sample data, step by step
	@$(BIN)/python -m tests.demo

test: servers lint ## set up and run all tests
	@$(COMPILE) packages flows tests
	@$(BIN)/python -m pytest

test-ceph: servers ## all that is tried on several stores, on Ceph (where it is installed)
	@command -v ceph > /dev/null || { echo "Ceph is not installed. As root: apt-get install \
	  --no-install-recommends ceph-mon ceph-osd radosgw"; exit 1; }
	@$(BIN)/python -m pytest -n0 --ceph -k ceph

table: servers ## what each store can and cannot prove, measured
	@$(BIN)/python -m tests.stores.table

.PHONY: servers
servers: $(VENV)/.done $(SWIFT)/.done $(MINISTACK)/.done $(VERSITYGW)/.done

lint: $(VENV)/.done ## style, types, and the arrows between the rooms
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > .import-linter.log || { cat .import-linter.log; exit 1; }

benchmark: $(VENV)/.done ## how fast lines are understood and deliveries checked
	@$(BIN)/python -m tests.benchmarks.lines
	@$(BIN)/python -m tests.benchmarks.preflight

bench: $(VENV)/.done $(VERSITYGW)/.done ## how fast documents are stored, beside today's tools and the limit: SCALE=0.1
	@$(BIN)/python -m tests.benchmarks.push --scale $(or $(SCALE),1)

bench-audit: $(VENV)/.done $(VERSITYGW)/.done ## how fast an audit reads, beside raw hashing: SCALE=0.1
	@$(BIN)/python -m tests.benchmarks.audit --scale $(or $(SCALE),1)
bench-reports: $(VENV)/.done ## how fast an archive's reports are made, and in how much memory: COPIES=100000
	@$(BIN)/python -m tests.benchmarks.reports $(if $(COPIES),--copies $(COPIES))
bench-plan: $(VENV)/.done ## how fast an audit of very many copies is planned: COPIES=10000000
	@$(BIN)/python -m tests.benchmarks.planning $(if $(COPIES),--postgres $(COPIES))

bench-ledger: $(VENV)/.done ## what a long ledger costs each run, and to verify: EVENTS=1000000
	@$(BIN)/python -m tests.benchmarks.ledger $(if $(EVENTS),--events $(EVENTS))

torture: servers ## ingest under kill -9 of itself and of a store, again and again: ROUNDS=50 SEED=1
	@$(BIN)/python -m tests.torture --rounds $(or $(ROUNDS),50) $(if $(SEED),--seed $(SEED))

messages: $(VENV)/.done ## collect all sentences for translation, and compile the translations
	@$(BIN)/python -m tests.messages

$(VENV)/.done: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once, about half a minute)…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/$(INSTALL) -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(COMPILE) $(VENV)/lib > /dev/null 2>&1 || true
	@touch $@

$(SWIFT)/.done: tests/services/requirements-swift.lock
	@echo "Setting up $(SWIFT), the object store for demo and tests (once)…"
	@$(PYTHON) -m venv $(SWIFT)
	@$(SWIFT)/bin/$(INSTALL) -r $<
	@$(COMPILE) $(SWIFT)/lib > /dev/null 2>&1 || true
	@touch $@

$(MINISTACK)/.done: tests/services/requirements-ministack.lock
	@echo "Setting up $(MINISTACK), an object store for tests (once)…"
	@$(PYTHON) -m venv $(MINISTACK)
	@$(MINISTACK)/bin/$(INSTALL) -r $<
	@$(COMPILE) $(MINISTACK)/lib > /dev/null 2>&1 || true
	@touch $@

# Nobody needs Go for wiazka: where there is none that is new enough, these tests are skipped.
$(VERSITYGW)/.done: tests/services/versitygw/go.mod tests/services/versitygw/go.sum
	@echo "Building $(VERSITYGW), an object store for tests (once, some minutes)…"
	@for go in go /usr/local/go/bin/go; do \
	  (cd $(<D) && $$go build -buildvcs=false -o ../../../$(VERSITYGW)/versitygw \
	    github.com/versity/versitygw/cmd/versitygw) > .versitygw.log 2>&1 && touch $@ && exit; \
	done; echo "It takes Go 1.25 or newer (see .versitygw.log); tests that need it are skipped."

lock: ## pin the newest versions that fit pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --extra dev --upgrade pyproject.toml -o requirements.lock

clean: ## remove what the other targets made
	rm -rf $(VENV) $(SWIFT) $(MINISTACK) $(VERSITYGW) .versitygw.log .demo .import-linter.log
