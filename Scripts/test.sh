#!/usr/bin/env bash
# Runs the tests with sets of package traits, each in a build folder of its own (.build-NAME) that stays warm.
#
#   Scripts/test.sh              no traits (only built: there is no engine to test), the default traits, the traits Lua51
#                                and LuaJIT alone, all traits together; with LOBA_SWEEPS=full, full instead of all
#   Scripts/test.sh SET…         only these: none, default, all, the name of a trait,
#                                full (all traits, long sweeps), asan (all engines, AddressSanitizer),
#                                random (the random tester under AddressSanitizer, for LOBA_RANDOM_SECONDS in total) or
#                                tsan (the checks of threads under ThreadSanitizer)
#
# Warnings are errors. Every set runs, whatever fails; a table at the end says what did.
set -euo pipefail
cd "$(dirname "$0")/.."

# "trait" lines of the manifest: a new trait is covered by itself.
manifest=$(swift package dump-package </dev/null)
traits=$(jq -r '.traits[].name | select(. != "default")' <<<"$manifest" | sort)
# What has to do with Lua's memory and threads: the rest builds swift-syntax, which takes longer than all of that.
engine_traits=$(grep -vx -e Eval -e Macros <<<"$traits" | paste -sd,)
default_traits=$(jq -r '.traits[] | select(.name == "default") | .enabledTraits | join(",")' <<<"$manifest")

