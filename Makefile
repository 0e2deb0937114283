# Everything is made in this folder; nothing else on the machine is changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SWIFT := .swift-venv
INSTALL := pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes

.PHONY: help demo test lint benchmark messages lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: $(VENV)/.done $(SWIFT)/.done ## the whole job on sample data, step by step
	@$(BIN)/python -m tests.demo

test: $(VENV)/.done $(SWIFT)/.done lint ## set up and run all tests
	@$(BIN)/python -m pytest

lint: $(VENV)/.done ## style, types, and the arrows between the rooms
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > .import-linter.log || { cat .import-linter.log; exit 1; }

benchmark: $(VENV)/.done ## how fast lines are understood and deliveries checked
	@$(BIN)/python -m tests.benchmarks.lines
	@$(BIN)/python -m tests.benchmarks.preflight

messages: $(VENV)/.done ## collect all sentences for translation, and compile the translations
	@$(BIN)/python -m tests.messages

$(VENV)/.done: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once, about half a minute)…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/$(INSTALL) -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(SWIFT)/.done: tests/services/requirements-swift.lock
	@echo "Setting up $(SWIFT), the object store for demo and tests (once)…"
	@$(PYTHON) -m venv $(SWIFT)
	@$(SWIFT)/bin/$(INSTALL) -r $<
	@touch $@

lock: ## pin the newest versions that fit pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --extra dev --upgrade pyproject.toml -o requirements.lock

clean: ## remove what the other targets made
	rm -rf $(VENV) $(SWIFT) .demo .import-linter.log
