# make demo  set up, run the pipeline on the embedded sample and explain one user
# make test  set up, run the tests
# make gate  set up, run the pipeline on the embedded sample and compare its numbers with the committed ones
# make docs  set up, write the numbers in README and docs, and draw the pipeline; after `e2ep run`
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check gate docs clean installed installed-serve installed-dev

demo: installed-serve
	@$(BIN)/e2ep run
	@$(BIN)/e2ep explain --user 42
	@echo "The report: $(CURDIR)/report.html"
	@echo "A page to try it on: $(BIN)/e2ep serve, then open http://127.0.0.1:8765/"

test: installed-dev
	$(BIN)/python -m e2ep_cli.project.ready
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=
	@echo "coverage: $$($(BIN)/coverage report --format=total) %; by file: $(BIN)/coverage report"

check: installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gate: installed
	$(BIN)/e2ep run
	$(BIN)/e2ep gate

docs: installed-serve
	$(BIN)/python -m tools.docs

clean:
	rm -rf .venv artifacts report.html

installed:
	@PYTHON="$(PYTHON)" sh tools/install.sh

installed-serve:
	@PYTHON="$(PYTHON)" sh tools/install.sh serve

installed-dev:
	@PYTHON="$(PYTHON)" sh tools/install.sh dev
