#!/usr/bin/env bash
# Puts Lua 5.5 through Loba's conformance suite. Debian 12 has no package of it, but Lupa's source distribution brings its
# sources: they are fetched from PyPI and built into a shared library, both in .build, which is no part of the project.
#
#   Examples/OwnEngine/check.sh [--verbose] [PART…]   the parts of the suite: checks, prepared, safety, …
#
# LOBA_LUA55_SOURCES=FOLDER takes the sources from there instead.
set -euo pipefail
cd "$(dirname "$0")"
exec </dev/null

lua=$PWD/.build/lua5.5
library=$lua/liblua5.5.so
sources=${LOBA_LUA55_SOURCES:-$lua/src}

if [ ! -f "$sources/lua.h" ]; then
  echo "Fetching the sources of Lua 5.5 …" >&2
  mkdir -p "$lua/fetched"
  # Without the Luas that Lupa brings: to tell what it needs, its setup would build all of them.
  if ! LUPA_NO_BUNDLE=true python3 -m pip download --quiet --no-deps --no-binary lupa --dest "$lua/fetched" lupa; then
    echo "OwnEngine: the sources of Lua 5.5 cannot be fetched" >&2
    exit 3
  fi
  tar -xzf "$lua"/fetched/lupa-*.tar.gz -C "$lua/fetched" --wildcards '*/third-party/lua55/*.[ch]'
  mv "$lua"/fetched/lupa-*/third-party/lua55 "$sources"
fi

if [ ! -f "$library" ]; then
  echo "Building $library …" >&2
  mkdir -p "$lua"
  units=()
  for unit in "$sources"/*.c; do
    case ${unit##*/} in
      lua.c | luac.c | onelua.c | ltests.c) ;;
      *) units+=("$unit") ;;
    esac
  done
  cc -O2 -fPIC -shared -DLUA_USE_POSIX -DLUA_USE_DLOPEN -o "$library" "${units[@]}" -lm -ldl
fi

# The headers are no system's: the compiler is told where they are.
../../Scripts/build-package.sh . -Xcc -I"$sources"
LOBA_LUA55_LIBRARY=$library exec .build/debug/CheckEngine "$@"
