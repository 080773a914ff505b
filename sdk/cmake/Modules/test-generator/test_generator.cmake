# SPDX-License-Identifier: Apache-2.0
# include(test-generator/test_generator): the policy tests are all there is.
include(test-generator/add_kss_pal_qemu_tests)
