# Every target sets up what it needs (Scripts/setup.sh) and says what it is doing.
#
#   make demo ARGS="--engine lua54 --size 800"

SHELL := /bin/sh
ARGS ?=
SOURCES := Package.swift Sources Tests Backends Benchmarks Examples
C_SOURCES = $(shell find Sources Backends Benchmarks/Sources Examples -name .build -prune -o -name "*.[ch]" -print)

.DEFAULT_GOAL := help
.PHONY: help demo test examples sanitize random bench format lint clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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

bench: ## Compare Loba with the plain C API; ARGS="--help" lists the options
	@Scripts/setup.sh build
	@echo "Building the benchmarks in release mode …" >&2
	@Scripts/build-package.sh Benchmarks -c release
	@Benchmarks/.build/release/loba-bench $(ARGS)

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
	rm -rf .build .build-* Examples/*/.build Benchmarks/.build
