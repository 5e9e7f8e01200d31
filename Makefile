# make demo   the embedded model plays the three games: progress, tables, replay pages
# make test   lint, types, tests
# make docs   builds the site into docs/_build, without a network; a warning is an error
# Each sets up what it needs in .venv; PYTHON chooses the interpreter, VENV the place.

PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEMO_OUT ?= runs/demo

.PHONY: demo test lint types docs clean

$(INSTALLED): setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(INSTALLED)

demo: $(INSTALLED)
	OMP_NUM_THREADS=1 $(BIN)/automem reproduce --experiment demo --executor threads --workers 16 --model-arg copies=2 \
		--out $(DEMO_OUT)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

test: lint types
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile

docs: $(INSTALLED)
	rm -rf docs/api docs/_build
	OMP_NUM_THREADS=1 $(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build
	@echo "Open docs/_build/index.html in a browser."

clean:
	rm -rf $(VENV) build dist docs/api docs/_build *.egg-info
