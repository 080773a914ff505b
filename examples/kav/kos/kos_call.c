/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One call and what its end means in the library's terms. Connections are looked up once a
 * process and kept: they cost a handle, and last as long as the process.
 */

#include "kos_call.h"

#include <coresrv/sl/sl_api.h>
#include <errno.h>
#include <nk/arena.h>
#include <pthread.h>
#include <services/rtl/nk_msg.h>
#include <stdatomic.h>
#include <string.h>

#define CONNECTIONS 16
#define NAME_MAX_KX 64

struct connection {
	char name[NAME_MAX_KX];
	Handle handle;
	nk_iid_t riid;
	atomic_bool answered; /* since it last broke */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct connection connections[CONNECTIONS]; /* only grows, under the mutex */
static atomic_uint connection_count;

static struct connection *find(const char *name)
{
	unsigned count = atomic_load(&connection_count);

	for (unsigned i = 0; i < count; i++)
		if (strcmp(connections[i].name, name) == 0)
			return &connections[i];
	return NULL;
}

/* 0 or an error: no endpoint to be had, or no such connection. */
static int add_locked(const char *name, struct connection **out)
{
	unsigned count = atomic_load(&connection_count);
	struct connection *connection = &connections[count];

	*out = find(name);
	if (*out)
		return 0;
	if (count == CONNECTIONS) {
		errno = EMFILE;
		return KAV_ERROR_SOCKET;
	}
	errno = ENOENT;
	if (strlen(name) >= sizeof(connection->name))
		return KAV_ERROR_CONNECT;
	connection->handle = ServiceLocatorConnect(name);
	if (connection->handle == INVALID_HANDLE)
		return KAV_ERROR_CONNECT;
	connection->riid = ServiceLocatorGetRiid(connection->handle, "scan");
	if (connection->riid == INVALID_RIID)
		return KAV_ERROR_CONNECT;
	memcpy(connection->name, name, strlen(name) + 1);
	atomic_store(&connection_count, count + 1);
	*out = connection;
	return 0;
}

static int connect_to(const struct kx_kav_target *target, struct connection **out)
{
	const char *name = target->path + strlen(KX_KAV_KOS_PREFIX);
	int code;

	*out = find(name);
	if (*out)
		return 0;
	(void)pthread_mutex_lock(&mutex);
	code = add_locked(name, out);
	(void)pthread_mutex_unlock(&mutex);
	return code;
}

static int fail(int code, int error)
{
	errno = error;
	return code;
}

/*
 * rcNotConnected says nothing about when: where the scanner has answered before, it went while
 * it worked for us; where it never has, there is none.
 */
static int not_connected(struct connection *connection)
{
	if (atomic_exchange(&connection->answered, false))
		return fail(KAV_ERROR_READ, ECONNRESET);
	return fail(KAV_ERROR_CONNECT, ECONNREFUSED);
}

static int error_of(Retcode rc, struct connection *connection)
{
	switch (rc) {
	case rcOk:
		atomic_store(&connection->answered, true);
		return 0;
	case rcSecurityDisallow:
		return fail(KAV_ERROR_CONNECT, EACCES);
	case rcNotConnected:
	case rcHandleRevoked:
		return not_connected(connection);
	case rcTimeout:
		return fail(KAV_ERROR_READ_TIMEOUT, ETIMEDOUT);
	case rcIpcInterrupt:
		return fail(KAV_ERROR_WAIT_TO_READ, EINTR);
	case rcOutOfMemory:
	case rcQuotaExceeded:
		return fail(KAV_ERROR_SOCKET, ENOMEM);
	case rcBufferTooLarge:
	case rcBufferTooSmall:
		return fail(KAV_ERROR_WRITE, EMSGSIZE);
	case rcInvalidArgument:
		return fail(KAV_ERROR_WRITE, EINVAL);
	default:
		return fail(KAV_ERROR_READ, EPROTO);
	}
}

int kx_kav_kos_call(const struct kx_kav_target *target, nk_mid_t mid, unsigned handles,
		    const struct kx_kav_exchange *exchange, bool *refused)
{
	struct connection *connection;
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;
	int code = connect_to(target, &connection);

	if (code != 0)
		return code;
	nk_message_set_iid(exchange->req, connection->riid);
	nk_message_set_mid(exchange->req, mid);
	nk_message_set_ncaps(exchange->req, handles);
	if (PackOutMsg(&out, exchange->req, exchange->req_arena) != NK_EOK ||
	    PackInMsg(&in, exchange->res, exchange->res_arena) != NK_EOK)
		return fail(KAV_ERROR_WRITE, EMSGSIZE);
	rc = CallEx(connection->handle, &out, &in, (rtl_uint32_t)target->seconds * 1000u,
		    INVALID_HANDLE);
	code = error_of(rc, connection);
	*refused = code == 0 && nk_message_check_err(exchange->res);
	return code;
}
