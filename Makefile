# Two commands set everything up: `make demo` and `make test`. Each makes what it needs.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OUT ?= demo

.PHONY: help install demo replicate test lint types bench models clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

install: $(STAMP)  ## make .venv and install textmine with its exact dependencies

$(STAMP): pyproject.toml constraints.txt
	@echo "== 1. Making the environment $(VENV) with $(PYTHON)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "== 2. Installing textmine and what it needs (some minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable ".[dev]"
	@touch $(STAMP)

demo: $(STAMP)  ## code the shipped example and write its report into demo/
	@echo "== 3. Coding the shipped example, corpora/example/svar-2021.xlsx"
	@$(BIN)/textmine code corpora/example/svar-2021.xlsx --out $(OUT) || test $$? -eq 1
	@echo "== 4. Writing the report"
	@$(BIN)/textmine report $(OUT)
	@echo "== Done. Open the report: $(OUT)/report.html (also report.docx, report.xlsx)"
	@echo "== Every statement with its codes: $(OUT)/coding.xlsx"
	@echo "== Review what the machine doubts: $(BIN)/textmine review $(OUT)"

replicate: $(STAMP)  ## the counts of 2020 from raw answers, beside the published ones (two minutes)
	@echo "== 3. Reading, splitting, coding, counting, reviewing from hand codes"
	@$(BIN)/python corpora/reconstruction/replicate.py --out replicate --page docs/replication.md
	@echo "== Done. The table: docs/replication.md; the report: replicate/report.html"

test: $(STAMP)  ## lint, check types and run the tests
	@echo "== 3. Style and types"
	@$(MAKE) --no-print-directory lint types
	@echo "== 4. Tests"
	@# A thread each: they share the cores.
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --quiet --nbmake --nbmake-timeout=900 tests notebooks

lint: $(STAMP)  ## ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP)  ## mypy
	@$(BIN)/mypy

bench: $(STAMP)  ## speed and accuracy, beside the obvious way of doing it
	@$(BIN)/python benchmarks/throughput.py

models: $(STAMP)  ## train the shipped models anew (no network; an hour and a half, 2.5 GB of memory)
	@echo "== Training models/utsagor, empatikarta, teman, psykisk-halsa"
	@$(BIN)/python models/build_utsagor.py
	@$(BIN)/python models/build_empatikarta.py
	@$(BIN)/python models/build_teman.py
	@$(BIN)/python models/build_psykisk_halsa.py

clean:  ## remove the environment and the demo
	@rm -rf $(VENV) $(OUT) replicate
