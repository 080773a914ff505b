/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_LAYOUT_H
#define NK_LAYOUT_H

/*
 * Sizes and alignments of the nk types, as numbers: nk-gen-c computes offsets
 * with them and separately built programs rely on them. Only 64-bit targets.
 */

#include <nk/types.h>

#define __NK_SIZEOF_NK_HANDLE_DESC_T  16
#define __NK_ALIGNOF_NK_HANDLE_DESC_T 8
#define __NK_SIZEOF_NK_PTR_T          8
#define __NK_ALIGNOF_NK_PTR_T         4
#define __NK_SIZEOF_NK_MESSAGE        24
#define __NK_ALIGNOF_NK_MESSAGE       8

nk_static_assert(sizeof(nk_handle_desc_t) == __NK_SIZEOF_NK_HANDLE_DESC_T, bad_nk_handle_desc_size);
nk_static_assert(nk_alignof(nk_handle_desc_t) == __NK_ALIGNOF_NK_HANDLE_DESC_T,
		 bad_nk_handle_desc_align);
nk_static_assert(nk_offsetof(nk_handle_desc_t, rights) == 4, bad_nk_handle_desc_rights);
nk_static_assert(nk_offsetof(nk_handle_desc_t, badge) == 8, bad_nk_handle_desc_badge);
nk_static_assert(sizeof(nk_ptr_t) == __NK_SIZEOF_NK_PTR_T, bad_nk_ptr_size);
nk_static_assert(nk_alignof(nk_ptr_t) == __NK_ALIGNOF_NK_PTR_T, bad_nk_ptr_align);
nk_static_assert(sizeof(struct nk_message) == __NK_SIZEOF_NK_MESSAGE, bad_nk_message_size);
nk_static_assert(nk_alignof(struct nk_message) == __NK_ALIGNOF_NK_MESSAGE, bad_nk_message_align);
nk_static_assert(nk_offsetof(struct nk_message, mid) == 2, bad_nk_message_mid);
nk_static_assert(nk_offsetof(struct nk_message, ex) == 4, bad_nk_message_ex);
nk_static_assert(nk_offsetof(struct nk_message, self) == 8, bad_nk_message_self);
nk_static_assert(sizeof(struct nk_refl_endpoint) == 32, bad_nk_refl_endpoint_size);
nk_static_assert(sizeof(struct nk_refl_node) == 56, bad_nk_refl_node_size);

#endif /* NK_LAYOUT_H */
