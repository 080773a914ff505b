/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_KX_ERRNO_H
#define KX_CLI_KX_ERRNO_H

/*
 * `kosix errno`: what a number printed by a program means. Knows Retcode
 * (rtl/retcode.h) and the small negative nk_err_t values (nk/errno.h).
 */

#include <stdbool.h>
#include <stdio.h>

/*
 * Explains @text, one code: hexadecimal with 0x ("0x90000015"), decimal, signed
 * or not ("-1879048171", "2415919125"), or a name ("rcTimeout", "NK_EPERM").
 * Writes to @out, for people or, with @json, as one JSON object and a newline.
 *
 * Any thread may call it; it blocks only on @out. Returns 0 if the code is a
 * known one, 1 if the fields are shown but nobody defined this code, and 2 if
 * @text is no code at all (then what would be one is said, with @json as an
 * object with "error").
 */
int kx_errno_explain(const char *text, FILE *out, bool json);

/* Lists every known code, one a line (or one JSON array). Returns 0. */
int kx_errno_list(FILE *out, bool json);

#endif /* KX_CLI_KX_ERRNO_H */
