/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_FILES_H
#define KX_KAV_FILES_H

/* Small files read whole, and their SHA-256 sums as hexadecimal text. */

#include <stdbool.h>
#include <stddef.h>

#define KX_KAV_PATH_MAX 4096
#define KX_KAV_FILE_MAX (16u << 20)
#define KX_KAV_SUM_MAX  65 /* 64 digits and NUL */

/*
 * The bytes of a regular file, with a NUL behind them: free() them. NULL with errno set when it
 * can't be read or is larger than KX_KAV_FILE_MAX (EFBIG). Does not wait on a FIFO.
 */
char *kx_kav_file_read(const char *path, size_t *len);

/* FOLDER/NAME into @path; false if too long or if @name is not a plain file name. */
bool kx_kav_file_join(char path[KX_KAV_PATH_MAX], const char *folder, const char *name);

void kx_kav_sum_bytes(const void *bytes, size_t len, char sum[KX_KAV_SUM_MAX]);
bool kx_kav_sum_file(const char *path, char sum[KX_KAV_SUM_MAX]);

#endif /* KX_KAV_FILES_H */
