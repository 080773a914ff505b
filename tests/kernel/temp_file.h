/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEMP_FILE_H
#define KX_TEMP_FILE_H

/* A folder of this test, removed with everything in it by temp_remove(). */
void temp_create(void);
void temp_remove(void);

/* Writes @text to file @name (may contain one folder) and returns its path, valid until the next
 * call. */
const char *temp_write(const char *name, const char *text);
const char *temp_path(const char *name);

#endif /* KX_TEMP_FILE_H */
