# SPDX-License-Identifier: Apache-2.0
# cmake -DSIGNATURES=... (-DPROGRAM=... -DDATA=... | -DBUILT_IN=file.c) -P make_data.cmake
# Fills DATA with bases/*.sig, bases/MANIFEST and kav.key for the daemon, or writes the same as a
# table in C for the scanner component: bases in order, and bases changed after they were summed.
get_filename_component(name ${SIGNATURES} NAME)
file(SHA256 ${SIGNATURES} sum)
string(TIMESTAMP year "%Y" UTC)
math(EXPR year "${year} + 10")
set(key "product: kosix-kav\nexpires: ${year}-12-31\n")

# One file of the table: its name and its bytes as text.
function(add_built_in name text)
  string(HEX "${text}" hex)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "((0x..,){16})" "\\1\n\t" bytes "${bytes}")
  string(MAKE_C_IDENTIFIER "file_${name}" id)
  string(LENGTH "${text}" len)
  string(APPEND arrays "static const unsigned char ${id}[] = {\n\t${bytes}\n};\n")
  string(APPEND rows "\t{\"${name}\", ${id}, ${len}},\n")
  set(arrays "${arrays}" PARENT_SCOPE)
  set(rows "${rows}" PARENT_SCOPE)
endfunction()

if(BUILT_IN)
  file(READ ${SIGNATURES} text)
  add_built_in(good-MANIFEST "${sum}  ${name}\n")
  add_built_in(good-${name} "${text}")
  add_built_in(bad-MANIFEST "${sum}  ${name}\n")
  add_built_in(bad-${name} "${text}# One line more than the sum knows of.\n")
  add_built_in(kav.key "${key}")
  file(WRITE ${BUILT_IN} "/* Written by make_data.cmake. */\n#include \"kos/files_built_in.h\"\n\n"
    "${arrays}\nconst struct kx_kav_built_in kx_kav_built_in[] = {\n${rows}\t{NULL, NULL, 0},\n};\n")
  return()
endif()

file(MAKE_DIRECTORY ${DATA}/bases)
file(COPY ${SIGNATURES} DESTINATION ${DATA}/bases)
file(SHA256 ${PROGRAM} program_sum)
file(WRITE ${DATA}/bases/MANIFEST "${sum}  ${name}\n${program_sum}  @program\n")
file(WRITE ${DATA}/kav.key "${key}")
