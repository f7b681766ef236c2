# make run: the default study. make check: linters and fast unit tests, within a minute. make test: every test that needs
# no cluster; they must take 95% of the library's lines and branches. All set up .venv first, and only once.
# make test-cluster: the study through SLURM, for which root is needed, slurmctld, slurmd and munge.
# make docs: these pages as a site, in site/; its environment is .venv-docs.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
CLUSTER_BIN := .venv-slurm/bin
CLUSTER_STAMP := .venv-slurm/.installed
DOCS_BIN := .venv-docs/bin
DOCS_STAMP := .venv-docs/.installed
# On all cores, a file at a time, because tests of a file share what they set up.
IN_PARALLEL := --numprocesses=auto --dist=loadfile

.PHONY: run check test test-cluster lint style reference docs validate clean

run: $(STAMP)
	@$(BIN)/losslaws unlock
	$(BIN)/snakemake
	@$(BIN)/losslaws answer

check: style
	$(BIN)/python -m pytest tests/unit -m "not slow" $(IN_PARALLEL)

# Tests of the workflow run one by one: each starts jobs on two cores itself.
test: $(STAMP)
	$(BIN)/python -m pytest tests/unit $(IN_PARALLEL) --cov --cov-report=
	$(BIN)/python -m pytest -m workflow --cov --cov-append --cov-report=term-missing:skip-covered --cov-fail-under=95

test-cluster: $(CLUSTER_STAMP)
	$(CLUSTER_BIN)/python -m pytest tests/cluster

validate: $(STAMP)
	$(BIN)/snakemake validate

style: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check workflow
	$(BIN)/mypy
	$(BIN)/lint-imports

lint: style
	$(BIN)/snakemake --lint

# The reference of the configuration, for people and for editors, from the records of settings.
reference: $(STAMP)
	$(BIN)/python -m losslaws.config.reference

docs: $(DOCS_STAMP)
	$(DOCS_BIN)/mkdocs build --strict

clean:
	rm -rf results/*/ results/*.log

$(STAMP): envs/requirements.txt envs/constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --requirement envs/requirements.txt --constraint envs/constraints.txt
	$(BIN)/python -m pip install --no-deps --no-build-isolation --editable .
	touch $@

# The site is made from the text of the library, which is not imported.
$(DOCS_STAMP): envs/docs.txt envs/docs-constraints.txt
	$(PYTHON) -m venv .venv-docs
	$(DOCS_BIN)/python -m pip install --requirement envs/docs.txt --constraint envs/docs-constraints.txt
	touch $@

# A second environment that sees the packages of the first, so that the first stays without the SLURM plugin.
$(CLUSTER_STAMP): $(STAMP) envs/slurm.txt
	$(PYTHON) -m venv --without-pip .venv-slurm
	$(BIN)/python -c "import sysconfig; print(f'import site; site.addsitedir({sysconfig.get_path(\"purelib\")!r})')" \
		> "$$($(CLUSTER_BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")/first.pth"
	$(CLUSTER_BIN)/python -m pip install --no-deps --requirement envs/slurm.txt
	touch $@
