# SPDX-License-Identifier: Apache-2.0
# einit: init.yaml to the Einit program. Included by nk/CMakeLists.txt.
kx_library(kx_einit
  SOURCES einit_read.c einit_yaml.c einit_resolve.c einit_classes.c einit_gen.c einit_graph.c
    einit_json.c
  PUBLIC_DEPS kx_nk DEPS PkgConfig::YAML PkgConfig::JANSSON)
add_executable(einit einit.c)
target_link_libraries(einit PRIVATE kx_flags kx_einit)
target_compile_definitions(einit PRIVATE KX_VERSION="${PROJECT_VERSION}")
install(TARGETS einit DESTINATION toolchain/bin)
