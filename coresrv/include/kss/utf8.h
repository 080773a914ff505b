/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KSS_UTF8_H
#define KSS_UTF8_H

/* Checking text in messages. */

#include <nk/types.h>
#include <rtl/compiler.h>

__RTL_BEGIN_DECLS

/* NK_EOK if the @size bytes at @text are UTF-8, else NK_EBADMSG. */
nk_err_t kss_validate_utf8(const nk_char_t *text, nk_size_t size);

__RTL_END_DECLS

#endif /* KSS_UTF8_H */
