# SPDX-License-Identifier: Apache-2.0
# include(platform/options): nothing here has an effect on this machine.
include_guard(DIRECTORY)
