# SPDX-License-Identifier: Apache-2.0
# add_kss_pal_qemu_tests(PSL_FILES f... [DEPENDS t...] [ENTITIES e...] [TEST_NAME_PREFIX p]
# [...]): for each policy, number N, the targets kos-qemu-image-<p>PalTestN and
# kos-qemu-image-<p>PalTestN-sim, which run the assertions (PAL) in it. No image is needed:
# the policy compiler runs them. The files of disks and of the VFS mean nothing here.
include_guard(GLOBAL)
include(platform/image)

function(add_kss_pal_qemu_tests)
  cmake_parse_arguments(A "" "TEST_NAME_PREFIX;USE_GENERATE_KOS_TEST"
    "PSL_FILES;DEPENDS;ENTITIES;CUSTOM_VFS;ENV_VARS;IMAGE_FILES" ${ARGN})
  if(NOT A_PSL_FILES)
    message(FATAL_ERROR "kosix: add_kss_pal_qemu_tests: PSL_FILES is not given")
  endif()
  _kosix_image_closure(items ${A_ENTITIES} ${A_CUSTOM_VFS})
  set(programs)
  foreach(item ${items})
    if(TARGET "${item}")
      list(APPEND programs ${item})
    endif()
  endforeach()
  get_property(number GLOBAL PROPERTY KOSIX_PAL_TESTS)
  if(NOT number)
    set(number 0)
  endif()
  foreach(psl ${A_PSL_FILES})
    _kosix_pal_test("${A_TEST_NAME_PREFIX}PalTest${number}" "${psl}")
    math(EXPR number "${number} + 1")
  endforeach()
  set_property(GLOBAL PROPERTY KOSIX_PAL_TESTS ${number})
endfunction()

# One policy; `programs` and A_DEPENDS are the caller's.
function(_kosix_pal_test test psl)
  set(name kos-qemu-image-${test})
  set(work "${CMAKE_CURRENT_BINARY_DIR}/${test}-kss")
  _kosix_image_input(${name} PSL_FILES "${psl}" policy)
  get_filename_component(policy_dir "${policy}" DIRECTORY)
  # Not security.psl: the tests may use a policy of that name.
  _kosix_expand("${policy}" psl "${work}/${test}.psl" ${programs})
  file(CONFIGURE OUTPUT "${work}/Einit.edl" CONTENT "entity Einit\n" @ONLY)
  _kosix_nk_includes(includes)
  _kosix_policy_dirs(dirs "${work}" "${policy_dir}")
  _kosix_policy_source(named "${policy}" "${work}/${test}.psl")
  add_custom_target(${name})
  add_dependencies(${name} ${A_DEPENDS})
  add_custom_target(${name}-sim
    COMMAND "${NK_PSL}" ${dirs} ${includes} --tests run
            ${named} -o "${work}/${test}.psl.c" "${work}/${test}.psl"
    COMMENT "Running the policy tests of ${psl}" USES_TERMINAL VERBATIM)
  add_dependencies(${name}-sim ${name})
  if(TARGET kosix-nk-headers)
    add_dependencies(${name} kosix-nk-headers)
  endif()
endfunction()
