/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_SL_SL_API_H
#define CORESRV_SL_SL_API_H

/*
 * Static channels by name. They exist before this process starts, so nothing
 * here waits for the other side or blocks; all is thread-safe. Source: CE 1.1,
 * 1.3 "Service locator".
 */

#include <handle/handletype.h>
#include <nk/types.h>
#include <rtl/assert.h>
#include <rtl/compiler.h>
#include <rtl/random.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <services/handle/if_connection.h>

/* What ServiceLocatorRegister() gives out beside the handle; kept for old sources. */
typedef int ServiceId;

__RTL_BEGIN_DECLS

/* Client handle of the static channel @channelName; INVALID_HANDLE if there is none. */
Handle ServiceLocatorConnect(const char *channelName);

/*
 * Listener handle for the static channel or channels @channelName that this
 * process serves; INVALID_HANDLE if there is none. @attr and @count are not used
 * (pass NULL, 0); *@id becomes a number for ServiceLocatorUnregister().
 */
Handle ServiceLocatorRegister(const char *channelName, void *attr, rtl_size_t count, ServiceId *id);

/* CE 1.1; nothing has to be made ready: rcOk. */
Retcode ServiceLocatorInit(void);

/* Ends the registration; the handle stays. rcInvalidArgument: no such number. */
Retcode ServiceLocatorUnregister(ServiceId id);

/*
 * Number of the endpoint @endpoint of the server behind @channel; INVALID_RIID if
 * it has none. Two names work: the path inside the server ("component.endpoint",
 * "endpoint") and the declaring class with the endpoint ("pkg.Class.endpoint").
 */
nk_iid_t ServiceLocatorGetRiid(Handle channel, const char *endpoint);

__RTL_END_DECLS

#endif /* CORESRV_SL_SL_API_H */
