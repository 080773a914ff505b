# SPDX-License-Identifier: Apache-2.0
# Toolchain file of the Kosix SDK. Projects see an aarch64 KasperskyOS; the
# programs are compiled for this machine by the wrappers in toolchain/bin.
# The -gcc and -clang variants set KOSIX_COMPILER and include this file.
get_filename_component(KL_SDK_ROOT_PATH "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
if(NOT EXISTS "${KL_SDK_ROOT_PATH}/toolchain/share/cmake/Modules/platform.cmake")
  message(FATAL_ERROR "kosix: ${CMAKE_CURRENT_LIST_FILE} is not in an SDK: what belongs to it is found "
    "from where it stands. Name the one in the SDK, <sdk>/toolchain/share/toolchain-aarch64-kos.cmake")
endif()
set(KOSIX TRUE)
set(KOS 1)

# The name says only which links were made by "make sdk-links"; the folder is one.
if(KL_SDK_ROOT_PATH MATCHES "-([0-9]+\\.[0-9.]+)$")
  set(CMAKE_SYSTEM_VERSION ${CMAKE_MATCH_1})
else()
  set(CMAKE_SYSTEM_VERSION 1.3.0.166)
endif()
set(CMAKE_SYSTEM_NAME KOS-GNU-static)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
if(NOT CMAKE_SYSTEM_SOC AND KL_SDK_ROOT_PATH MATCHES "RadxaRock3a")
  set(CMAKE_SYSTEM_SOC RK3568)
elseif(NOT CMAKE_SYSTEM_SOC)
  set(CMAKE_SYSTEM_SOC BCM2711)
endif()
if(NOT CMAKE_SYSTEM_BOARD)
  set(CMAKE_SYSTEM_BOARD QEMU)
endif()
if(NOT BOARD)
  set(BOARD RPI4_BCM2711)
endif()

set(KOSIX_TOOLS "${KL_SDK_ROOT_PATH}/toolchain/bin")
set(KOSIX_SYSROOT "${KL_SDK_ROOT_PATH}/sysroot-aarch64-kos")
if(NOT KOSIX_COMPILER)
  set(KOSIX_COMPILER gcc)
endif()
if(KOSIX_COMPILER STREQUAL "clang")
  set(CMAKE_C_COMPILER "${KOSIX_TOOLS}/aarch64-kos-clang")
  set(CMAKE_CXX_COMPILER "${KOSIX_TOOLS}/aarch64-kos-clang++")
else()
  set(CMAKE_C_COMPILER "${KOSIX_TOOLS}/aarch64-kos-gcc")
  set(CMAKE_CXX_COMPILER "${KOSIX_TOOLS}/aarch64-kos-g++")
endif()
foreach(language C CXX)
  # check_ipo_supported() wants these; clang's wrapper leaves out what would need others.
  set(CMAKE_${language}_COMPILER_AR "${KOSIX_TOOLS}/aarch64-kos-ar")
  set(CMAKE_${language}_COMPILER_RANLIB "${KOSIX_TOOLS}/aarch64-kos-ranlib")
  set(CMAKE_${language}_FLAGS_INIT "-fstack-protector-strong -fstack-clash-protection -O2")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,-z,noexecstack -Wl,-z,now")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-Wl,-z,noexecstack -Wl,-z,now")
set(CMAKE_MODULE_LINKER_FLAGS_INIT "-Wl,-z,noexecstack -Wl,-z,now")

# The tools, under the cache names that projects know.
set(NK "${KOSIX_TOOLS}/nk-gen-c" CACHE FILEPATH "IDL, CDL, EDL compiler")
set(NK_PSL "${KOSIX_TOOLS}/nk-psl-gen-c" CACHE FILEPATH "PSL compiler")
set(EINIT "${KOSIX_TOOLS}/einit" CACHE FILEPATH "init description processor")
set(MAKEKSS "${KOSIX_TOOLS}/makekss" CACHE FILEPATH "security module builder")
set(MAKEIMG "${KOSIX_TOOLS}/makeimg" CACHE FILEPATH "image builder")
set(QEMU "${KOSIX_TOOLS}/qemu-system-aarch64" CACHE FILEPATH "runs an image")
set(KSS_HEADERS "${KOSIX_SYSROOT}/include" CACHE PATH "headers of security modules")
set(OBJDUMP_EXECUTABLE "${KOSIX_TOOLS}/aarch64-kos-objdump" CACHE FILEPATH "objdump")
find_program(GDB gdb NO_CMAKE_FIND_ROOT_PATH)
set(NK_PLATFORM_FILE "${KOSIX_SYSROOT}/include" CACHE PATH "NK platform path")
set(PKG_CONFIG_EXECUTABLE "${KOSIX_TOOLS}/aarch64-kos-pkg-config" CACHE FILEPATH "pkg-config")

# Scripts may give the SDK's sysroot, which has no C library: that is this machine's.
set(CMAKE_SYSROOT "")

# A project may have given a root of its own, often one that does not exist:
# ours is added, never put in its place. Host packages stay findable after it.
list(APPEND CMAKE_FIND_ROOT_PATH "${KOSIX_SYSROOT}")
list(APPEND CMAKE_PREFIX_PATH "${KOSIX_SYSROOT}")
list(APPEND CMAKE_MODULE_PATH
  "${KL_SDK_ROOT_PATH}/toolchain/share/cmake/Modules"
  "${KL_SDK_ROOT_PATH}/toolchain/share/cmake/Packages")
foreach(kind PROGRAM LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} BOTH)
endforeach()

# Small checks that a project runs at configure time run on this machine.
set(CMAKE_CROSSCOMPILING_EMULATOR /usr/bin/env)
