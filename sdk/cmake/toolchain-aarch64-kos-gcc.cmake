# SPDX-License-Identifier: Apache-2.0
# The SDK's toolchain file with the gcc wrappers.
set(KOSIX_COMPILER gcc)
include("${CMAKE_CURRENT_LIST_DIR}/toolchain-aarch64-kos.cmake")
