# `make demo` and `make test` need Python >= 3.11 with venv, and nothing else.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && { echo $$p; break; }; done)
BIN := .venv/bin
# The homeserver that the tests of Matrix speak to.
SYNAPSE := matrix-synapse==1.163.2
# One more file of tests at a time than there are cores, since many wait for servers; the slow ones begin (tests/conftest.py).
SIDE_BY_SIDE = -n $(shell $(PYTHON) -c 'import os; print(min(4, os.cpu_count() + 1))') --dist loadfile --no-loadscope-reorder
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url

# How long `make soak` goes on, in minutes.
MINUTES ?= 2

# A program that starts a thousand times reads its modules compiled, as an installed one does.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test static check proof soak synapse telegram catalogues keys lock clean
demo: .venv/ready
	@$(BIN)/agentdesk demo

test: .venv/ready
	@$(BIN)/python -m pytest -q $(SIDE_BY_SIDE)

static: .venv/ready
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: static
	@$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) -m "not slow and not servers"

# What the tests sample, whole: two thousand schedules of bad weather, a disk that fails at every step, a death
# at every await. An hour or two.
proof: .venv/ready
	@AGENTDESK_PROOF=1 $(BIN)/python -m pytest -q $(SIDE_BY_SIDE) tests/engine/test_faults.py tests/engine/test_disk.py tests/engine/test_kill.py \
	  tests/engine/test_junk_kill.py tests/engine/test_restore.py tests/engine/test_relay.py tests/engine/test_year.py tests/engine/test_rules_kill.py \
	  tests/engine/test_rebuild.py tests/engine/test_circular.py tests/engine/test_export.py tests/store/test_search_endings.py \
	  tests/channels/test_contract.py tests/tui/test_working_day.py

# Eight chat services that misbehave, and one desk: half a minute in the tests, MINUTES here, a seed for each half.
soak: .venv/ready
	@AGENTDESK_SOAK=$(MINUTES) $(BIN)/python -m pytest -q tests/engine/test_soak.py

.venv/ready: pyproject.toml requirements.lock hatch_build.py $(wildcard src/agentdesk/locale/*/LC_MESSAGES/*.po)
	@test -n "$(PYTHON)" || { echo "agentdesk needs Python 3.11 or newer with venv (Debian: apt install python3-venv)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# AGPL, so nobody's dependency: an environment of its own, a process of its own, spoken to over HTTP alone (ADR 6).
synapse: .cache/synapse/ready

.cache/synapse/ready: tests/servers/synapse.lock
	@test -n "$(PYTHON)" || { echo "Synapse needs Python 3.11 or newer with venv" >&2; exit 1; }
	@test -x .cache/synapse/bin/python || $(PYTHON) -m venv .cache/synapse
	@.cache/synapse/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $<
	@touch $@

# Somebody else's idea of Telegram, for a second opinion on ours; needs node and npm. Its lock has hashes and no addresses.
telegram: .cache/telegram-test-api/ready

.cache/telegram-test-api/ready: tests/servers/telegram-test-api/package-lock.json
	@mkdir -p $(@D)
	@cp $(<D)/package.json $< $(@D)/
	@cd $(@D) && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

# Brings the message catalogues up to date with the code; fails while a translation is missing.
catalogues: .venv/ready
	@$(BIN)/python tools/catalogues.py

# Writes docs/keys.md from the table of actions.
keys: .venv/ready
	@$(BIN)/python tools/keys.py

# Versions and hashes, no addresses; run after changing dependencies.
lock:
	$(COMPILE) --extra relay --extra pictures --group dev pyproject.toml -o requirements.lock
	echo "$(SYNAPSE)" | $(COMPILE) - -o tests/servers/synapse.lock

clean:
	rm -rf .venv .cache .demo
