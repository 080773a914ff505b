/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_STDBOOL_H
#define RTL_STDBOOL_H

/* One byte, 0 or 1, the same in C and C++. */

#ifdef __cplusplus
typedef bool rtl_bool;
#define rtl_true  true
#define rtl_false false
#else
typedef _Bool rtl_bool;
#define rtl_true  ((rtl_bool)1)
#define rtl_false ((rtl_bool)0)
#endif

#endif /* RTL_STDBOOL_H */
