/* SPDX-License-Identifier: Apache-2.0 */

/* For libkavclient, which knows sockets only: "kos:" paths fail with EPROTONOSUPPORT. */

#include "context.h"

const struct kx_kav_transport *const kx_kav_transport_kos = NULL;
