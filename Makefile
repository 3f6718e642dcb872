# Everything a new machine needs: Python 3.11 or newer, git and make. `make help` lists what there is.

VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
SEEDS ?= 20
PYTHON ?= $(shell for p in python3.12 python3.13 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# Pythons whose pins differ from those of 3.11 (Mesa's among them), found by name or where pyenv keeps them.
OTHER_PYTHONS ?= $(shell for p in python3.12 python3.13 $(HOME)/.pyenv/versions/3.1[23].*/bin/python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$p; done)
INSTALL := -m pip install --quiet --disable-pip-version-check
PINNED := $(INSTALL) --require-hashes --requirement
OURSELVES := $(INSTALL) --no-deps --no-build-isolation --editable .
NEWEST_VENV := .venv-newest
COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow fuzz hunt lint check check-pythons check-newest pins format bench replicate figures docs site clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

setup: $(VENV)/.ready  ## make .venv with segsim and all it needs

demo: $(VENV)/.ready  ## compare the mixed-tenure policy with Södertälje as it is; ends with the report's path
	@$(BIN)/segsim compare scenarios/mixed_tenure.yaml --seeds $(SEEDS)

test: $(VENV)/.ready-dev  ## run the tests
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

test-slow: $(VENV)/.ready-dev  ## run the tests that take minutes: Stockholm and Göteborg in full
	@$(BIN)/python -m pytest -m slow

fuzz: $(VENV)/.ready-dev  ## spoil 10 000 scenarios, experiments, claims, tables and maps, and say how they were answered
	@$(BIN)/python -m tests.fuzzing 10000

hunt: $(VENV)/.ready-dev  ## try 2 000 new examples on every property, where the tests try the same ones every time
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --hypothesis-profile hunt -m "hypothesis and not slow"

lint: $(VENV)/.ready-dev  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test  ## lint, format, types and tests, as before every push

check-pythons:  ## the tests of the city on one other Python of this machine, with its own pins (its Mesa is newer)
	@if [ -z "$(OTHER_PYTHONS)" ]; then \
		echo "No other Python tested: no Python 3.12 or newer here; name one: make $@ OTHER_PYTHONS=/path/to/python"; \
	else \
		set -e; other=$(lastword $(OTHER_PYTHONS)); folder=.venv-$$($$other -c 'import sys; print(*sys.version_info[:2], sep=".")'); \
		$(MAKE) --no-print-directory VENV=$$folder PYTHON=$$other $$folder/.ready-dev; \
		$$folder/bin/python -c 'import mesa, sys; print("Mesa", mesa.__version__, "on Python", sys.version.split()[0])'; \
		$$folder/bin/python -m pytest -p no:cacheprovider tests/test_city.py; \
	fi

check-newest:  ## the tests with the newest version of everything, on the newest Python of this machine
	@set -e; newest="$(or $(lastword $(OTHER_PYTHONS)),$(PYTHON))"; test -d $(NEWEST_VENV) || $$newest -m venv $(NEWEST_VENV); \
	$(NEWEST_VENV)/bin/python $(INSTALL) --upgrade --upgrade-strategy eager --editable ".[dev]"; \
	$(NEWEST_VENV)/bin/python -m pip list --outdated; \
	$(NEWEST_VENV)/bin/python -m pytest -p no:cacheprovider

pins: $(VENV)/.ready-dev  ## choose the newest versions anew and pin them, for every Python and system
	@$(BIN)/python $(INSTALL) uv
	$(BIN)/python -m uv pip compile $(COMPILE) pyproject.toml requirements/build.in --extra dev --output-file requirements/dev.txt
	$(BIN)/python -m uv pip compile $(COMPILE) pyproject.toml requirements/build.in --constraint requirements/dev.txt --output-file requirements/run.txt
	$(BIN)/python -m uv pip compile $(COMPILE) pyproject.toml requirements/build.in --extra docs --constraint requirements/run.txt --output-file requirements/docs.txt

bench: $(VENV)/.ready-dev  ## measure speed, as ratios within one run; wants an idle machine
	@for benchmark in experiments/benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python $$benchmark || exit 1; done

replicate: $(VENV)/.ready  ## run the published models that segsim replicates, beside what their papers say
	@$(BIN)/python -m experiments.replications

figures: $(VENV)/.ready-dev  ## make the pictures of the README anew, in docs/pictures
	@$(BIN)/python experiments/pictures.py
	@$(BIN)/python experiments/classroom_picture.py

docs:  ## build the documentation site, with every notebook run and every link checked; ends with its path
	@$(MAKE) --no-print-directory VENV=.venv-docs site

site: $(VENV)/.ready-docs
	@$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --jobs auto --conf-dir docs/site --doctree-dir build/doctrees . build/site
	@$(BIN)/python -m docs.site.check build/site
	@echo "$(CURDIR)/build/site/index.html"

format: $(VENV)/.ready-dev  ## put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove .venv, caches and builds (results stay)
	rm -rf .venv .venv-* build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "segsim needs Python 3.11 or newer with venv; name one: make setup PYTHON=/path/to/python"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.ready: pyproject.toml requirements/run.txt | $(VENV)/.made
	@echo "Installing segsim and what it needs, in the versions it was tested with (a minute or two)"
	@$(BIN)/python $(PINNED) requirements/run.txt
	@$(BIN)/python $(OURSELVES)
	@touch $@

$(VENV)/.ready-dev: requirements/dev.txt $(VENV)/.ready
	@echo "Installing what the tests need"
	@$(BIN)/python $(PINNED) requirements/dev.txt
	@touch $@

$(VENV)/.ready-docs: requirements/docs.txt $(VENV)/.ready
	@echo "Installing what the documentation needs"
	@$(BIN)/python $(PINNED) requirements/docs.txt
	@touch $@
