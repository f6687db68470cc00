#!/usr/bin/env bash
# Looks for inputs that break something, with libFuzzer and AddressSanitizer.
#
#   Fuzz/run.sh                              each target for a minute: what CI does
#   Fuzz/run.sh patterns                     only that; there are chunks, values, codable, patterns and programs
#   LOBA_FUZZ_SECONDS=28800 Fuzz/run.sh      for a night
#   Fuzz/run.sh values INPUT                 an input that has failed, again
#
# What a run learns stays in Fuzz/.build/corpus, and the next begins there and with Fuzz/Corpus; an input that fails is written
# to Fuzz/.build/TARGET-crash-…, and told. Its first byte chooses the engine.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(uname -s)" != Linux ]; then
  echo "fuzz: skipped: the toolchain has libFuzzer on Linux only" >&2
  exit 0
fi

# Without it Swift's own handler hangs after a crash.
export SWIFT_BACKTRACE=enable=no
export LSAN_OPTIONS="suppressions=$PWD/Scripts/leaks.supp:print_suppressions=0"

# The linker warns of each function of AddressSanitizer's.
mkdir -p Fuzz/.build
if ! Scripts/build-package.sh Fuzz --product loba-fuzz --sanitize=fuzzer --sanitize=address >Fuzz/.build/build.log 2>&1; then
  grep -v '/ld.gold: warning' Fuzz/.build/build.log >&2
  exit 1
fi
fuzz=Fuzz/.build/debug/loba-fuzz

if [ $# = 2 ]; then exec env LOBA_FUZZ_TARGET="$1" "$fuzz" "$2"; fi

failed=()
for target in "${@:-chunks values codable patterns programs}"; do
  for name in $target; do
    mkdir -p "Fuzz/.build/corpus/$name"
    log=Fuzz/.build/$name.log
    printf '%-9s ' "$name"
    if LOBA_FUZZ_TARGET=$name "$fuzz" "Fuzz/.build/corpus/$name" "Fuzz/Corpus/$name" -max_len=1024 -timeout=20 \
      -rss_limit_mb=4096 -max_total_time="${LOBA_FUZZ_SECONDS:-60}" -artifact_prefix="Fuzz/.build/$name-" \
      -print_final_stats=1 </dev/null >"$log" 2>&1; then
      sed -n 's/^stat::number_of_executed_units: */ok, inputs: /p' "$log"
    else
      echo "FAILED, see $log"
      grep -E 'Fatal error|ERROR: |SUMMARY: |Test unit written' "$log" | head -10 || true
      failed+=("$name")
    fi
  done
done
[ ${#failed[@]} = 0 ]
