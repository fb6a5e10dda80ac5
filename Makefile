# Needs Go, git and a C compiler, and Node for the dashboard; `make test` checks for the rest. `make help` lists the targets.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# bin/.NAME.stamp is newer than the sources of tools/NAME once the tool is in bin/.
GENERATORS := bin/.buf.stamp bin/.gen.stamp bin/.protodeps.stamp bin/.openapi.stamp
LINTER := bin/.lint.stamp
SHIP := bin/.ship.stamp
VULN := bin/.vuln.stamp

WEB := gateway/web
WEB_INSTALLED := $(WEB)/node_modules/.stamp
WEB_BUILT := $(WEB)/dist/index.html
WEB_SOURCES := $(WEB)/index.html $(WEB)/vite.config.ts $(shell find $(WEB)/src $(WEB)/public $(WEB)/build -type f -not -name '*.test.*')

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## build and run everything in one process with demo data; more flags by ARGS=
	@if scripts/node >/dev/null 2>&1; then $(MAKE) -s web; else echo "==> no dashboard: Node 20.19 or newer is not there"; fi
	@scripts/build standalone supportctl
	@bin/standalone --demo $(ARGS)

.PHONY: web
web: $(WEB_BUILT) ## build the dashboard, for the next build of what serves it; needs Node

$(WEB_BUILT): $(WEB_INSTALLED) $(WEB_SOURCES)
	@scripts/web build
	@touch $@

$(WEB_INSTALLED): $(WEB)/package.json $(WEB)/package-lock.json $(WEB)/.npmrc
	@scripts/web install
	@touch $@

.PHONY: screenshots
screenshots: ## take the pictures of the README from the demo
	@scripts/web screenshots

.PHONY: build
build: ## build every binary into bin/
	@scripts/build

.PHONY: images
images: web $(SHIP) ## build the images for amd64 and arm64 into bin/images, without a container engine; REGISTRY= pushes them
	@scripts/images $(if $(REGISTRY),--push=$(REGISTRY)) $(NAMES)

.PHONY: test
test: ## the whole check: generated code, lint, tests under the race detector, e2e, the dashboard in a browser
	@scripts/test

.PHONY: soak
soak: ## property, fuzz, crash, failover and durability tests with many more rounds, for hours
	@scripts/prerequisites
	@scripts/with-servers --no-sync scripts/soak

.PHONY: e2e
e2e: ## the end-to-end suite, with real processes and servers
	@scripts/prerequisites
	@scripts/with-servers --no-sync scripts/go-test -e2e

.PHONY: bench
bench: ## measure the main paths in minutes and write docs/performance.md
	@scripts/prerequisites
	@scripts/with-servers go run -C deploy/standalone ./bench -out ../../docs/performance.md

.PHONY: bench-full
bench-full: ## the same with 100,000 tickets and long runs
	@scripts/prerequisites
	@scripts/with-servers go run -C deploy/standalone ./bench -out ../../docs/performance.md -full

.PHONY: bench-web
bench-web: ## measure how quick the dashboard's pages are on a slow machine and line, into docs/performance-web.md
	@scripts/web vitals

.PHONY: chart-dry-run
chart-dry-run: ## ask the API server of the current kubectl context about all that the Helm chart makes; makes nothing
	@GOWORK=off go test -C deploy/chart -tags server -count=1 -run TestDryRun .

.PHONY: generate
generate: $(GENERATORS) ## regenerate proto/gen from the protos
	@scripts/generate

.PHONY: lint
lint: $(LINTER) ## lint every module, or those named by MODULES=
	@scripts/lint $(MODULES)

.PHONY: verify
verify: $(GENERATORS) $(SHIP) ## check generated code, module files, dependencies and API compatibility; edits nothing
	@scripts/verify

.PHONY: licenses
licenses: $(SHIP) ## write docs/licenses.md, the licences of all that is linked
	@bin/ship licenses

.PHONY: vulnerabilities
vulnerabilities: ## ask the database of known vulnerabilities about what the programs call; needs the internet
	@scripts/vulnerabilities

.PHONY: tidy
tidy: ## sync the workspace and tidy every module
	@scripts/tidy

.PHONY: tools
tools: $(GENERATORS) $(LINTER) $(SHIP) ## build the generators, the linter and what checks dependencies into bin/
	@:

.SECONDEXPANSION:
$(GENERATORS) $(LINTER) $(SHIP) $(VULN): bin/.%.stamp: tools/%/go.mod tools/%/go.sum $$(wildcard tools/$$*/*.go tools/$$*/*.json)
	@scripts/install-tool $*
	@touch $@
