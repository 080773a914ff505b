/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KSM_CBOR_H
#define KX_KSM_CBOR_H

/* CBOR (RFC 8949), as modules written by hand put it on record, as text like JSON. */

#include <stdbool.h>
#include <stddef.h>

/*
 * The @size bytes at @data as text into @text of @room bytes, with its final zero: bytes are
 * h'0a1b', tags are left out. False: they are not one whole item, one nested too deeply,
 * or more text than has room.
 */
bool kx_cbor_text(const void *data, size_t size, char *text, size_t room);

#endif /* KX_KSM_CBOR_H */
