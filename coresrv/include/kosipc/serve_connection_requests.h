/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_SERVE_CONNECTION_REQUESTS_H
#define KOSIPC_SERVE_CONNECTION_REQUESTS_H

#include <kosipc/simple_connection_acceptor.h>

#endif /* KOSIPC_SERVE_CONNECTION_REQUESTS_H */
