# SPDX-License-Identifier: Apache-2.0
# include(platform/kpa): nothing here has an effect on this machine.
include_guard(DIRECTORY)
