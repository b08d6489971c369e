# Two commands are enough: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv/bin
# Test processes side by side, each on a database of its own.
JOBS ?= 2
export MUTUAL_HOME ?= $(CURDIR)/.mutual

.PHONY: help setup demo test check audit probe bench format messages docs clean

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

setup:  ## the environment in .venv/ (idempotent)
	@command -v $(PYTHON) >/dev/null || { echo "setup: $(PYTHON) is not installed. Get Python 3.11 or newer, or name yours: make PYTHON=python3.12 setup" >&2; exit 3; }
	@$(PYTHON) scripts/setup.py app

demo: setup  ## the demo programme on 127.0.0.1:$${PORT:-8000}
	@$(VENV)/mutual demo

dev:
	@$(PYTHON) scripts/setup.py dev

test: dev check  ## all checks and tests
	@$(VENV)/python scripts/browser.py
	@$(VENV)/python -m pytest -n $(JOBS)

check: dev  ## format, lint, types, imports, scripts
	@$(VENV)/ruff format --check mutual tests bench scripts
	@$(VENV)/ruff check mutual tests bench scripts
	@$(VENV)/mypy
	@$(VENV)/bandit --quiet --severity-level medium --recursive --configfile pyproject.toml mutual scripts 2>/dev/null
	@$(VENV)/lint-imports --no-logo
	@$(VENV)/python scripts/script_types.py
	@$(VENV)/python scripts/docs.py --check

format: dev  ## write the house's format
	@$(VENV)/ruff format mutual tests bench scripts
	@$(VENV)/ruff check --fix mutual tests bench scripts

audit: dev  ## known holes in the locked packages (asks the network)
	@$(VENV)/python scripts/audit.py

probe: dev  ## who sees what, whole
	@MUTUAL_PROBE=whole $(VENV)/python -m pytest tests/probes -q

bench: dev  ## ratios, measured side by side (WHOLE=1 for full sizes)
	@$(VENV)/python -m bench $(if $(WHOLE),--whole)

messages: dev  ## collect strings for translators
	@$(VENV)/python scripts/messages.py extract

docs: dev  ## write the generated reference pages
	@$(VENV)/python scripts/docs.py

clean:  ## forget the demo and test databases
	@$(VENV)/python -c "from mutual.base import embedded, home; embedded.stop(home.home())"
	@rm -rf .mutual
