#!/usr/bin/env bash
# Checks that a build has read the Lua headers of the enabled backends, and of no other: a build must succeed where only
# those are installed. The compiler's own dependency files say what was read.
#
#   Scripts/check-headers.sh BUILD-FOLDER SET
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1 set=$2

default_traits() { swift package dump-package </dev/null | jq -r '.traits[] | select(.name == "default") | .enabledTraits[]'; }

case $set in
  none) enabled= ;;
  default) enabled=$(default_traits) ;;
  all | full | asan) enabled=$(ls Backends) ;;
  *)
    # A trait that is no backend may enable others; nothing is said about it.
    [ -d "Backends/$set" ] || exit 0
    enabled=$set
    ;;
esac

wrong=0
for folder in Backends/*/C*/; do
  [ -f "$folder/include/module.modulemap" ] || continue
  backend=$(basename "$(dirname "$folder")")
  target=$(basename "$folder")
  read_headers=$(cat "$build/debug/$target.build/"*.d | tr ' ' '\n' | grep -E '/lua\.h$' || true)
  if grep -qx "$backend" <<<"$enabled"; then
    if [ -z "$read_headers" ]; then
      echo "check-headers: $backend is enabled, but $target was compiled without a lua.h" >&2
      wrong=1
    fi
  elif [ -n "$read_headers" ]; then
    echo "check-headers: $backend is not enabled, but $target has read $read_headers" >&2
    wrong=1
  fi
done
exit $wrong
