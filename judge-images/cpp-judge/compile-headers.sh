#!/bin/sh
# compile-headers.sh LIST: each line names a folder, a compiler, a header and the flags of the compilations that will use it.
# GCC takes NAME.gch in place of NAME when it finds it first on its path and compiler and flags are the same.
set -eu
while read -r folder compiler header flags; do
  # shellcheck disable=SC2086 # flags are several words
  source=$(echo "#include <$header>" | "$compiler" $flags -M -x c++ - | tr -s ' \\' '\n\n' | grep "/$header\$" | head -n 1)
  target="$folder/$header.gch"
  mkdir -p "$(dirname "$target")"
  # shellcheck disable=SC2086
  "$compiler" $flags -x c++-header "$source" -o "$target"
done <"$1"
