#!/usr/bin/env bash
# Builds and runs the packages under Examples: packages of their own that depend on Loba, as a user's would.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

say() { printf '\n== %s\n' "$*"; }

# Builds an example and runs it: its name, and what it is.
run() {
  say "$1: $2"
  Scripts/build-package.sh "Examples/$1"
  "Examples/$1/.build/debug/$1"
}

run Consumer "a configuration in Lua, on LuaJIT"
run SideBySide "three engines in one process"
run Plugins "plugins that nobody trusts, on every engine"
run Creatures "a game whose scripts change while it runs, on every engine"
run Server "web pages that are functions in Lua, in a pool of sandboxes"

say "OwnEngine: Lua 5.5, which Loba knows nothing of, through the conformance suite"
outcome=0
Examples/OwnEngine/check.sh || outcome=$?
# 3: its sources cannot be had here, which is no fault of Loba's.
if [ $outcome = 3 ]; then echo "SKIPPED: OwnEngine"; elif [ $outcome != 0 ]; then exit $outcome; fi

pictures=$(mktemp -d)
trap 'rm -rf "$pictures"' EXIT

# A PNG says so itself, and its size.
check_picture() {
  local head size
  head=$(head -c 24 "$1" | od -An -v -tx1 | tr -d ' \n')
  size=$(printf '%08x' "$2")
  if [ "$head" != "89504e470d0a1a0a0000000d49484452$size$size" ]; then
    echo "examples: $1 is no PNG of $2 x $2 pixels" >&2
    exit 1
  fi
}

say "Ripples: waves in memory that Swift and Lua share, on every engine"
Scripts/build-package.sh Examples/Ripples -c release
Examples/Ripples/.build/release/Ripples "$pictures/ripples.png"
check_picture "$pictures/ripples.png" 200

say "Mandelbrot: the same picture on every engine"
Scripts/build-package.sh Examples/Mandelbrot -c release
for engine in lua51 lua54 luajit; do
  Examples/Mandelbrot/.build/release/mandelbrot --engine "$engine" --size 200 --threads 3 --output "$pictures/$engine.png"
  check_picture "$pictures/$engine.png" 200
  if ! cmp "$pictures/$engine.png" "$pictures/lua51.png"; then
    echo "examples: $engine has painted another picture than lua51" >&2
    exit 1
  fi
done
