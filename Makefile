# Two commands are enough: `make demo` to look at DICM in a browser, `make test` to check it.
# Each sets up what it needs under .dicm/ and the next time it costs nothing.

SHELL   := /bin/sh
VENV    := .dicm/venv
PY      := $(VENV)/bin/python
RUN     := $(PY) -m dicm.demo.embedded run
SOURCES := $(shell find static -name node_modules -prune -o -name dist -prune -o -type f -print 2>/dev/null)
PO      := $(wildcard locale/*/LC_MESSAGES/django.po)
READY   := .dicm/demo.stamp .dicm/collected.stamp $(PO:.po=.mo)

.PHONY: help demo port test setup lint audit bench manage messages lock clean
.SUFFIXES:
.DELETE_ON_ERROR:
# One set-up at a time: two installers in one venv trip over each other.
.NOTPARALLEL:

help:
	@echo "make demo      DICM with example data, in a browser (PORT=8080 make demo for another port)"
	@echo "make test      all tests (ARGS='-k name' for some)"
	@echo "make lint      style, sizes, types, dependencies as locked, and the lines of imports"
	@echo "make audit     known weaknesses of the dependencies (asks an advisory database)"
	@echo "make manage    a management command with its servers up (ARGS='shell')"
	@echo "make bench     how fast it is"
	@echo "make messages  collect and merge the words to translate"
	@echo "make lock      renew the locked versions"
	@echo "make clean     remove everything that was built, and the demo's data"

demo: $(if $(filter --once,$(ARGS)),,port) $(READY)
	@exec $(RUN) -- $(PY) manage.py demo $(ARGS)

# Asked first: a taken port is no news for after a set-up.
port: | .dicm/system.stamp
	@"$$(bin/find-python)" -P dicm/demo/serving.py

test: .dicm/dev.stamp $(READY)
	@exec $(RUN) --scratch -- $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

setup: .dicm/dev.stamp $(READY)
	@:

lint: .dicm/dev.stamp
	@echo "Style" && $(VENV)/bin/ruff check --quiet . && $(VENV)/bin/ruff format --quiet --check .
	@$(VENV)/bin/djangofmt --check templates 2>.dicm/templates.log || { cat .dicm/templates.log; exit 1; }
	@echo "Sizes" && $(PY) bin/sizes
	@echo "Types" && $(VENV)/bin/mypy --no-error-summary
	@echo "Dependencies" && $(PY) bin/audit requirements.lock requirements-dev.lock
	@echo "Line of imports" && $(VENV)/bin/lint-imports --no-cache >.dicm/imports.log || { cat .dicm/imports.log; exit 1; }

# Known weaknesses of what is locked: asks the Python advisory database, so it needs the network.
audit: .dicm/dev.stamp
	@[ -x .dicm/tools/bin/pip-audit ] || \
		{ bin/make-venv .dicm/tools && .dicm/tools/bin/pip install --quiet pip-audit; }
	@.dicm/tools/bin/pip-audit --requirement requirements.lock --no-deps --disable-pip --strict

bench: $(READY)
	@exec $(RUN) --scratch -- $(PY) manage.py bench $(ARGS)

manage: $(READY)
	@exec $(RUN) -- $(PY) manage.py $(ARGS)

messages: .dicm/dev.stamp
	@$(PY) manage.py messages $(ARGS)

clean:
	@echo "Removing everything that was built, and the demo's data"
	@rm -rf .dicm static/node_modules static/dist $(PO:.po=.mo)

# ---- set-up, step by step ----

# Left undone where something for PDFs is missing, and so tried again: everything else goes on without.
.dicm/system.stamp:
	@bin/need-system

.dicm/demo.stamp: requirements.lock requirements-embedded.lock | .dicm/system.stamp
	@echo "Installing Python packages"
	@bin/install requirements.lock requirements-embedded.lock
	@touch $@

.dicm/dev.stamp: .dicm/demo.stamp requirements-dev.lock
	@echo "Installing the tools for tests and lint"
	@bin/install requirements-dev.lock
	@touch $@

.dicm/npm.stamp: static/package.json static/package-lock.json | .dicm/system.stamp
	@echo "Installing front-end packages"
	@cd static && ../bin/npm ci --ignore-scripts --silent --no-audit --no-fund
	@touch $@

.dicm/frontend.stamp: .dicm/npm.stamp $(SOURCES)
	@echo "Building styles and scripts"
	@cd static && ../bin/npm run --silent build
	@touch $@

.dicm/collected.stamp: .dicm/demo.stamp .dicm/frontend.stamp dicm/settings.py
	@echo "Collecting static files"
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@touch $@

%/LC_MESSAGES/django.mo: %/LC_MESSAGES/django.po | .dicm/demo.stamp
	@echo "Compiling the words of $*"
	@$(VENV)/bin/pybabel --quiet compile --input-file $< --output-file $@

# ---- locked versions: what plain pip installs with --require-hashes; they name no host ----

UV = $(shell uv --version >/dev/null 2>&1 && echo uv || echo .dicm/tools/bin/uv)
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

lock: | .dicm/system.stamp
	@[ "$(UV)" = uv ] || [ -x $(UV) ] || \
		{ bin/make-venv .dicm/tools && .dicm/tools/bin/pip install --quiet uv; }
	@echo "Locking (make lock UPGRADE=--upgrade takes newer versions)"
	@$(COMPILE) pyproject.toml --group dev -o requirements-dev.lock
	@$(COMPILE) pyproject.toml -c requirements-dev.lock -o requirements.lock
	@$(COMPILE) --group embedded -c requirements-dev.lock -o requirements-embedded.lock
	@$(COMPILE) --group node -c requirements-dev.lock -o requirements-node.lock
