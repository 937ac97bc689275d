# Two commands on a fresh machine: `make app` opens the map, `make test` passes the tests
# (`.venv/bin/pytest` alone runs the quick ones).
# Each makes .venv from constraints.txt first, and again only when that file has changed.

# The first Python of 3.11 to 3.13 that really runs; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
PORT ?= 8501
HOST ?= 127.0.0.1

.PHONY: app test lint format bench demonstration docs wheel offline lock clean

app: $(VENV)/app  ## the map on the demonstration district, made at first start
	$(BIN)/litong serve --host $(HOST) --port $(PORT)

test: $(VENV)/dev  ## every test that can run here; those of the browser need a machine of their own
	$(BIN)/python -m pytest -m "not browser"
	$(BIN)/python -m pytest -n 0 -m browser tests/browser

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev  ## ratios measured inside one run, see benchmarks/README.md
	for bench in benchmarks/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

demonstration: $(VENV)/app  ## the finished districts in data/demonstration, from their generator
	$(BIN)/python -m demonstration.finished

docs: $(VENV)/app  ## what is generated from the code
	$(BIN)/python -m jobs.dictionary docs/data-dictionary.md
	$(BIN)/python -m jobs.rule_list docs/rules.md
	$(BIN)/python -m answer_key.sentences docs/findings-wording.md
	$(BIN)/python -m answer_key.gap_table docs/gaps.md

wheel: $(VENV)/dev
	$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation \
		--wheel-dir dist .

# Another system: PLATFORM=win_amd64 PYTHON_FOR=3.12. What only Windows needs is named, for pip asks
# the conditions of a package of this machine.
PLATFORM ?=
PYTHON_FOR ?= 3.12
offline: wheel  ## everything that an office without internet installs from, in offline/
	rm -rf offline && mkdir -p offline/wheels
	$(BIN)/python -m pip --disable-pip-version-check download --quiet -c constraints.txt \
		--only-binary :all: --dest offline/wheels \
		$(if $(PLATFORM),--platform $(PLATFORM) --python-version $(PYTHON_FOR)) \
		$(if $(findstring win,$(PLATFORM)),colorama tzdata) dist/litong_gap_map-*.whl
	cp constraints.txt LICENSE deploy/open-map.cmd docs/deploy.md docs/deploy.zh.md offline/
	cp -r deploy offline/deploy

lock:  ## constraints.txt anew, from the oldest Python that we support
	rm -rf .lock && python3.11 -m venv .lock
	.lock/bin/python -m pip --disable-pip-version-check install --quiet hatchling ".[dev]"
	{ sed '/^[^#]/,$$d' constraints.txt; \
	  { .lock/bin/python -m pip freeze --exclude litong-gap-map; \
	    echo 'colorama==0.4.6 ; sys_platform == "win32"'; } | sort -f; } > .lock/constraints.txt
	mv .lock/constraints.txt constraints.txt && rm -rf .lock

clean:
	rm -rf $(VENV) .lock dist offline build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/made: constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; PYTHON=... names it"; exit 1; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(PIP) hatchling
	@touch $@

$(VENV)/app: $(VENV)/made
	$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/app
	$(PIP) --no-build-isolation --editable ".[dev]"
	@touch $@
