# make run: the default study. make test: every test. Both set up .venv first, and only once.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: run test lint validate clean

run: $(STAMP)
	@$(BIN)/losslaws unlock
	$(BIN)/snakemake
	@$(BIN)/losslaws answer

test: $(STAMP)
	$(BIN)/python -m pytest

validate: $(STAMP)
	$(BIN)/snakemake validate

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/mypy
	$(BIN)/snakemake --lint

clean:
	rm -rf results/*/ results/*.log

$(STAMP): envs/requirements.txt envs/constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --requirement envs/requirements.txt --constraint envs/constraints.txt
	$(BIN)/python -m pip install --no-deps --no-build-isolation --editable .
	touch $@
