/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_MINMAX_H
#define RTL_MINMAX_H

/*
 * Smaller and larger of two. Constant expressions for constant arguments, so
 * an argument with a side effect may have it twice.
 */

#define rtl_min(a, b) ((a) < (b) ? (a) : (b))
#define rtl_max(a, b) ((a) > (b) ? (a) : (b))

#endif /* RTL_MINMAX_H */
