/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_INTTYPES_H
#define RTL_INTTYPES_H

/* printf conversions for the types of rtl/stdint.h (64-bit targets: LP64). */

#include <rtl/stdint.h>

#define RTL_PRId8  "d"
#define RTL_PRIu8  "u"
#define RTL_PRIx8  "x"
#define RTL_PRId16 "d"
#define RTL_PRIu16 "u"
#define RTL_PRIx16 "x"
#define RTL_PRId32 "d"
#define RTL_PRIu32 "u"
#define RTL_PRIx32 "x"
#define RTL_PRId64 "ld"
#define RTL_PRIu64 "lu"
#define RTL_PRIx64 "lx"

#endif /* RTL_INTTYPES_H */
