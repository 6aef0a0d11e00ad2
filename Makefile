# `make` prints this list. Everything here runs without a network once `make setup` has run.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up-$(shell cksum < pyproject.toml | cut -d ' ' -f 1)

.DEFAULT_GOAL := help
.PHONY: help setup check lint test slow docs site bench calibrate origin closed-forms claims ci

help:  ## print this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(STAMP)  ## make .venv with everything for development (make setup PYTHON=python3.12)

$(STAMP):
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	rm -f $(VENV)/.set-up-*
	touch $@

lint: setup  ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

check: lint  ## everything to run before a push: lint, then the quick tests but for those of tests/long.txt
	$(BIN)/python -m pytest -m 'not slow and not long'

test: setup  ## the quick tests, those of tests/long.txt too
	$(BIN)/python -m pytest

slow: setup  ## the slow tests, then the statistical self-tests in full (see calibrate)
	$(BIN)/python -m pytest -m slow
	$(MAKE) calibrate

docs: setup  ## check that the documents say what the code does
	$(BIN)/python -m pytest tests/docs

site: setup  ## build the documentation site into build/site, strictly, without a network
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: setup  ## measure against peers and write docs/benchmarks.md, -lab, -ledger, -gates, -judges, -watermarks, -metrics, parity.md
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m bench.profile --write
	$(BIN)/python -m bench.lab --write
	$(BIN)/python -m bench.ledger --write
	$(BIN)/python -m bench.duplicates --write
	$(BIN)/python -m bench.judges --write
	$(BIN)/python -m bench.watermarks --write
	$(BIN)/python -m bench.guards --write
	$(BIN)/python -m bench.guards_overhead --write
	$(BIN)/python -m bench.rag --write
	$(BIN)/python -m bench.parity --write
	$(BIN)/python -m bench.peers --write
	$(BIN)/python -m bench.peers.audit --write

calibrate: export OMP_NUM_THREADS = 1
calibrate: setup  ## measure error rates and write docs/calibration.md, sanity.md and diagnosis.md (two hours on two cores)
	$(BIN)/python -m bench.calibration --write
	$(BIN)/python -m bench.selftests --write
	$(BIN)/python -m bench.lineages --write
	$(BIN)/python -m bench.sanity --write
	$(BIN)/python -m bench.diagnosis --write

origin: export OMP_NUM_THREADS = 1
origin: export OPENBLAS_NUM_THREADS = 1
origin: setup  ## measure estimates of origin at known shares, write docs/benchmarks-origin.md (ten minutes; needs ../shared/data)
	$(BIN)/python -m bench.origin --write

closed-forms: export OMP_NUM_THREADS = 1
closed-forms: setup  ## hold every closed form against simulation, write docs/closed-forms.md (five minutes)
	$(BIN)/longtail lab verify --out docs/closed-forms.md

claims: export OMP_NUM_THREADS = 1
claims: setup  ## run all experiments and scenarios in full, write the register of claims (ten minutes; needs .[torch])
	$(BIN)/longtail lab claims --run full --out src/longtail/lab/claims.json

ci:  ## what continuous integration runs, in a fresh clone
	.ci/run
