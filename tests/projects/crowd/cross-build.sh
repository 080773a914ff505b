#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# As scripts of public projects do: everything exported, the target found in the SDK, the
# tools first in PATH, PREFIX_DIR never set.
set -eu
SCRIPT_DIR="$(dirname "$(realpath "${0}")")"
BUILD="${SCRIPT_DIR}/build"

export LANG=C
export PKG_CONFIG=""
export BUILD_WITH_CLANG=
export BUILD_WITH_GCC=y
SDK_PREFIX="${SDK_PREFIX:-/opt/KasperskyOS-Community-Edition-1.2.0.45}"
KOS_TARGET=kos-image
while [[ $# -gt 0 ]]; do
	case "$1" in
	-s | --sdk) SDK_PREFIX="$2"; shift ;;
	qemu | sim) KOS_TARGET=sim ;;
	hw) KOS_TARGET=kos-image ;;
	*) echo "usage: $0 [-s SDK] [qemu|hw]" >&2; exit 1 ;;
	esac
	shift
done
export SDK_PREFIX
export KOSCEDIR="$SDK_PREFIX"
TARGET="$(basename "$(ls -d "$SDK_PREFIX"/sysroot-* | head -1)")"
export TARGET="${TARGET#sysroot-}"
export TARGET_PLATFORM="$TARGET"
export INSTALL_PREFIX="$BUILD/../install"
export PATH="$SDK_PREFIX/toolchain/bin:$PATH"
[ ! -f "$SDK_PREFIX/common/set_env.sh" ] || source "$SDK_PREFIX/common/set_env.sh"

TOOLCHAIN_SUFFIX=""
if [ "$BUILD_WITH_CLANG" == "y" ]; then TOOLCHAIN_SUFFIX="-clang"; fi
if [ "$BUILD_WITH_GCC" == "y" ]; then TOOLCHAIN_SUFFIX="-gcc"; fi

"$SDK_PREFIX/toolchain/bin/cmake" -G "Unix Makefiles" -B "$BUILD" \
	-D CMAKE_BUILD_TYPE:STRING=Debug \
	-D CMAKE_INSTALL_PREFIX:STRING="$INSTALL_PREFIX" \
	-D CMAKE_FIND_ROOT_PATH="${PREFIX_DIR:-}/sysroot-$TARGET" \
	-D CMAKE_TOOLCHAIN_FILE="$SDK_PREFIX/toolchain/share/toolchain-$TARGET$TOOLCHAIN_SUFFIX.cmake" \
	"$SCRIPT_DIR/" && "$SDK_PREFIX/toolchain/bin/cmake" --build "$BUILD" --target "$KOS_TARGET"
