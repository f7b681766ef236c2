# make run: the default study. make test: every test that needs no cluster; they must take 95% of the library's lines
# and branches. Both set up .venv first, and only once.
# make test-cluster: the study through SLURM, for which root is needed, slurmctld, slurmd and munge.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
CLUSTER_BIN := .venv-slurm/bin
CLUSTER_STAMP := .venv-slurm/.installed

.PHONY: run test test-cluster lint validate clean

run: $(STAMP)
	@$(BIN)/losslaws unlock
	$(BIN)/snakemake
	@$(BIN)/losslaws answer

test: $(STAMP)
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered --cov-fail-under=95

test-cluster: $(CLUSTER_STAMP)
	$(CLUSTER_BIN)/python -m pytest tests/cluster

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

# A second environment that sees the packages of the first, so that the first stays without the SLURM plugin.
$(CLUSTER_STAMP): $(STAMP) envs/slurm.txt
	$(PYTHON) -m venv --without-pip .venv-slurm
	$(BIN)/python -c "import sysconfig; print(f'import site; site.addsitedir({sysconfig.get_path(\"purelib\")!r})')" \
		> "$$($(CLUSTER_BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")/first.pth"
	$(CLUSTER_BIN)/python -m pip install --no-deps --requirement envs/slurm.txt
	touch $@
