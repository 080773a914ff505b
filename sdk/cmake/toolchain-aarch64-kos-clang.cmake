# SPDX-License-Identifier: Apache-2.0
# The SDK's toolchain file with the clang wrappers.
set(KOSIX_COMPILER clang)
include("${CMAKE_CURRENT_LIST_DIR}/toolchain-aarch64-kos.cmake")
