/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_INIT_CHECK_H
#define KX_INIT_CHECK_H

#include "init.h"

/*
 * What needs all entities at once: unique process names, known targets, unique
 * channel names per client; then the order of creation, and each client's
 * connections by name. Fills connection.server and init->order.
 */
void kx_init_check(struct kx_init *init, struct kx_diagnostics *diagnostics);

#endif /* KX_INIT_CHECK_H */
