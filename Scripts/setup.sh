#!/bin/sh
# Installs what a make target needs and this machine does not have.
#
#   Scripts/setup.sh build   the headers and libraries of the engines that examples and benchmarks use
#   Scripts/setup.sh demo    … and libpng
#   Scripts/setup.sh count   … and valgrind, which counts instructions
#   Scripts/setup.sh lupa    what an environment of Python needs, to measure Lupa
#   Scripts/setup.sh lint    the formatter of C sources
#   Scripts/setup.sh test    … and those of all other engines, and the C modules, interpreters and Lua programs that tests use
#
# On Debian and Ubuntu packages are installed through apt, with sudo if need be, and only if some are missing. On other
# systems it says what to install.
set -eu

purpose=${1:-build}
engine_packages="liblua5.4-dev liblua5.1-0-dev libluajit-5.1-dev"
more_engine_packages="liblua5.2-dev liblua5.3-dev"
demo_packages="libpng-dev pkg-config"
count_packages="valgrind binutils"
module_packages="lua-cjson lua-lpeg lua-posix lua-socket"
program_packages="lua5.1 lua5.2 lua5.3 lua5.4 luajit lua-penlight lua-busted lua-filesystem lua-argparse jq"

case $purpose in
  build) packages=$engine_packages ;;
  demo) packages="$engine_packages $demo_packages" ;;
  count) packages="$engine_packages $count_packages" ;;
  lupa)
    if python3 -c "import ensurepip, venv" 2>/dev/null; then exit 0; fi
    packages="python3 python3-venv"
    ;;
  lint) packages=clang-format ;;
  test) packages="$engine_packages $more_engine_packages $demo_packages $module_packages $program_packages" ;;
  *)
    echo "usage: $0 build|demo|count|lupa|lint|test" >&2
    exit 2
    ;;
esac

say() { printf '%s\n' "$*" >&2; }

# ---------------------------------------------------------------- Swift

if ! command -v swift >/dev/null 2>&1; then
  say "setup: swift is not on PATH. Loba needs Swift 6.2 or later: https://www.swift.org/install"
  exit 1
fi

# ---------------------------------------------------------------- other systems

explain() {
  say "setup: packages are installed automatically on Debian and Ubuntu only. If the build misses something:"
  say "  $1"
  if [ "$purpose" = test ]; then say "  Tests whose C module, interpreter or Lua program is missing are skipped, with the reason."; fi
  if [ "$purpose" = test ] && ! command -v jq >/dev/null 2>&1; then
    say "setup: jq is missing, and the tests need it: $2"
    exit 1
  fi
}

if [ "$(uname -s)" = Darwin ]; then
  explain "brew install lua@5.4 lua@5.3 lua@5.1 luajit libpng pkgconf" "brew install jq"
  exit 0
elif ! command -v apt-get >/dev/null 2>&1; then
  if command -v dnf >/dev/null 2>&1; then
    explain "sudo dnf install lua-devel compat-lua-devel luajit-devel libpng-devel pkgconf" "sudo dnf install jq"
  elif command -v pacman >/dev/null 2>&1; then
    explain "sudo pacman -S lua lua51 lua52 lua53 luajit libpng pkgconf   (lua54 instead of lua where lua is no longer 5.4)" \
      "sudo pacman -S jq"
  else
    explain "the development packages of Lua 5.4, Lua 5.1, LuaJIT 2.1 and libpng, and pkg-config" "install jq"
  fi
  exit 0
fi

# ---------------------------------------------------------------- Debian, Ubuntu

missing=
for package in $packages; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  # pkgconf takes the place of pkg-config on newer systems.
  if [ "$package" = pkg-config ] && command -v pkg-config >/dev/null 2>&1; then continue; fi
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    say "setup: these packages are missing, and there is no sudo to install them with. As root:"
    say "  apt-get install$missing"
    exit 1
  fi
  as_root="sudo"
fi

say "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq </dev/null >&2
# shellcheck disable=SC2086 # a list of names
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null >&2
