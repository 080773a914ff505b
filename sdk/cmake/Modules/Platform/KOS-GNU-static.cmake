# SPDX-License-Identifier: Apache-2.0
# Programs are built by, and for, this Linux.
include(Platform/Linux)
set(KOS 1)
