/* SPDX-License-Identifier: Apache-2.0 */
#error "of an earlier build; CMake has made another since"
