/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_FRONT_H
#define KX_KAV_FRONT_H

/*
 * The front: speaks the kavdaemon protocol on UNIX sockets (AvpCtl), opens what it is asked to
 * check as the peer, and has it judged.
 *
 *   options.c      command line                    listen.c      sockets, pid file, limits
 *   connection.c   one peer: requests, replies     answer.c      one request to one reply
 *   peer.c         who the peer is; acting as it   walk.c        paths to open files
 *   object.c       one object: verdict, remedy     memory.c      shared memory objects
 *   report.c       the report, gravest lines first
 *
 * Threads: the main thread accepts and handles signals; each connection has one thread of its
 * own. struct kx_kav_front is made before the first thread and read-only but for the fields in
 * its second group.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "engine/kx_kav_object.h"
#include "engine/kx_kav_scan.h"

#define KX_KAV_AREAS_MAX     64
#define KX_KAV_LISTENERS_MAX 2

/* Who judges objects: the engine in this process, or a scanner behind a Call. */
struct kx_kav_judge {
	/* 0, or the daemon error every check answers; *@why is good until the next call. */
	int (*state)(struct kx_kav_judge *judge, char *why, size_t room);
	void (*scan)(struct kx_kav_judge *judge, const struct kx_kav_object *object,
		     struct kx_kav_verdict *verdict);
	void (*reload)(struct kx_kav_judge *judge);
	void (*free)(struct kx_kav_judge *judge);
};

struct kx_kav_options {
	const char *folder;          /* of AvpCtl and AvpPid */
	const char *one_shot_socket; /* a second socket that closes after each reply, or NULL */
	const char *bases;
	const char *key;
	const char *objects; /* -o{...}: client role */
	uint64_t anywhere;
	uint64_t memory_offset;
	unsigned connections;     /* at once */
	unsigned request_max;     /* bytes */
	unsigned report_max;      /* bytes */
	unsigned depth;           /* of folders */
	unsigned files;           /* in one request */
	unsigned request_seconds; /* from the first byte of a request to its last */
	unsigned scan_seconds;    /* for one request */
	unsigned idle_seconds;    /* between requests */
	bool one_shot;
	bool may_cure;
	bool may_delete;
	bool background;
	bool kill;
	bool once; /* -q: check and end, no socket */
};

struct kx_kav_area {
	const char *path; /* as given, without a slash at its end */
	int fd;           /* O_PATH */
};

struct kx_kav_front {
	struct kx_kav_options options;
	struct kx_kav_judge *judge;
	struct kx_kav_area areas[KX_KAV_AREAS_MAX];
	unsigned area_count;
	int listeners[KX_KAV_LISTENERS_MAX]; /* [0] AvpCtl, [1] one-shot; -1 if none */
	int pid_file;
	int reserve; /* a descriptor to give up when there are no more */

	/* Written while threads run. */
	atomic_bool stopping;
	pthread_mutex_t mutex;             /* guards the list and the count */
	pthread_cond_t ended;              /* a connection went */
	struct kx_kav_connection *running; /* list */
	unsigned count;
};

/* Milliseconds of the monotonic clock. */
int64_t kx_kav_now(void);

/* One line on stderr, "kavdaemon: " in front. Thread-safe. */
void kx_kav_say(const char *form, ...) __attribute__((format(printf, 1, 2)));

/* The engine in this process. NULL: no memory. */
struct kx_kav_judge *kx_kav_judge_local(const struct kx_kav_options *options);

/* Reads the command line; ends the program on --help, -v and mistakes. */
void kx_kav_options_read(int argc, char **argv, struct kx_kav_options *options,
			 struct kx_kav_area *areas, unsigned *area_count);

/* Makes sockets and the pid file; false after saying why, with nothing left behind. */
bool kx_kav_front_open(struct kx_kav_front *front);
/* Serves until SIGTERM or SIGINT; then ends every connection and removes sockets and pid file. */
void kx_kav_front_run(struct kx_kav_front *front);

/* Starts the thread of one accepted connection; owns @fd from here on. */
void kx_kav_connection_start(struct kx_kav_front *front, int fd, bool one_shot);
/* Hangs up on all peers and waits until their threads have ended. */
void kx_kav_connections_stop(struct kx_kav_front *front);

#endif /* KX_KAV_FRONT_H */
