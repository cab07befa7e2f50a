# Two commands for people: `make lab` and `make test`. Everything happens inside .venv.
PYTHON ?= python3
VENV ?= .venv
dir ?= my-course
language ?= en
BIN := $(abspath $(VENV))/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# node and npm come as a wheel: the venv's own, so that none is needed on the machine
export PATH := $(BIN):$(PATH)

.PHONY: lab test test-full demo bench front lint types unit typescript contract build clean help

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

lab: $(VENV)/.installed  ## set up and open the course in JupyterLab
	@$(BIN)/synthlab lab $(dir) --language $(language)

demo: $(VENV)/.installed  ## grade a small class, some of it hostile, and write report.html
	@bash scripts/system-packages.sh bubblewrap
	@$(BIN)/synthlab demo

test: $(VENV)/.installed-dev  ## what must hold; prints seconds by suite and unit
	@bash scripts/system-packages.sh bubblewrap chromium
	@bash scripts/timed.sh lint $(MAKE) --no-print-directory lint
	@bash scripts/timed.sh types $(MAKE) --no-print-directory types
	@bash scripts/timed.sh front $(MAKE) --no-print-directory typescript
	@bash scripts/timed.sh tests $(MAKE) --no-print-directory unit marks='not full'

test-full: $(VENV)/.installed-dev  ## what `make test` leaves out: every theme, language, shell and seed
	@bash scripts/system-packages.sh bubblewrap chromium
	@bash scripts/timed.sh tests-full $(MAKE) --no-print-directory unit marks=full

lint: $(VENV)/.installed-dev  ## style of the Python and the TypeScript
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@npm --prefix widgets run --silent check

types: $(VENV)/.installed-dev  ## mypy --strict
	@$(BIN)/mypy

contract: $(VENV)/.installed-dev  ## the course contract: see `synthlab verify --help`
	@$(BIN)/synthlab verify

unit: $(VENV)/.installed-dev  ## all Python tests, the browser's included; two files at a time
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(if $(marks),-m '$(marks)')

typescript: $(VENV)/.installed-dev  ## the tests of the front end that need no browser
	@npm --prefix widgets run --silent test

bench: $(VENV)/.installed-dev  ## every benchmark; one alone: `python -m benchmarks NAME`
	@$(BIN)/python -m benchmarks all

front: $(VENV)/.installed-dev  ## rebuild the front end after editing TypeScript
	@npm --prefix widgets run --silent build
	@$(PIP) --no-deps --editable .

build: $(VENV)/.installed-dev  ## regenerate exercises/ from solutions/
	@$(BIN)/synthlab build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "synthlab needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing synthlab into $(VENV); torch and JupyterLab take a few minutes the first time."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing synthlab and what its tests need into $(VENV)."
	@$(PIP) --editable '.[dev]'
	@touch $(VENV)/.installed $@

clean:  ## remove what the targets made; your my-course/ stays
	rm -rf $(VENV) demo-class results widgets/node_modules widgets/synthlab_widgets/static widgets/synthlab_widgets/labextension
