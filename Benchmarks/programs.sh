#!/usr/bin/env bash
# Builds the small programs beside the benchmark, in FOLDER, one per engine and kind:
#
#   static-ENGINE   the C twins, linked with the engine's static library
#   plain-ENGINE    the main cases written a second time (Programs/plain.c), linked with the shared library
#
#   Benchmarks/programs.sh FOLDER [ENGINE…]
set -euo pipefail
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")"
engines=("$@")
[ ${#engines[@]} != 0 ] || engines=(lua51 lua54 luajit)
compiler=${CC:-clang}
command -v "$compiler" >/dev/null 2>&1 || compiler=cc

for engine in "${engines[@]}"; do
  case $engine in
    lua51) twin=51 headers=lua5.1 library=lua5.1 ;;
    lua54) twin=54 headers=lua5.4 library=lua5.4 ;;
    luajit) twin=JIT headers=luajit-2.1 library=luajit-5.1 ;;
    *) echo "programs.sh: there is no engine $engine" >&2 && exit 2 ;;
  esac
  build=("$compiler" -std=gnu11 -O2 -Wall -Wno-nullability-extension -ISources/Twins/CTwin/include
    Sources/Twins/CTwin/twin.c Programs/server.c)
  "${build[@]}" "-DSERVED=loba_bench_twin_$engine" -DLOBA_STATIC -o "$folder/static-$engine" \
    Sources/Twins/CTwin$twin/*.c "-l:lib$library.a" -lm -ldl
  include=$(for place in /usr/include /usr/local/include; do [ ! -d "$place/$headers" ] || echo "-I$place/$headers"; done)
  # shellcheck disable=SC2086 # options
  "${build[@]}" -DSERVED=plain_twins $include -o "$folder/plain-$engine" Programs/plain.c "-l$library" -lm -ldl
done
