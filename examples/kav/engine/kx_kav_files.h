/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_FILES_H
#define KX_KAV_FILES_H

/*
 * Small files read whole, and their SHA-256 sums as hexadecimal text. files.c is for programs of
 * Linux; kos/files_built_in.c has files in the scanner's program, where FOLDER/NAME is called
 * FOLDER-NAME.
 */

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

/*
 * Whether the folder has a file whose name has one of two ends: signatures without a list of
 * them can't be trusted, an empty folder is just empty. (Never, where folders can't be listed.)
 */
bool kx_kav_folder_has(const char *folder, const char *end, const char *other_end);
bool kx_kav_ends_in(const char *name, const char *end);

void kx_kav_sum_bytes(const void *bytes, size_t len, char sum[KX_KAV_SUM_MAX]);
bool kx_kav_sum_file(const char *path, char sum[KX_KAV_SUM_MAX]);

#endif /* KX_KAV_FILES_H */
