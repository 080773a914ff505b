/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_STAGE_H
#define KX_STAGE_H

/*
 * What scenarios are made of: clients, one server process with some threads, the
 * kernel process; each client has a channel of its own. Compiled like the shipped
 * source (shipped.h), because it shares its structures.
 */

#include "client.h"
#include "inbox.h"
#include "search.h"
#include "situations.h"

#define KX_STAGE_CHANNELS 4u
#define KX_STAGE_CALLS    8u /* most requests of one client */

enum { SERVER_PROCESS = 5, KERNEL_PROCESS = 6, RELAYED = KX_STAGE_CHANNELS };

struct kx_plot {
	uint8_t clients;
	uint8_t rounds;   /* calls each client makes */
	uint8_t threads;  /* of the server */
	uint8_t idle;     /* channels nobody calls on, used more recently than the others */
	bool settled;     /* clients begin when every server thread sleeps */
	uint8_t relayed;  /* requests that the kernel process hands down */
	uint8_t hostile;  /* client 0 does this many arbitrary things instead of calling */
	bool kernel;      /* the kernel process answers rings and deaths */
	bool kill_client; /* client 0 may die */
	bool kill_server;
	bool kill_kernel; /* and with it, sooner or later, everybody */
	bool judged;      /* relayed replies wait for a verdict */
	bool withdraws;   /* callers of relayed requests may give up or die */
	bool busy;        /* the last request of client 0 takes until client 1's last is served */
	bool grows;       /* server threads but the first begin when it handles its first request */
	bool deadline;    /* calls of client 0 have one */
	bool may_abandon;
	bool interrupt;        /* somebody interrupts client 0 */
	bool interrupt_server; /* somebody interrupts server thread 0, which then ends */
};

struct kx_stage {
	struct kx_inbox inbox;
	struct kx_end ends[KX_STAGE_CHANNELS];
	struct kx_channel_region *regions[KX_STAGE_CHANNELS];
	kx_word client_state[KX_STAGE_CHANNELS]; /* on the client's task page */
	kx_word server_state[KX_STAGE_CHANNELS]; /* on the server's */
	kx_word kbell;
	kx_word karm;
	kx_word kick; /* what clients asked the kernel process to ring, counted */
	kx_word interrupt;
	kx_word interrupt_server;
	struct kx_slot *down;
	uint8_t served[KX_STAGE_CHANNELS + 1][KX_STAGE_CALLS];
	uint8_t settled;
	uint8_t grown;
	uint32_t gen[KX_STAGE_CHANNELS + 1][KX_CHANNEL_SLOTS];
};

extern struct kx_stage *kx_stage;
extern struct kx_plot kx_plot;
extern unsigned kx_stage_waiters; /* threads that must come to an end, one bit each */

/* Makes the memory and the threads of @plot. */
void kx_stage_open(const struct kx_plot *plot);
/* Asked where nothing can move any more: NULL, or what is wrong. */
const char *kx_stage_end(void);

/* First thing a client does. */
void kx_stage_begin(void);

/* Threads, by role. */
void kx_client_body(void *context);
void kx_hostile_body(void *context);
void kx_server_body(void *context);
void kx_kernel_body(void *context);
void kx_relay_body(void *context);
void kx_interrupter_body(void *context);

#endif /* KX_STAGE_H */
