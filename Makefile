# SPDX-License-Identifier: Apache-2.0
# Thin: names a person can type. The build itself is CMake's.
BUILD  ?= build
PREFIX ?= $(CURDIR)/out/sdk
JOBS   ?= $(shell nproc)
SECONDS ?= 60
OUT    ?= $(BUILD)/results

.PHONY: all help build run run-crossing run-kav test fuzz coverage test-interop prove prove-long bench bench-peers bench-scale install sdk-links clean packages configure
all: build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

packages:
	@tools/install-packages

configure: packages
	@cmake -S . -B $(BUILD) -G Ninja --log-level=WARNING

# Most of what there is to build are tests: who only runs or installs waits for none of them.
parts = cmake --build $(BUILD) -j $(JOBS) --target
kosix = kosix kosix-kernel
sdk   = $(addsuffix /all,coresrv nk security kernel cli sdk/devices sdk/env sdk/klog sdk)

build: configure ## configure and build everything into ./build
	@cmake --build $(BUILD) -j $(JOBS)

run: configure ## run the first example (examples/ping)
	@$(parts) examples/ping/all $(kosix)
	@examples/ping/run $(BUILD)

run-crossing: configure ## build and run a project of the SDK: a policy in PSL, and why it denies (examples/crossing)
	@$(parts) $(sdk)
	@examples/crossing/run $(BUILD)

run-kav: configure ## run the scanner solution (examples/kav)
	@$(parts) examples/kav/all $(kosix)
	@examples/kav/run $(BUILD)

test: build ## run every test
	@ctest --test-dir $(BUILD) --output-on-failure --no-tests=error -j $(JOBS)

fuzz: ## run every fuzz target with clang: make fuzz SECONDS=60
	@fuzz/run -t $(SECONDS) -j $(JOBS)

coverage: ## what part of each folder the quick tests execute (needs gcovr)
	@tools/coverage -j $(JOBS)

test-interop: build ## install amavisd-new and Exim, and let them find the test pattern
	@tests/kav/interop/run $(BUILD)

prove: build ## try to break every promise, about ten minutes; prints one page
	@prove/run $(BUILD) --tier P $(PROVE)

prove-long: build ## the same for hours
	@prove/run $(BUILD) --tier N $(PROVE)

bench: configure ## print the latency table
	@$(parts) bench/all
	@$(BUILD)/bin/kosix-bench standard

bench-peers: configure ## measure Kosix beside other IPC systems; results and pictures in OUT (build/results)
	@tools/install-packages --optional tools/packages-peers.txt
	@cmake -S . -B $(BUILD) -G Ninja --log-level=WARNING
	@$(parts) bench/all kosix-bench-peers
	@$(BUILD)/bin/kosix-bench peers --out $(OUT)

bench-scale: configure ## measure how costs grow: up to 10,000 entities, 1 M handles; results in OUT
	@$(parts) bench/all
	@$(BUILD)/bin/kosix-bench scale --out $(OUT)

install: configure ## install a folder shaped like the KasperskyOS CE SDK: make install PREFIX=/path
	@$(parts) $(sdk)
	@cmake --install $(BUILD) --prefix '$(PREFIX)' >/dev/null
	@echo "The SDK is in $(PREFIX). Public build scripts want links in /opt: make sdk-links PREFIX=$(PREFIX)"

sdk-links: ## (root) /opt/KasperskyOS-Community-Edition-<version> links to PREFIX, for public build scripts
	@sdk/bin/sdk-links '$(PREFIX)'

clean: ## remove the build folder
	rm -rf $(BUILD)
