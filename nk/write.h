/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NK_WRITE_H
#define KX_NK_WRITE_H

#include <stddef.h>

#include "diag.h"

/*
 * Replaces @path by @len bytes at once: readers see the old file or the new
 * one, and a failure leaves the old. 0, or -1 and a message in @diag.
 */
int kx_write_file(struct kx_diag *diag, const char *path, const char *bytes, size_t len);

#endif /* KX_NK_WRITE_H */
