.DEFAULT_GOAL := help
.PHONY: help setup run report test bench lab clean lock

# An environment made from environment.yml has the command already, and is used as it is.
ifneq ($(and $(CONDA_PREFIX),$(wildcard $(CONDA_PREFIX)/bin/sahel)),)
BIN := $(CONDA_PREFIX)/bin
READY :=
else
BIN := .venv/bin
READY := .venv/.ready
endif

help: ## print this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## install everything into .venv (or use the active conda environment)

.venv/.ready: requirements.lock pyproject.toml src/bootstrap.py
	@python3 src/bootstrap.py

run: $(READY) ## run all notebooks; ARGS="-p start=2019-01" passes parameters
	@$(BIN)/sahel run $(ARGS)

report: $(READY) ## run all notebooks and write the report; ARGS as for run
	@$(BIN)/sahel report $(ARGS)

test: $(READY) ## check tables, code, notebooks and results
	@$(BIN)/python -m pytest tests notebooks --nbval -n 2 --dist loadfile -q --tb=short

ROWS ?= 3000000
RUNS ?= 12 200
SCALE ?= 10 100 1000

bench: $(READY) ## measure specifications, a large event file and many runs; ROWS=, RUNS="12" and SCALE="10" set sizes
	@$(BIN)/python benchmarks/specifications.py
	@$(BIN)/python benchmarks/large_file.py --rows $(ROWS)
	@$(BIN)/python benchmarks/runs.py --runs $(RUNS) --scale $(SCALE) $(addprefix --papermill-runs ,$(PAPERMILL_RUNS))

lab: $(READY) ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

clean: ## remove runs, reports and the environment
	@rm -rf .venv runs reports dist .pytest_cache .ruff_cache .hypothesis

lock: $(READY) ## resolve the dependencies anew and write requirements.lock and environment.yml
	@$(BIN)/python src/lock.py
