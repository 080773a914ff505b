# SPDX-License-Identifier: Apache-2.0
include(Platform/Linux-GNU-C)
