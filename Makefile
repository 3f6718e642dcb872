# Everything a new machine needs: Python 3.11 or newer, git and make. `make help` lists what there is.

VENV := .venv
BIN := $(VENV)/bin
SEEDS ?= 20
PYTHON ?= $(shell for p in python3.12 python3.13 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
QUIETLY := install --quiet --disable-pip-version-check
PIP := $(BIN)/python -m pip $(QUIETLY)
MESA_VENV := .venv-mesa
MESA_PYTHON ?= $(shell for p in python3.13 python3.12 $(HOME)/.pyenv/versions/3.1[23]*/bin/python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check check-newest-mesa format bench replicate figures clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

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

check-newest-mesa:  ## test the city with the newest Mesa, which wants Python 3.12 or 3.13
	@if [ -z "$(MESA_PYTHON)" ]; then \
		echo "Newest Mesa not tested: no Python 3.12 or 3.13 here; name one: make $@ MESA_PYTHON=/path/to/python"; \
	else \
		set -e; test -x $(MESA_VENV)/bin/python || "$(MESA_PYTHON)" -m venv $(MESA_VENV); \
		$(MESA_VENV)/bin/python -m pip $(QUIETLY) --editable . pytest hypothesis; \
		$(MESA_VENV)/bin/python -m pip $(QUIETLY) --upgrade mesa; \
		$(MESA_VENV)/bin/python -c 'import mesa, sys; print("Mesa", mesa.__version__, "on Python", sys.version.split()[0])'; \
		$(MESA_VENV)/bin/python -m pytest -p no:cacheprovider tests/test_city.py; \
	fi

bench: $(VENV)/.ready-dev  ## measure speed, as ratios within one run; wants an idle machine
	@for benchmark in experiments/benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python $$benchmark || exit 1; done

replicate: $(VENV)/.ready  ## run the published models that segsim replicates, beside what their papers say
	@$(BIN)/python -m experiments.replications

figures: $(VENV)/.ready-dev  ## make the pictures of the README anew, in docs/pictures
	@$(BIN)/python experiments/pictures.py
	@$(BIN)/python experiments/classroom_picture.py

format: $(VENV)/.ready-dev  ## put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove .venv, caches and builds (results stay)
	rm -rf $(VENV) $(MESA_VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
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
