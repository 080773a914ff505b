/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KSSAUDIT_ENCODE_H
#define KSSAUDIT_ENCODE_H

/* Security modules write no records of their own here (kss/services.h). */

#include <kss/types.h>

#endif /* KSSAUDIT_ENCODE_H */
