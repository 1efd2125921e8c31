# 律证. `make help` lists what can be asked for.
# Settings are environment variables (docs/settings.md): `make run PORT=8001`.

SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
PYTHON := $(VENV)/bin/python
SYSTEM_PYTHON ?= python3

# A machine without Node 20 gets one from a wheel, inside .venv.
NODE_WHEEL := $(shell command -v npm >/dev/null 2>&1 && \
  node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' >/dev/null 2>&1 \
  || echo node)
ifeq ($(NODE_WHEEL),node)
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
NODE_STAMP := $(VENV)/.installed-node
endif

WEB_SOURCES := package.json package-lock.json \
  $(shell find miniprogram_mock app/web/kiosk app/web/login app/web/static -type f \
    \( -name '*.js' -o -name '*.mjs' -o -name '*.json' -o -name '*.wxml' -o -name '*.wxss' \
       -o -name '*.html' -o -name '*.css' -o -name '*.svg' \) 2>/dev/null)

PEERS := $(addprefix bench/peers/,.npmrc package.json package-lock.json oidc_provider.mjs)

# The second start is fast because the first one kept what it compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run stop test check format bench demo setup browser judges lock clean
.SUFFIXES:

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- running ---------------------------------------------------------------------------------

run: $(VENV)/.installed-run build/web/.stamp ## install what is needed, migrate, seed, serve at http://127.0.0.1:8000
	@exec $(PYTHON) -m app.cli run

stop: $(VENV)/.installed-run ## end the server and its private stores
	@$(PYTHON) -m app.cli stop

demo: $(VENV)/.installed-run ## walk through the main job against the running server
	@$(PYTHON) -m miniprogram_mock.demo

# --- proving ---------------------------------------------------------------------------------

test: $(VENV)/.installed-test build/web/.stamp browser judges ## run every test
	@echo "· Tests of the JavaScript"
	@npm test --silent
	@echo "· Tests of the Python; those in a browser beside the others"
	@$(if $(ARGS),exec $(PYTHON) -m pytest $(ARGS);) \
	pages=$$(mktemp); $(PYTHON) -m pytest tests/browser >$$pages 2>&1 & browser=$$!; \
	$(PYTHON) -m pytest --ignore=tests/browser; others=$$?; \
	wait $$browser; seen=$$?; cat $$pages; rm -f $$pages; \
	[ $$others -eq 0 ] && [ $$seen -eq 0 ]

check: $(VENV)/.installed-dev node_modules/.stamp ## format, lint, types, import contracts, templates, JavaScript
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint --lint --quiet app
	npm run lint --silent

format: $(VENV)/.installed-dev ## format the Python and sort its imports
	@$(VENV)/bin/ruff check --select I --fix --quiet .
	@$(VENV)/bin/ruff format .

bench: $(VENV)/.installed-bench build/web/.stamp build/peers/.stamp ## measure; ONLY=group for one group; writes bench/results.json
	@$(PYTHON) -m bench $(ONLY)

# --- preparing -------------------------------------------------------------------------------

setup: $(VENV)/.installed-dev $(VENV)/.installed-bench build/web/.stamp build/peers/.stamp ## install everything, start nothing

$(VENV)/.installed-run: requirements/run.lock requirements/install.py
	@$(SYSTEM_PYTHON) requirements/install.py $(VENV) run
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed-run requirements/test.lock
	@$(SYSTEM_PYTHON) requirements/install.py $(VENV) test
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-test requirements/dev.lock
	@$(SYSTEM_PYTHON) requirements/install.py $(VENV) dev
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-test requirements/bench.lock
	@$(SYSTEM_PYTHON) requirements/install.py $(VENV) bench
	@touch $@

$(VENV)/.installed-node: requirements/node.lock | $(VENV)/.installed-run
	@$(SYSTEM_PYTHON) requirements/install.py $(VENV) node
	@touch $@

node_modules/.stamp: package.json package-lock.json | $(NODE_STAMP)
	@echo "· JavaScript packages of package-lock.json"
	@npm ci --silent --no-fund --no-audit
	@touch $@

build/web/.stamp: $(WEB_SOURCES) node_modules/.stamp
	@echo "· Building the mini-program and the kiosk"
	@npm run build --silent
	@mkdir -p build/web && touch $@

# Other people's servers, with a Node of their own; the product has none of them.
build/peers/.stamp: $(PEERS) | $(NODE_STAMP)
	@echo "· What the benches compare with: bench/peers/package-lock.json"
	@mkdir -p build/peers && cp $(PEERS) build/peers/
	@cd build/peers && npm ci --silent
	@touch $@

browser:
	@sh requirements/browser.sh

judges:
	@sh requirements/judges.sh

lock: ## write requirements/*.lock and package-lock.json anew
	@$(SYSTEM_PYTHON) -m venv build/uv && build/uv/bin/pip install --quiet uv
	@requirements/lock.sh "$(CURDIR)/build/uv/bin/uv"
	@npm install --package-lock-only --silent
	@cd bench/peers && npm install --package-lock-only --silent

clean: ## remove everything that make made (also var/, the demo's data)
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m app.cli stop; fi
	@rm -rf $(VENV) build node_modules var test-artefacts
