/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_COUNTOF_H
#define RTL_COUNTOF_H

/* Number of elements of an array (never of a pointer). A constant expression. */

#include <rtl/stddef.h>

#define rtl_countof(array) (sizeof(array) / sizeof((array)[0]))

#endif /* RTL_COUNTOF_H */