sets=("$@")
if [ ${#sets[@]} = 0 ]; then
  sets=(none default)
  # Alone as well: the engines that differ most from the default. The others are tested with all.
  sets+=(Lua51 LuaJIT)
  if [ "${LOBA_SWEEPS:-}" = full ]; then sets+=(full); else sets+=(all); fi
fi

# For the set asan; the tests of the tool pass it on to the tool.
export LSAN_OPTIONS="suppressions=$PWD/Scripts/leaks.supp:print_suppressions=0"
# For the set tsan.
export TSAN_OPTIONS="suppressions=$PWD/Scripts/races.supp:print_suppressions=0"

strict=(-Xswiftc -warnings-as-errors -Xcc -Werror=all)
# A test that hangs must not hold up everything; macOS has no timeout.
limit_of() {
  local minutes=15
  case $1 in full | asan) minutes=30 ;; esac
  limit=(env)
  if command -v timeout >/dev/null 2>&1; then limit=(timeout --kill-after=10 "${LOBA_TEST_MINUTES:-$minutes}m"); fi
}

results=()
failed=()

# A row of the table at the end: what has failed, how, and where to look. `start` is the caller's.
fail() {
  results+=("$1|$2|$3|$((SECONDS - start))")
  failed+=("$1")
}

say() { printf '\n== %s\n' "$*"; }

# Runs a step with its output in a log; shows what matters of it if it fails.
step() {
  local log=$1
  shift
  local status=0
  "$@" </dev/null >"$log" 2>&1 || status=$?
  [ $status != 0 ] || return 0
  printf -- '-- %s\n-- exit status %d%s\n' "$*" $status "$([ $status != 124 ] || printf ': it did not end in time')"
  grep -nE '(error:|warning:|✘|Fatal error|ERROR: |SUMMARY: )' "$log" | head -40 || true
  printf -- '-- the end of %s\n' "$log"
  tail -n 25 "$log"
  return 1
}

# The sum of the numbers that a pattern finds in logs.
total() {
  sed -nE "s/.*$1.*/\1/p" "${@:2}" | awk '{ sum += $1 } END { print sum + 0 }'
}

# A program of the package and not its tests: in release mode those take long to build.
run_soak() {
  local log=.build-soak/soak.log start=$SECONDS
  local build=(swift build -c release --product loba-soak --enable-all-traits --scratch-path .build-soak "${strict[@]}")
  mkdir -p .build-soak
  say "soak: building"
  if ! step "$log" "${build[@]}"; then
    fail "soak" "BUILD FAILED" "$log"
    return
  fi
  say "soak: running"
  limit_of soak
  if ! "${limit[@]}" .build-soak/release/loba-soak; then
    fail "soak" "FAILED" "see above"
    return
  fi
  results+=("soak|ok|memory is what it was|$((SECONDS - start))")
}

run_fuzz() {
  local start=$SECONDS
  say "fuzz: each target for ${LOBA_FUZZ_SECONDS:-60} s"
  if ! Fuzz/run.sh; then
    fail "fuzz" "FAILED" "see above"
    return
  fi
  results+=("fuzz|ok|nothing was found|$((SECONDS - start))")
}

run_set() {
  local name=$1 folder=$1 options=() with=(env) test=(swift test --skip-build --ignore-lock --disable-xctest --no-parallel)
  # A process each, side by side: a test has one busy thread.
  local parts=("--skip SafetyTests.SafetyTests" "--filter SafetyTests.SafetyTests")
  case $name in
    none) options=(--disable-default-traits) ;;
    default) folder=$(tr ',' '-' <<<"$default_traits") ;;  # the same build as that trait alone
    all) options=(--enable-all-traits) ;;
    full)
      options=(--enable-all-traits)
      folder=all
      # The engines that differ most. The others have what both neighbours have.
      test=(env LOBA_FULL_SWEEP=lua51,lua54,luajit "${test[@]}")
      ;;
    asan) options=(--traits "$engine_traits" --sanitize=address) ;;
    tsan)
      options=(--traits "$engine_traits" --sanitize=thread)
      parts=("--filter SafetyTests.SafetyTests/threads")
      ;;
    static)
      # The trait of that engine and no other. With its functions exported it has C modules, as the programs that tests run.
      static_engine=${LOBA_STATIC:-lua54}
      options=(--traits "$(grep -ix -- "$static_engine" <<<"$traits")" -Xlinker --export-dynamic)
      with=(env LOBA_STATIC="$static_engine")
      parts=("--filter ConformanceTests|CLITests" "--filter SafetyTests.SafetyTests")
      ;;
    random)
      options=(--traits "$engine_traits" --sanitize=address)
      folder=asan
      # A seed repeats a round exactly if neither addresses nor hashes differ from run to run.
      local same=(env SWIFT_DETERMINISTIC_HASHING=1)
      if setarch -R true 2>/dev/null; then same+=(setarch -R); fi
      # A seed alone repeats one round.
      if [ -z "${LOBA_RANDOM_SEED:-}" ]; then same+=(env LOBA_RANDOM_SECONDS="${LOBA_RANDOM_SECONDS:-60}"); fi
      test=("${same[@]}" "${test[@]}")
      parts=("--filter RandomTests")
      ;;
    *)
      if ! grep -qx -- "$name" <<<"$traits"; then
        echo "test.sh: there is no trait $name; there are: $(tr '\n' ' ' <<<"$traits")" >&2
        exit 2
      fi
      options=(--traits "$name")
      ;;
  esac
  options+=(--scratch-path ".build-$folder")
  mkdir -p ".build-$folder"
  local log=".build-$folder/$name-build.log" start=$SECONDS
  say "$name: building (${options[*]})"
  if ! step "$log" "${with[@]}" swift build --build-tests "${options[@]}" "${strict[@]}"; then
    fail "$name" "BUILD FAILED" "$log"
    return
  fi
  if ! Scripts/check-headers.sh ".build-$folder" "$name"; then
    fail "$name" "HEADERS FAILED" "a backend reads headers that it must not"
    return
  fi
  if [ "$name" = none ]; then
    results+=("$name|ok|builds without any engine|$((SECONDS - start))")
    return
  fi
  say "$name: testing"
  limit_of "$name"
  local part logs=() processes=() outcome=ok
  for part in "${!parts[@]}"; do
    logs+=(".build-$folder/$name-$part-test.log")
    # shellcheck disable=SC2086  # a part is an option and its argument
    step "${logs[part]}" "${limit[@]}" "${with[@]}" "${test[@]}" ${parts[part]} "${options[@]}" &
    processes+=($!)
  done
  for part in "${!parts[@]}"; do
    wait "${processes[part]}" || outcome="TESTS FAILED"
    if [ "$outcome" = ok ] && ! grep -qE 'Test run with [1-9]' "${logs[part]}"; then outcome="NO TESTS RAN"; fi
  done
  if [ "$outcome" != ok ]; then
    fail "$name" "$outcome" "${logs[*]}"
    return
  fi
  grep -h '^random: ' "${logs[@]}" || true
  tail -q -n 2 "${logs[@]}"
  local tests cases
  tests=$(total 'Test run with ([0-9]+) tests? ' "${logs[@]}")
  cases=$(total 'with ([0-9]+) test cases? passed' "${logs[@]}")
  results+=("$name|ok|$tests tests, $cases cases of parameterised tests|$((SECONDS - start))")
}

for name in "${sets[@]}"; do
  case $name in
    soak | fuzz) "run_$name" ;;
    *) run_set "$name" ;;
  esac
done

say "summary of the tests, by set of traits"
for result in "${results[@]}"; do
  IFS='|' read -r name outcome detail seconds <<<"$result"
  [ "$name" != default ] || name="default ($default_traits)"
  printf '  %-16s %-15s %5s s  %s\n' "$name" "$outcome" "$seconds" "$detail"
done
if [ ${#failed[@]} != 0 ]; then
  printf '\nFAILED with these traits: %s\n' "${failed[*]}"
  exit 1
fi
printf '\nAll passed.\n'
