/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The machine's <stdlib.h>, and <stdint.h>, which KasperskyOS's brings along: public
 * programs use uint8_t with no other header.
 */

#include_next <stdlib.h>

#ifndef KOSIX_STDLIB_H
#define KOSIX_STDLIB_H

#include <stdint.h>

#endif
