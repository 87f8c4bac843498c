# `make check` is what a developer runs before a commit and what CI runs after it.
# PYTHON is the interpreter to use; the default is a virtual environment that is made when missing.
PYTHON ?= .venv/bin/python

.PHONY: check lint test nightly format docs ready
check: lint test

lint: ready
	.ci/lint $(PYTHON)

test: ready
	$(PYTHON) -m pytest -n auto --dist worksteal

nightly: ready
	NETAUDIT_PACKETS=1000000 $(PYTHON) -m pytest -n auto --dist worksteal tests/simulator

format: ready
	$(PYTHON) -m ruff format
	$(PYTHON) -m ruff check --fix

docs: ready
	$(PYTHON) docs/generate.py

ifeq ($(PYTHON),.venv/bin/python)
ready: .venv/.ready
else
ready:
endif

.venv/.ready: pyproject.toml
	python3 -m venv .venv
	.venv/bin/python -m pip install --quiet --editable '.[dev]'
	touch $@
