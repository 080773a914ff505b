# SPDX-License-Identifier: Apache-2.0
# Programs are built by, and for, this Linux.
include(Platform/Linux)
set(KOS 1)
# Behind every place of packages: says which Debian package a missing one is in.
list(APPEND CMAKE_SYSTEM_PREFIX_PATH "${KL_SDK_ROOT_PATH}/toolchain/share/kosix/missing")
