#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One build rule of platform/nk: header, descriptors, the copy in the binary folder, and
# a dependency file with the one target that CMake's generators expect.
#   nk-rule.sh NK SOURCE HEADER DEPFILE LOCAL|- JSON|- FLAG...
# LOCAL: the same header for the current binary folder. JSON: descriptors of an EDL.
set -eu
nk=$1 source=$2 header=$3 depfile=$4 local=$5 json=$6
shift 6
"$nk" "$@" -o "${header%/*}" "$source"
[ "$json" = - ] || "$nk" "$@" -W none --descriptors "$json" "$source"
[ "$local" = - ] || cp -f "$header" "$local"
{
	printf '%s\n%s' "$header" "$source" | sed 's/[ #]/\\&/g' | sed 'N;s/\n/: /' | tr -d '\n'
	sed -n '/\.h :/,$ { s/^.*\.h ://; p; }' "${header%.h}.nk.d"
} >"$depfile"
