# make demo  set up, run the pipeline on the embedded sample and explain one user
# make test  set up, run the tests
# make gate  set up, run the pipeline on the embedded sample and compare its numbers with the committed ones
# make docs  set up, write the numbers in README and docs, and draw the pipeline; after `e2ep run`
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test check gate docs clean

demo: .venv/installed
	$(BIN)/dvc pull --quiet data.dvc
	$(BIN)/e2ep run
	$(BIN)/e2ep explain --user 42
	@echo "The report: $(CURDIR)/report.html"

test: .venv/installed-dev
	$(BIN)/dvc pull --quiet data.dvc
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=
	@echo "coverage: $$($(BIN)/coverage report --format=total) %; by file: $(BIN)/coverage report"

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gate: .venv/installed
	$(BIN)/dvc pull --quiet data.dvc
	$(BIN)/e2ep run
	$(BIN)/e2ep gate

docs: .venv/installed
	$(BIN)/python -m tools.docs

clean:
	rm -rf .venv artifacts report.html

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) install -e . -c constraints.txt
	touch $@

.venv/installed-dev: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) install -e ".[dev]" -c constraints.txt
	touch $@ .venv/installed
