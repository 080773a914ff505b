# SPDX-License-Identifier: Apache-2.0
# cmake -DPROGRAM=... -DSIGNATURES=... -DDATA=... -P make_data.cmake
# Fills DATA with bases/*.sig, bases/MANIFEST and kav.key.
file(MAKE_DIRECTORY ${DATA}/bases)
file(COPY ${SIGNATURES} DESTINATION ${DATA}/bases)
get_filename_component(name ${SIGNATURES} NAME)
file(SHA256 ${SIGNATURES} signatures_sum)
file(SHA256 ${PROGRAM} program_sum)
file(WRITE ${DATA}/bases/MANIFEST "${signatures_sum}  ${name}\n${program_sum}  @program\n")

string(TIMESTAMP year "%Y" UTC)
math(EXPR year "${year} + 10")
file(WRITE ${DATA}/kav.key "product: kosix-kav\nexpires: ${year}-12-31\n")
