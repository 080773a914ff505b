/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The dynamic connection manager, class kl.core.DCM, as far as kosipc needs it:
 * the register of who published what. Channels are then made by KnCm calls.
 */

#define CHANNEL_NAME "kl.core.DCM"
#include "NameServer.c" /* NOLINT(bugprone-suspicious-include) */
