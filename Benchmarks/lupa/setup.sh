#!/usr/bin/env bash
# Makes a Python environment with Lupa in FOLDER, and prints the path of its interpreter.
#
#   Benchmarks/lupa/setup.sh FOLDER
set -euo pipefail
folder=$1
if ! [ -x "$folder/bin/python" ] || ! "$folder/bin/python" -c "import lupa" 2>/dev/null; then
  if ! python3 -m venv "$folder" >&2; then
    echo "lupa/setup.sh: python3 with its venv module is needed (Debian, Ubuntu: apt install python3-venv)" >&2
    exit 1
  fi
  "$folder/bin/pip" install --quiet --disable-pip-version-check lupa >&2
fi
echo "$folder/bin/python"
