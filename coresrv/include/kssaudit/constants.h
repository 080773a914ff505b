/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KSSAUDIT_CONSTANTS_H
#define KSSAUDIT_CONSTANTS_H

/* Names in audit records; kss/audit.h has those that programs use. */

#include <kss/audit.h>

#endif /* KSSAUDIT_CONSTANTS_H */
