/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MEMORY_FILE_H
#define KX_MEMORY_FILE_H

#include <stddef.h>

/* A file in memory that holds @size bytes of @data, the same one each time; its path. */
const char *fuzz_memory_file(const void *data, size_t size);

#endif /* KX_MEMORY_FILE_H */
