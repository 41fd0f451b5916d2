# Two commands on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: setup demo test lint bench lock docs browser

setup: .venv/.ready

.venv/.ready: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-test: .venv/.ready requirements-test.txt requirements-spark.txt
	@if command -v java >/dev/null 2>&1; then list=requirements-spark.txt; else list=requirements-test.txt; \
	  echo "Java is not on this machine: the tests on Spark are skipped."; fi; \
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $$list
	@touch $@

demo: setup
	@$(BIN)/everyunit demo $(ARGS)

browser:
	@sh tools/browser.sh

test: .venv/.ready-test browser lint
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

lint: .venv/.ready-test
	@$(BIN)/ruff check -q src tests bench tools
	@$(BIN)/ruff format -q --check src tests bench tools
	@$(BIN)/mypy --no-error-summary

bench: .venv/.ready-test
	@$(BIN)/python -m bench $(ARGS)

docs: setup
	@$(BIN)/python tools/docs.py

lock:
	@sh tools/lock.sh
