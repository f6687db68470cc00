#!/bin/sh
# Builds a package of this repository that depends on Loba by path.
#
#   Scripts/build-package.sh FOLDER [options of swift build]
#
# SwiftPM looks for new source files only in the package that it builds, not in a dependency by path, unless the
# manifest is newer than its last plan; so that it does, the manifest is touched.
set -eu
folder=$1
shift
touch "$folder/Package.swift"
exec swift build --quiet --package-path "$folder" "$@" </dev/null
