# Everything a person types. `make` alone prints this list.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python

# Crawl workers are processes of their own: without this each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check bench peers ceilings endurance eval weekly faults pictures docs manual record bless lock format clean

help: ## print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 18

demo: .venv/.runtime ## set up, and run the whole service on a bundled sample (no network, no configuration)
	$(BIN)/stemwatch demo

test: .venv/.dev ## set up, and run the tests
	$(RUN) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: .venv/.dev ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy bench tests

bench: .venv/.dev ## speed and memory, each figure beside its floor
	$(RUN) -m bench
	$(RUN) -m bench.relevance_speed
	$(RUN) -m bench.search_speed
	$(RUN) -m bench.rejudge_speed
	$(RUN) -m bench.dump
	$(RUN) -m bench.clinics_speed
	$(RUN) -m bench.screen_speed
	$(RUN) -m bench.claims_speed
	$(RUN) -m bench.release_speed
	$(RUN) -m bench.static_speed
	$(RUN) -m bench.sending_speed
	$(RUN) -m bench.delivery_speed
	$(RUN) -m bench.rules_speed
	$(RUN) -m bench.site_speed
	$(RUN) -m bench.round

peers: .venv/.dev ## beside changedetection.io, webchanges and a poller by hand, which it installs (ten minutes)
	$(RUN) -m bench.peers

ceilings: .venv/.dev ## the service idle, its way to an alert, a whole day of the design's capacity (half an hour)
	$(RUN) -m bench.idle
	$(RUN) -m bench.latency
	$(RUN) -m bench.capacity

endurance: .venv/.dev ## 21 months of subscriptions, a week of the service, with faults and kills (an hour)
	$(RUN) -m bench.owed
	$(RUN) -m bench.owed --faults --kills 100
	$(RUN) -m bench.week

eval: .venv/.dev ## relevance, parties, clinics, events; recall per source, every fourth week; with every miss
	$(RUN) -m bench.relevance_eval
	$(RUN) -m bench.parties_eval
	$(RUN) -m bench.clinics_eval
	$(RUN) -m bench.events_eval
	$(RUN) -m bench.weekly 2024-01-01 2025-09-30 28

weekly: .venv/.dev ## all sources week by week on the stand-in: recall per source, every miss (some minutes)
	$(RUN) -m bench.weekly

faults: .venv/.dev ## all sources under every fault of the stand-in: verdict, false changes, catching up (some minutes)
	$(RUN) -m bench.faults

pictures: .venv/.dev ## take the pictures of the site anew, into docs/pictures (needs chromium)
	$(RUN) -m bench.pictures

docs: .venv/.dev ## print the table of sources into README.md
	$(RUN) -m spiders.registry README.md

manual: .venv/.docs ## build the manual into build/manual; a broken link is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build
	@echo 'Look at build/manual/index.html'

record: .venv/.dev ## record a source's moment anew from the real site: make record SOURCE=us_ftc_press_releases
	$(BIN)/stemwatch record $(SOURCE)

bless: .venv/.dev ## accept what a source's recorded moment gives now as expected.jsonl; the diff shows it
	$(RUN) -m tests.sources.bless $(SOURCE)

format: .venv/.dev ## put the code in its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/.dev ## choose the newest releases and pin them with hashes
	$(BIN)/uv pip compile -q --universal --upgrade --generate-hashes --no-header --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --upgrade --generate-hashes --no-header --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --upgrade --generate-hashes --no-header --group docs -c requirements-dev.lock -o requirements-docs.lock

clean: ## remove the environment and everything made by it
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/.runtime: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Stemwatch needs Python 3.11 or newer: make PYTHON=python3.12")'
	test -x $(RUN) || $(PYTHON) -m venv .venv
	$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# In the same environment: what both need, both locks pin alike.
.venv/.docs: .venv/.runtime requirements-docs.lock
	$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-docs.lock
	@touch $@
