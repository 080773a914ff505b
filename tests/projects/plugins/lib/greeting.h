/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GREETING_H
#define GREETING_H

/* The name of the process that calls; valid until the next call. */
const char *greeting(void);

#endif
