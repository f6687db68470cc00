#!/usr/bin/env bash
# Counts the instructions of the hottest cases, which noise does not touch, and compares them with Benchmarks/instructions.tsv.
#
#   Benchmarks/count.sh             fails if a count of Loba's has grown by more than 5 %
#   Benchmarks/count.sh --update    writes the file
#   Benchmarks/count.sh --growth    prints instead how the instructions per item grow with the size of the work
#
# Each case runs N and 2 N operations between marks, at which valgrind writes what it has counted (`loba-bench count`); the
# difference, divided by N, is what one operation takes. LuaJIT's compiler is on. Counts depend on the compiler, on the
# libraries and on valgrind: where one of these is another than the file was written with, nothing is compared.
set -euo pipefail
cd "$(dirname "$0")"
file=instructions.tsv
allowed=5

case ${1:-} in
  "" | --update | --growth) mode=${1:-} ;;
  *) echo "usage: Benchmarks/count.sh [--update | --growth]" >&2 && exit 2 ;;
esac
command -v valgrind >/dev/null 2>&1 || { echo "count.sh: valgrind is needed (Scripts/setup.sh count)" >&2 && exit 1; }

version_of() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo "?"; }
toolchain="$(uname -m), $(swift --version 2>/dev/null | sed -nE 's/.*(Swift version [0-9.]+).*/\1/p' | head -1), $(valgrind --version)"
toolchain+=", libc $(version_of libc6), Lua 5.4 $(version_of liblua5.4-0), Lua 5.1 $(version_of liblua5.1-0), LuaJIT $(version_of libluajit-5.1-2)"

recorded=$(sed -n 's/^# counted with: //p' "$file" 2>/dev/null || true)
if [ -z "$mode" ] && [ "$recorded" != "$toolchain" ]; then
  printf 'count.sh: SKIPPED, since %s was counted elsewhere:\n  file: %s\n  here: %s\n' "$file" "$recorded" "$toolchain" >&2
  exit 0
fi

echo "Building the benchmarks in release mode …" >&2
../Scripts/build-package.sh . -c release
folder=.build/counts
rm -rf "$folder"
mkdir -p "$folder"
# Some versions of valgrind cannot read the compiler's debug information, and none needs it here.
objcopy --strip-debug .build/release/loba-bench "$folder/loba-bench"

count() {
  echo "Counting, some minutes …" >&2
  SWIFT_DETERMINISTIC_HASHING=1 valgrind --quiet --tool=callgrind --callgrind-out-file="$folder/out" \
    --dump-before=twin_mark "$folder/loba-bench" "$@" </dev/null >"$folder/labels" 2>"$folder/log" ||
    { cat "$folder/log" >&2 && exit 1; }
}
total() { sed -nE 's/^totals: ([0-9]+).*/\1/p' "$folder/out.$1"; }

if [ "$mode" = --growth ]; then
  count growth --marks
  # The i-th line has the dumps 2 i - 1 (what came before) and 2 i.
  i=0
  while IFS=$'\t' read -r name engine size; do
    i=$((i + 1))
    printf '%s\t%s\t%d\n' "$name" "$engine" $(($(total $((2 * i))) / size))
  done <"$folder/labels" | awk -F'\t' '
    { key = $1 "\t" $2; if (!(key in line)) order[++n] = key; line[key] = line[key] sprintf("%10d", $3) }
    END {
      print "Instructions per item, each size ten times the one before:"
      for (i = 1; i <= n; i++) { split(order[i], part, "\t"); printf "%-32s%-8s%s\n", part[1], part[2], line[order[i]] }
    }'
  exit 0
fi

count count
# The i-th line has the dumps 3 i - 2 (what came before, and the first run), 3 i - 1 and 3 i.
i=0
while IFS=$'\t' read -r name engine side times; do
  i=$((i + 1))
  printf '%s\t%s\t%s\t%d\n' "$name" "$engine" "$side" $((($(total $((3 * i))) - $(total $((3 * i - 1)))) / times))
done <"$folder/labels" >"$folder/counts.tsv"

# One line per case and engine: plain C, Loba.
table=$(awk -F'\t' '
  { key = $1 "\t" $2; if (!(key in seen)) { seen[key] = 1; order[++n] = key } count[key, $3] = $4 }
  END { for (i = 1; i <= n; i++) printf "%s\t%d\t%d\n", order[i], count[order[i], "C"], count[order[i], "Loba"] }
' "$folder/counts.tsv")
[ -n "$table" ] || { echo "count.sh: nothing was counted" >&2 && exit 1; }

if [ "$mode" = --update ]; then
  {
    echo "# Instructions per operation (iterate_table, buffer_get, vector: per table, buffer or step over all of them)."
    echo "# Written by Benchmarks/count.sh --update."
    echo "# counted with: $toolchain"
    printf 'case\tengine\tC\tLoba\n%s\n' "$table"
  } >"$file"
  awk -F'\t' '!/^#/ { printf "%-20s %-8s %12s %12s\n", $1, $2, $3, $4 }' "$file"
  exit 0
fi

awk -F'\t' -v allowed="$allowed" '
  NR == FNR { if (!/^#/ && $1 != "case") before[$1 "\t" $2] = $4; next }
  FNR == 1 { printf "%-20s %-8s %12s %12s %12s %8s\n", "case", "engine", "C", "Loba before", "Loba now", "change" }
  {
    key = $1 "\t" $2
    if (!(key in before)) { printf "%-20s %-8s %12d %12s %12d      new\n", $1, $2, $3, "", $4; next }
    change = ($4 / before[key] - 1) * 100
    is_worse = change > allowed
    worse += is_worse
    printf "%-20s %-8s %12d %12d %12d %+7.1f%%%s\n", $1, $2, $3, before[key], $4, change, is_worse ? "  <- grown" : ""
    delete before[key]
  }
  END {
    for (key in before) { print "not counted any more: " key; worse++ }
    if (worse) {
      printf "\n%d counts have grown by more than %d %%. If that is meant: Benchmarks/count.sh --update\n", worse, allowed
      exit 1
    }
    printf "\nNo count has grown by more than %d %%.\n", allowed
  }
' "$file" <(printf '%s\n' "$table")
