/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_RIG_H
#define KX_TEST_RIG_H

/*
 * Clients and one server over real channel regions, without a kernel process: the
 * rig makes the memory, answers a client's ring() and plays the death path. All of
 * it stands in one block, shared between processes (memfd) or plain memory of one.
 *
 * Every request carries its number and a pattern; the reply another one. What goes
 * wrong anywhere is counted in the block, because a check that fails in a thread
 * or a child cannot end the test.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "client.h"
#include "inbox.h"

#define RIG_CHANNELS    64u
#define RIG_THREADS     4u
#define RIG_MESSAGE_MAX (KX_MESSAGE_MIN + 16u + 65536u)

enum rig_transport { RIG_ONE_THREAD, RIG_THREADED, RIG_PROCESSES };

struct rig_shared {
	struct kx_listener_word kbell;
	struct kx_listener_word karm;
	kx_word client_state[RIG_CHANNELS]; /* enum kx_channel_state */
	kx_word stop;
	kx_word ready; /* server threads that wait for requests */
	_Atomic uint32_t served[RIG_CHANNELS][KX_CHANNEL_SLOTS]; /* requests so far */
	_Atomic uint32_t calls;                                  /* answered rightly */
	_Atomic uint32_t errors;
	_Atomic uint32_t error_line;
	_Atomic uint32_t complaints; /* channels the server found hostile, a bit for every 32nd */
	struct kx_slot down[KX_DOWN_SLOTS];
};

struct rig {
	struct rig_shared *shared;
	uint8_t *regions; /* RIG_CHANNELS of KX_CHANNEL_BYTES(RIG_MESSAGE_MAX) */
	size_t bytes;
	enum rig_transport transport;
	unsigned channels;
	/* The server's own: */
	struct kx_inbox inbox;
	struct kx_end ends[RIG_CHANNELS];
	pthread_t threads[RIG_THREADS];
	unsigned thread_count;
	pid_t server;
};

/* A child that dies with this process. */
pid_t rig_fork(void);

/* Makes memory and inbox. False: no memory. */
bool rig_open(struct rig *rig, enum rig_transport transport, unsigned channels);
void rig_close(struct rig *rig);

/* Starts @threads server threads, in a process of their own if the transport says so. */
bool rig_serve(struct rig *rig, unsigned threads);
/* Ends them and waits; the status of the server's process, 0 if it is not one. */
int rig_stop(struct rig *rig);
/* In a child that serves: returns when told to stop. */
void rig_serve_here(struct rig *rig, unsigned threads);

struct kx_channel_region *rig_region(struct rig *rig, unsigned channel);

/*
 * One call over a channel's slot as its generation @gen, @arena bytes long each
 * way, checked. KX_OK only if the reply is the right one.
 */
enum kx_result rig_call(struct rig *rig, unsigned channel, unsigned slot, uint32_t gen,
			uint32_t arena);

/* What the kernel process does when the server, or a client, is dead. */
void rig_bury_server(struct rig *rig);
void rig_bury_client(struct rig *rig, unsigned channel);

void rig_error(struct rig *rig, uint32_t line);
#define RIG_CHECK(rig, condition)                                                                  \
	do {                                                                                       \
		if (!(condition))                                                                  \
			rig_error((rig), __LINE__);                                                \
	} while (0)

#endif /* KX_TEST_RIG_H */
