/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_ALIGN_H
#define RTL_ALIGN_H

/*
 * Rounding of integers to a power of two @align. The result has the wider type
 * of the two; constant expressions for constant arguments.
 */

#define rtl_align_down(value, align) ((value) & ~((align)-1))
#define rtl_align_up(value, align)   (((value) + ((align)-1)) & ~((align)-1))
#define rtl_is_aligned(value, align) (((value) & ((align)-1)) == 0)

#endif /* RTL_ALIGN_H */
