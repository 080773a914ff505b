# SPDX-License-Identifier: Apache-2.0
# Every library Kosix takes from Debian, and why. tools/packages.txt names the
# packages that bring them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(URCU REQUIRED IMPORTED_TARGET liburcu-memb)       # read-mostly tables
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)           # init.yaml
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)         # JSON in and out
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)      # sandbox filters
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)        # regular expressions in policies
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)           # tests
pkg_check_modules(MD REQUIRED IMPORTED_TARGET libmd)                # SHA-256 of image files
find_package(FLEX REQUIRED)                                         # IDL, CDL, EDL, PSL
find_package(BISON REQUIRED)
