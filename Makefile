# Everything a person or CI runs, by one name each. Only `install` needs the network.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/installed
CORE := tests/domain tests/test_opml.py
# Thousands of databases, each commit of which waits for the disk: in memory where there is room, the disk cannot stall.
IN_MEMORY := $(shell [ "$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 {print $$4}')" -gt 4000000 ] 2>/dev/null \
	&& echo PYTEST_DEBUG_TEMPROOT=/dev/shm)

.DEFAULT_GOAL := help
.PHONY: help install demo run test check lint lock fuzz clean

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP) ## make .venv from the pinned requirements; does nothing when it is up to date

$(STAMP): requirements/run.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Tocsin needs Python 3.11: name it, as in: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up .venv from the pinned requirements (needs the network, once) ..."
	@$(PYTHON) -m venv .venv
	@{ $(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt; \
		echo $$? >.venv/status; } | sed -nE 's/^Collecting ([^ =]+)==.*/  \1/p'; exit $$(cat .venv/status)
	@# The environment keeps setuptools from explaining at length what an editable install is.
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps \
		--no-build-isolation --editable .
	@$(BIN)/python -m bot.language
	@test -x $(BIN)/tocsin && touch $@
	@echo "Ready."

demo: install ## the bot at a local prompt, with invented outlets on loopback; no token, no network
	@$(BIN)/python -m bot demo

run: install ## serve Telegram and Discord, each if its token is set (in .env), else the local prompt
	@$(BIN)/python -m bot run

test: check ## the same as check

# Coverage more than doubles what a test takes: it is asked of the core's own tests, which are to cover all of it.
check: install lint ## every check that a change must pass
	@$(IN_MEMORY) $(BIN)/python -m pytest -n 4 --dist worksteal --cov --cov-report=term $(CORE)
	@$(IN_MEMORY) $(BIN)/python -m pytest -n 4 --dist worksteal $(CORE:%=--ignore=%)

lint: install
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lock: install ## pin what pyproject.toml asks for anew, by version and hash
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra dev pyproject.toml requirements/build.in -o requirements/dev.txt
	@$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate requirements/fuzz.in -o requirements/fuzz.txt

fuzz: install ## the feed reader against what a fuzzer makes up, for ten minutes (installs the fuzzer)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r requirements/fuzz.txt
	@$(BIN)/python benchmarks/fuzzing.py

clean: ## remove what was built
	@rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
