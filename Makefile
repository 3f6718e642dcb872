# Everything a new machine needs: Python 3.11 or newer, git and make. `make help` lists what there is.

VENV := .venv
BIN := $(VENV)/bin
SEEDS ?= 20
PYTHON ?= $(shell for p in python3.12 python3.13 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format bench replicate figures clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

setup: $(VENV)/.ready  ## make .venv with segsim and all it needs

demo: $(VENV)/.ready  ## compare the mixed-tenure policy with Södertälje as it is; ends with the report's path
	@$(BIN)/segsim compare scenarios/mixed_tenure.yaml --seeds $(SEEDS)

test: $(VENV)/.ready-dev  ## run the tests
	@$(BIN)/python -m pytest

check: $(VENV)/.ready-dev  ## lint, format, types and tests, as before every push
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: $(VENV)/.ready-dev  ## measure speed, as ratios within one run; wants an idle machine
	@for benchmark in experiments/benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python $$benchmark || exit 1; done

replicate: $(VENV)/.ready  ## run the published models that segsim replicates, beside what their papers say
	@$(BIN)/python -m experiments.replications

figures: $(VENV)/.ready  ## make the pictures of the README anew, in docs/pictures
	@$(BIN)/python experiments/pictures.py

format: $(VENV)/.ready-dev  ## put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove .venv, caches and builds (results stay)
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "segsim needs Python 3.11 or newer with venv; name one: make setup PYTHON=/path/to/python"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml | $(BIN)/python
	@echo "Installing segsim and what it needs (a minute or two)"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml | $(VENV)/.ready
	@echo "Installing what the tests need"
	@$(PIP) --editable ".[dev]"
	@touch $@
