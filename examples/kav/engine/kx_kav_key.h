/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_KEY_H
#define KX_KAV_KEY_H

/*
 * The key: a small text with an expiry date. It enforces nothing; it is there so that "key not
 * found or expired" is a real state of the scanner and not a pretended one.
 *
 *   product: kosix-kav          # any line may end in a comment
 *   expires: 2036-12-31         # the last day the key is good, in UTC
 */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define KX_KAV_KEY_PRODUCT "kosix-kav"

/*
 * Reads a key. On true, *@expires is the first second it is no longer good. False: *@why says
 * what is wrong with the text (a constant string). An expired key is still true: ask the clock.
 */
bool kx_kav_key_read(const char *text, size_t len, time_t *expires, const char **why);

#endif /* KX_KAV_KEY_H */
