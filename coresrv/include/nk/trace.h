/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_TRACE_H
#define NK_TRACE_H

/*
 * What code made with nk-gen-c --trace-client-ipc or --trace-server-ipc calls:
 * one line per message on stderr, and in dump mode its bytes. Hosted code only.
 */

#include <stdio.h>

#include <nk/arena.h>
#include <nk/types.h>

/* @what: call, result, request, response; @method: package, dot, method. */
static inline void nk_trace_headers(const char *what, const char *method,
				    const struct nk_message *msg, const struct nk_arena *arena)
{
	fprintf(stderr, "nk: %s %s iid=%u mid=%u size=%u handles=%u%s arena=%lu\n", what, method,
		msg->iid, msg->mid, msg->ex.size_ex, msg->ex.ncaps, msg->ex.err ? " error" : "",
		nk_arena_allocated_size(arena));
}

static inline void __nk_trace_bytes(const char *what, const void *bytes, nk_size_t size)
{
	const unsigned char *p = __nk_cast(const unsigned char *, bytes);
	nk_size_t i;

	for (i = 0; i < size; i++) {
		if (i % 16 == 0)
			fprintf(stderr, "%snk:   %s %04lx:", i ? "\n" : "", what, i);
		fprintf(stderr, " %02x", p[i]);
	}
	if (size)
		fputc('\n', stderr);
}

static inline void nk_trace_dump(const char *what, const char *method, const struct nk_message *msg,
				 const struct nk_arena *arena)
{
	nk_trace_headers(what, method, msg, arena);
	__nk_trace_bytes("message", msg, msg->ex.size_ex);
	if (arena)
		__nk_trace_bytes("arena", arena->start, nk_arena_allocated_size(arena));
}

#endif /* NK_TRACE_H */
