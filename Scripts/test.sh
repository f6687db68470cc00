#!/usr/bin/env bash
# Runs the tests with sets of package traits, each in a build folder of its own (.build-NAME) that stays warm.
#
#   Scripts/test.sh              no traits (only built: there is no engine to test), the default traits, the traits Lua51
#                                and LuaJIT alone, all traits together
#   Scripts/test.sh SET…         only these: none, default, all, the name of a trait,
#                                full (all traits, long sweeps), asan (all traits, AddressSanitizer),
#                                random (the random tester under AddressSanitizer, for LOBA_RANDOM_SECONDS in total) or
#                                tsan (the checks of threads under ThreadSanitizer)
#
# Warnings are errors. Every set runs, whatever fails; a table at the end says what did.
set -euo pipefail
cd "$(dirname "$0")/.."

# "trait" lines of the manifest: a new trait is covered by itself.
manifest=$(swift package dump-package </dev/null)
traits=$(jq -r '.traits[].name | select(. != "default")' <<<"$manifest" | sort)
default_traits=$(jq -r '.traits[] | select(.name == "default") | .enabledTraits | join(",")' <<<"$manifest")

sets=("$@")
if [ ${#sets[@]} = 0 ]; then
  sets=(none default)
  # Alone as well: the engines that differ most from the default. The others are tested with all.
  sets+=(Lua51 LuaJIT all)
fi

# For the set asan; the tests of the tool pass it on to the tool.
export LSAN_OPTIONS="suppressions=$PWD/Scripts/leaks.supp:print_suppressions=0"

strict=(-Xswiftc -warnings-as-errors -Xcc -Werror=all)
# A test that hangs must not hold up everything; macOS has no timeout.
limit=(env)
if command -v timeout >/dev/null 2>&1; then limit=(timeout --kill-after=10 "${LOBA_TEST_MINUTES:-15}m"); fi

results=()
failed=()

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

run_set() {
  local name=$1 folder=$1 options=() with=(env) test=(swift test --skip-build --disable-xctest --no-parallel)
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
    asan) options=(--enable-all-traits --sanitize=address) ;;
    tsan)
      options=(--enable-all-traits --sanitize=thread)
      test+=(--filter SafetyTests.SafetyTests/threads)
      ;;
    static)
      # The trait of that engine and no other. With its functions exported it has C modules, as the programs that tests run.
      static_engine=${LOBA_STATIC:-lua54}
      options=(--traits "$(grep -ix -- "$static_engine" <<<"$traits")" -Xlinker --export-dynamic)
      with=(env LOBA_STATIC="$static_engine")
      test+=(--filter "ConformanceTests|CLITests|SafetyTests.SafetyTests")
      ;;
    random)
      options=(--enable-all-traits --sanitize=address)
      folder=asan
      # A seed repeats a round exactly if neither addresses nor hashes differ from run to run.
      local same=(env SWIFT_DETERMINISTIC_HASHING=1)
      if setarch -R true 2>/dev/null; then same+=(setarch -R); fi
      # A seed alone repeats one round.
      if [ -z "${LOBA_RANDOM_SEED:-}" ]; then same+=(env LOBA_RANDOM_SECONDS="${LOBA_RANDOM_SECONDS:-60}"); fi
      test=("${same[@]}" "${test[@]}" --filter RandomTests)
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
    results+=("$name|BUILD FAILED|$log|$((SECONDS - start))")
    failed+=("$name")
    return
  fi
  if ! Scripts/check-headers.sh ".build-$folder" "$name"; then
    results+=("$name|HEADERS FAILED|a backend reads headers that it must not|$((SECONDS - start))")
    failed+=("$name")
    return
  fi
  if [ "$name" = none ]; then
    results+=("$name|ok|builds without any engine|$((SECONDS - start))")
    return
  fi
  log=".build-$folder/$name-test.log"
  say "$name: testing"
  if ! step "$log" "${limit[@]}" "${with[@]}" "${test[@]}" "${options[@]}"; then
    results+=("$name|TESTS FAILED|$log|$((SECONDS - start))")
    failed+=("$name")
    return
  fi
  if ! grep -qE 'Test run with [1-9]' "$log"; then
    results+=("$name|NO TESTS RAN|$log|$((SECONDS - start))")
    failed+=("$name")
    return
  fi
  grep '^random: ' "$log" || true
  tail -n 2 "$log"
  local closing cases
  closing=$(grep -E 'Test run with' "$log" | tail -n 1 | sed -E 's/^[^A-Za-z]*Test run with //; s/ passed after.*//')
  cases=$(sed -nE 's/.*with ([0-9]+) test cases? passed.*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
  results+=("$name|ok|$closing, $cases cases of parameterised tests|$((SECONDS - start))")
}

for name in "${sets[@]}"; do run_set "$name"; done

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
