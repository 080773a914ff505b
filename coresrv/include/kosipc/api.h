/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_API_H
#define KOSIPC_API_H

/* Everything of kosipc that needs no further system program. */

#include <kosipc/application.h>
#include <kosipc/auto_handle.h>
#include <kosipc/connect_dynamic_channel.h>
#include <kosipc/connect_static_channel.h>
#include <kosipc/event_loop.h>
#include <kosipc/make_application.h>
#include <kosipc/retcode_exception_converter.h>
#include <kosipc/root_component.h>
#include <kosipc/serve_dynamic_channel.h>
#include <kosipc/serve_static_channel.h>
#include <kosipc/simple_connection_acceptor.h>
#include <kosipc/unique_ptr.h>

#endif /* KOSIPC_API_H */
