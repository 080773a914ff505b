/* SPDX-License-Identifier: Apache-2.0 */

/*
 * libqb over shared memory, as corosync uses it: the server is a loop with one
 * handler, the client calls qb_ipcc_sendv_recv().
 */

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <qb/qbipcc.h>
#include <qb/qbipcs.h>
#include <qb/qbloop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure/complain.h"
#include "peer.h"

#define MESSAGE_ID 1
#define ROOM       (256u * 1024u) /* of a ring: the largest payload twice over */

struct message {
	struct qb_ipc_request_header request;
	char bytes[];
};

struct answer {
	struct qb_ipc_response_header response;
	char bytes[];
};

struct client {
	size_t size;
	qb_ipcc_connection_t *connection;
	struct message *out;
	struct answer *in;
};

static qb_loop_t *loop;

/* --- the server: its loop watches the sockets that wake it up ----------------------- */

static int32_t job_add(enum qb_loop_priority p, void *data, qb_loop_job_dispatch_fn fn)
{
	return qb_loop_job_add(loop, p, data, fn);
}

static int32_t dispatch_add(enum qb_loop_priority p, int32_t fd, int32_t events, void *data,
			    qb_ipcs_dispatch_fn_t fn)
{
	return qb_loop_poll_add(loop, p, fd, events, data, fn);
}

static int32_t dispatch_mod(enum qb_loop_priority p, int32_t fd, int32_t events, void *data,
			    qb_ipcs_dispatch_fn_t fn)
{
	return qb_loop_poll_mod(loop, p, fd, events, data, fn);
}

static int32_t dispatch_del(int32_t fd)
{
	return qb_loop_poll_del(loop, fd);
}

static int32_t accepted(qb_ipcs_connection_t *connection, uid_t uid, gid_t gid)
{
	(void)connection;
	(void)uid;
	(void)gid;
	return 0;
}

static void created(qb_ipcs_connection_t *connection)
{
	(void)connection;
}

static int32_t closed(qb_ipcs_connection_t *connection)
{
	(void)connection;
	return 0;
}

static void destroyed(qb_ipcs_connection_t *connection)
{
	(void)connection;
}

static int32_t process(qb_ipcs_connection_t *connection, void *data, size_t size)
{
	const struct message *message = data;
	struct qb_ipc_response_header head = {
		.id = MESSAGE_ID,
		.size = (int32_t)(sizeof(struct answer) + size - sizeof(*message)),
	};
	struct iovec parts[] = {
		{&head, sizeof(head)},
		{(void *)(uintptr_t)message->bytes, size - sizeof(*message)},
	};

	return qb_ipcs_response_sendv(connection, parts, 2) < 0 ? -1 : 0;
}

/* Rings of a killed server stay in /dev/shm under its number: kept for clean(). */
static bool note_number(const struct kx_peer_job *job)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/libqb.pid", job->folder);
	file = fopen(path, "we");
	if (!file)
		return false;
	fprintf(file, "%d\n", (int)getpid());
	return fclose(file) == 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	(void)kind;
	(void)at;
	return remove(path);
}

static void clean(const struct kx_peer_job *job)
{
	char path[256];
	int number = 0;
	glob_t found;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/libqb.pid", job->folder);
	file = fopen(path, "re");
	if (file && fscanf(file, "%d", &number) == 1 && number > 0) {
		(void)snprintf(path, sizeof(path), "/dev/shm/qb-%d-*", number);
		if (glob(path, 0, NULL, &found) == 0) {
			for (size_t i = 0; i < found.gl_pathc; i++)
				(void)nftw(found.gl_pathv[i], remove_one, 8, FTW_DEPTH | FTW_PHYS);
			globfree(&found);
		}
	}
	if (file)
		(void)fclose(file);
}

static bool serve(const struct kx_peer_job *job, void (*ready)(void *arg), void *arg)
{
	static struct qb_ipcs_service_handlers handlers = {
		.connection_accept = accepted,
		.connection_created = created,
		.connection_closed = closed,
		.connection_destroyed = destroyed,
		.msg_process = process,
	};
	static struct qb_ipcs_poll_handlers poll = {
		.job_add = job_add,
		.dispatch_add = dispatch_add,
		.dispatch_mod = dispatch_mod,
		.dispatch_del = dispatch_del,
	};
	qb_ipcs_service_t *service;
	int32_t rc;

	loop = qb_loop_create();
	service = qb_ipcs_create(job->name, 0, QB_IPC_SHM, &handlers);
	if (!loop || !service || !note_number(job))
		return kx_complain("libqb: can't create the service: %m");
	qb_ipcs_poll_handlers_set(service, &poll);
	qb_ipcs_enforce_buffer_size(service, ROOM);
	rc = qb_ipcs_run(service);
	if (rc != 0)
		return kx_complain("libqb: can't run the service: %s", strerror(-rc));
	ready(arg);
	qb_loop_run(loop);
	return kx_complain("libqb: the loop ended");
}

/* --- the client ------------------------------------------------------------------- */

static void *connect_to(const struct kx_peer_job *job)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->size = job->size;
	client->out = calloc(1, sizeof(*client->out) + job->size);
	client->in = calloc(1, ROOM);
	client->connection = qb_ipcc_connect(job->name, ROOM);
	if (client->connection && client->out && client->in)
		return client;
	(void)kx_complain("libqb: connect: %m");
	return NULL;
}

static bool call(void *arg, const void *out, void *in)
{
	struct client *client = arg;
	struct qb_ipc_request_header head = {
		.id = MESSAGE_ID,
		.size = (int32_t)(sizeof(struct message) + client->size),
	};
	struct iovec parts[] = {
		{&head, sizeof(head)},
		{(void *)(uintptr_t)out, client->size},
	};
	ssize_t got = qb_ipcc_sendv_recv(client->connection, parts, 2, client->in, ROOM, -1);

	if (got != (ssize_t)(sizeof(struct answer) + client->size))
		return kx_complain("libqb: call: %s", got < 0 ? strerror((int)-got) : "too short");
	memcpy(in, client->in->bytes, client->size);
	return true;
}

const struct kx_peer_module *kx_peer_entry(void)
{
	static const struct kx_peer_module module = {
		.interface = KX_PEER_INTERFACE,
		.library = "libqb " KX_PEER_VERSION,
		.serve = serve,
		.connect = connect_to,
		.call = call,
		.clean = clean,
	};

	return &module;
}
