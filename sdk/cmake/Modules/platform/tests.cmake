# SPDX-License-Identifier: Apache-2.0
# include(platform/tests): one target under which a project collects its tests.
include_guard(GLOBAL)

function(add_project_tests_main_target)
  if(NOT TARGET tests)
    add_custom_target(tests)
  endif()
endfunction()
