# Every target sets up what it needs (Scripts/setup.sh) and says what it is doing.
#
#   make demo ARGS="--engine lua54 --size 800"

SHELL := /bin/sh
ARGS ?=
SOURCES := Package.swift Sources Tests Backends Benchmarks Examples Fuzz
C_SOURCES = $(shell find Sources Backends Benchmarks/Sources Examples -name .build -prune -o -name "*.[ch]" -print)

.DEFAULT_GOAL := help
.PHONY: help demo test examples sanitize random soak fuzz bench bench-quick bench-check bench-growth bench-count \
	bench-build format lint clean

BENCH := Benchmarks/.build/release/loba-bench
PROGRAMS := Benchmarks/.build/programs
LUPA_FOLDER := Benchmarks/.build/lupa

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Paint the Mandelbrot set with Lua, one runtime per thread; ARGS="--help" lists the options
	@Scripts/setup.sh demo
	@echo "Building the demo (the first time takes about a minute) …" >&2
	@Scripts/build-package.sh Examples/Mandelbrot -c release
	@Examples/Mandelbrot/.build/release/mandelbrot $(ARGS)

test: ## Run all tests: the default trait, others alone, all together; ARGS="all" for one set
	@Scripts/setup.sh test
	@Scripts/test.sh $(ARGS)

examples: ## Build and run the packages under Examples
	@Scripts/setup.sh test
	@Scripts/examples.sh

sanitize: ## Run all tests with all traits under AddressSanitizer, leaks included
	@Scripts/setup.sh test
	@Scripts/test.sh asan

random: ## Do random things under AddressSanitizer for a minute; ARGS="LOBA_RANDOM_SECONDS=3600 LOBA_RANDOM_FIRST=random"
	@Scripts/setup.sh test
	@env $(ARGS) Scripts/test.sh random

soak: ## Do everything a million times in release mode, and look what that leaves in memory
	@Scripts/setup.sh test
	@Scripts/test.sh soak

fuzz: ## Look for inputs that break something, a minute for each target; ARGS="LOBA_FUZZ_SECONDS=3600"
	@Scripts/setup.sh test
	@env $(ARGS) Scripts/test.sh fuzz

bench-build:
	@Scripts/setup.sh build
	@echo "Building the benchmarks in release mode …" >&2
	@Scripts/build-package.sh Benchmarks -c release
	@Benchmarks/programs.sh $(PROGRAMS)

bench: bench-build ## Compare Loba with plain C and Lupa, and draw docs/performance.svg; ARGS="--help" lists the options
	@Scripts/setup.sh lupa
	@python=$$(Benchmarks/lupa/setup.sh $(LUPA_FOLDER)) || echo "Without Lupa." >&2; \
	$(BENCH) --programs $(PROGRAMS) $${python:+--lupa "$$python"} --json Benchmarks/.build/performance.json \
		$(if $(ARGS),$(ARGS),--plot docs/performance.svg)

bench-quick: bench-build ## Compare Loba with plain C alone, roughly
	@$(BENCH) --rounds 15 --sample 2 $(ARGS)

bench-check: bench-build ## Compare the C of the comparison with a second one, written independently
	@$(BENCH) --programs $(PROGRAMS) --check $(ARGS)

bench-growth: bench-build ## How the time grows with the work, drawn as docs/growth.svg
	@$(BENCH) growth $(if $(ARGS),$(ARGS),--plot docs/growth.svg)

bench-count: ## Count instructions; fails if they have grown by 5 %; ARGS="--update" writes what they are now
	@Scripts/setup.sh count
	@Benchmarks/count.sh $(ARGS)

format: ## Format all sources
	@Scripts/setup.sh lint
	@clang-format -i $(C_SOURCES)
	@swift format --in-place --parallel --recursive $(wildcard $(SOURCES))

lint: ## Check the format of all sources, and that every public symbol has a comment
	@Scripts/setup.sh lint
	@clang-format --dry-run --Werror $(C_SOURCES)
	@swift format lint --strict --parallel --recursive $(wildcard $(SOURCES))
	@echo "The sources are formatted."

clean: ## Remove all build folders
	rm -rf .build .build-* Examples/*/.build Benchmarks/.build Benchmarks/.build-* Fuzz/.build
