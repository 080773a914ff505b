/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_PLACE_H
#define KX_BENCH_PLACE_H

/*
 * Where the parties of a measurement run.
 *
 *   pin:C,S[,K]  client on core C, server on core S, broker (for Kosix: the
 *                kernel process) on core K. Without K the broker gets a third
 *                core if there is one, else it shares C and S.
 *   same:N       everybody on core N
 *   duo:A,B      everybody on cores A and B, as the scheduler likes
 *   free         wherever the scheduler likes
 */

#include <stdbool.h>
#include <stddef.h>

enum kx_place_kind {
	KX_PLACE_FREE,
	KX_PLACE_PIN,
	KX_PLACE_SAME,
	KX_PLACE_DUO,
};

enum kx_role {
	KX_ROLE_CLIENT,
	KX_ROLE_SERVER,
	KX_ROLE_BROKER,
};

#define KX_PLACE_NONE (-1) /* no core named */
#define KX_PLACE_TEXT 48   /* room for any place as text */

struct kx_place {
	enum kx_place_kind kind;
	int client; /* same: the core; duo: the first core */
	int server; /* duo: the second core */
	int broker;
};

/* Reads @text. Returns false, with the reason in @why, if it is no placement. */
bool kx_place_parse(const char *text, struct kx_place *place, char *why, size_t size);

/* Writes what kx_place_parse() would read. @text has KX_PLACE_TEXT bytes. */
void kx_place_format(const struct kx_place *place, char *text);

/* False, with the reason in @why, if a named core is not ours to use. */
bool kx_place_check(const struct kx_place *place, char *why, size_t size);

/*
 * Two cores for client and server: different physical ones if there are, a
 * third for the broker if there is one; same:N on a machine of one core.
 */
struct kx_place kx_place_default(void);

/* Cores this process may use. */
unsigned kx_place_allowed(void);

/* The cores that the first @parties roles may use between them. */
unsigned kx_place_cores(const struct kx_place *place, unsigned parties);

/* Binds the calling process. False with errno set if the system refuses. */
bool kx_place_bind(const struct kx_place *place, enum kx_role role);

/* The cores @role is bound to as a list such as "0" or "0,1"; "" if it is free. */
void kx_place_list(const struct kx_place *place, enum kx_role role, char *text, size_t size);

/* Binds the calling process to one core; the load generator uses it. */
bool kx_place_bind_core(int core);

/* The @index-th of those cores, or KX_PLACE_NONE past the last. */
int kx_place_core(const struct kx_place *place, unsigned parties, unsigned index);

/* True if two named cores are hyperthreads of one physical core. */
bool kx_place_shares_core(const struct kx_place *place);

#endif /* KX_BENCH_PLACE_H */
