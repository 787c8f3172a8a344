# Everything from a bare machine with Python 3.11 or newer and make.
#   make run       set up, train on the sample data, forecast, say where the plot is
#   make test      set up, lint, types, tests

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SAMPLE := sample_data/airline-passengers.csv

.DEFAULT_GOAL := help
.PHONY: help install run test test-fast test-grid test-oldest test-newest lint format type bench bench-quick clean

help: ## show the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

# Bytecode is compiled here once, on all cores: importing TensorFlow takes three times as long
# without.
$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "forecast needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --no-compile --editable .
	-$(BIN)/python -m compileall -q -j 0 $(VENV)/lib forecast
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --no-compile --group dev
	-$(BIN)/python -m compileall -q -j 0 $(VENV)/lib
	@touch $@

install: $(VENV)/installed ## make .venv with the command and what it needs

run: $(VENV)/installed ## train on the sample data and forecast
	$(BIN)/forecast train $(SAMPLE)
	$(BIN)/forecast predict
	@echo "plot      output/latest/plots/forecast.png"

test: lint type ## lint, types, every test; the fast ones first
	$(BIN)/python -m pytest -m "not slow" --numprocesses 2
	$(BIN)/python -m pytest -m "slow and not grid" --numprocesses 2 --dist loadfile

test-fast: $(VENV)/installed-dev ## the tests that train nothing
	$(BIN)/python -m pytest -m "not slow"

test-grid: $(VENV)/installed-dev ## every body with every kind of data, exported: the rest of them
	$(BIN)/python -m pytest -m grid --numprocesses 2

# The lower bounds of pyproject.toml are promises; the rooms that pandas and NumPy can break
# are tested on the oldest versions that are promised.
test-oldest: ## data/ and prep/ on the oldest pandas and NumPy we promise
	$(PYTHON) -m venv $(VENV)-oldest
	$(VENV)-oldest/bin/python -m pip install --quiet "numpy==1.26.*" "pandas==2.2.*" \
		"scikit-learn==1.5.*" "pyarrow==16.*" charset-normalizer \
		holidays openpyxl pytest hypothesis
	$(VENV)-oldest/bin/python -m pytest -m "not slow" tests/data tests/prep

# statsforecast holds pandas below 3, so that the other tests never see it.
test-newest: ## data/ and prep/ on pandas 3
	$(PYTHON) -m venv $(VENV)-newest
	$(VENV)-newest/bin/python -m pip install --quiet "pandas>=3" scikit-learn pyarrow \
		charset-normalizer holidays openpyxl pytest pytest-xdist hypothesis
	$(VENV)-newest/bin/python -m pytest -m "not slow" --numprocesses 2 tests/data tests/prep

lint: $(VENV)/installed-dev ## ruff: format and rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(VENV)/installed-dev ## let ruff format and mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

type: $(VENV)/installed-dev ## mypy, strict
	$(BIN)/mypy

# AutoETS, AutoTheta and PyTorch, which the benchmark compares with, hold pandas back.
$(VENV)-bench/installed: tests/benchmarks/requirements.txt
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --requirement tests/benchmarks/requirements.txt
	@touch $@

# DATA=FOLDER with the competition sets adds accuracy; FLAGS go to python -m tests.benchmarks.
bench: $(VENV)/installed-dev $(VENV)-bench/installed ## speed; with DATA=FOLDER accuracy too, hours
	$(BIN)/python -m tests.benchmarks $(if $(DATA),--data "$(DATA)") $(FLAGS)

bench-quick: $(VENV)/installed-dev $(VENV)-bench/installed ## two minutes of that
	$(BIN)/python -m tests.benchmarks --quick $(if $(DATA),--data "$(DATA)") $(FLAGS)

clean: ## remove what the targets made, the venvs included
	rm -rf $(VENV) $(VENV)-oldest $(VENV)-newest $(VENV)-bench .bench_cache build dist output .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
