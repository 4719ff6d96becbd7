# Teduh's commands. `make run` and `make test` need only Python 3.11+ and a network for the packages.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
DEMO := TEDUH_MODE=demo TEDUH_HTTPS=false
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: help setup run serve test check bench messages lock clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /	/' | expand -t 12

$(VENV)/.ready: requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.ready messages ## make .venv and install from the lock

messages: $(VENV)/.ready ## compile the message catalogues
	@$(PY) -m teduh.kernel.catalogues

run: setup ## the demo school on one address
	@$(DEMO) $(MANAGE) start_demo --host $(HOST) --port $(PORT)

serve: setup ## a real school on one address (reads .env)
	@$(MANAGE) migrate --noinput
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(MANAGE) serve --host $(HOST) --port $(PORT)

test: setup ## every test that can run here, on SQLite and on PostgreSQL
	@$(PY) -m tests.run

check: setup ## linters, types, contracts, dependencies
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy teduh tests bench conftest.py
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint --lint --quiet teduh
	$(VENV)/bin/deptry .
	TEDUH_MODE=test TEDUH_DATA_DIR=$$(mktemp -d) $(MANAGE) makemigrations --check --dry-run

bench: setup ## every benchmark, with its limit from the same run
	@$(PY) -m bench

lock: $(VENV)/.ready ## resolve the dependencies anew
	$(VENV)/bin/pip install --quiet uv
	$(VENV)/bin/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --universal --python-version 3.11 --upgrade --quiet -o requirements.lock
	$(VENV)/bin/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --universal --python-version 3.11 --upgrade --quiet -c requirements.lock -o requirements-dev.lock

clean: ## remove what is made (never the data folder)
	rm -rf $(VENV) staticfiles .mypy_cache .ruff_cache .pytest_cache build
