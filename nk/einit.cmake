# SPDX-License-Identifier: Apache-2.0
# einit: init.yaml to the Einit program. Included by nk/CMakeLists.txt.
add_executable(einit
  ${CMAKE_CURRENT_LIST_DIR}/einit.c ${CMAKE_CURRENT_LIST_DIR}/einit_read.c
  ${CMAKE_CURRENT_LIST_DIR}/einit_yaml.c  ${CMAKE_CURRENT_LIST_DIR}/einit_resolve.c ${CMAKE_CURRENT_LIST_DIR}/einit_classes.c
  ${CMAKE_CURRENT_LIST_DIR}/einit_gen.c ${CMAKE_CURRENT_LIST_DIR}/einit_graph.c
  ${CMAKE_CURRENT_LIST_DIR}/einit_json.c)
target_link_libraries(einit PRIVATE kx_flags kx_nk PkgConfig::YAML PkgConfig::JANSSON)
target_compile_definitions(einit PRIVATE KX_VERSION="${PROJECT_VERSION}")
install(TARGETS einit DESTINATION toolchain/bin)
