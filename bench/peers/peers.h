/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_PEERS_H
#define KX_BENCH_PEERS_H

/*
 * Every peer as a subject (subject.h). Which of them can be measured depends on
 * which modules were built: fits() says what is missing.
 */

#include "measure/subject.h"

/* What kx_subject.self of a peer points to. */
struct kx_peer_self {
	const char *module;  /* kosix-bench-peer-MODULE.so */
	const char *variant; /* told to the module */
	const char *package; /* of Debian; NULL: there is none */
	bool spins;          /* never sleeps: needs a core for each party */
};

/* In the order of the table; ends with NULL. */
extern const struct kx_subject *const kx_peers[];

/* The peer called @name, or NULL. */
const struct kx_subject *kx_peer_find(const char *name);

/* Named by the standard set. */
extern const struct kx_subject kx_peer_iceoryx;
extern const struct kx_subject kx_peer_libqb;
extern const struct kx_subject kx_peer_sdbus;
extern const struct kx_subject kx_peer_zeromq;
extern const struct kx_subject kx_peer_grpc;
extern const struct kx_subject kx_peer_cpp_ipc;
extern const struct kx_subject kx_peer_aeron;

/* The functions of every peer's kx_subject (peer_run.c). */
bool kx_peer_fits(const struct kx_subject *self, const struct kx_config *config, char *why,
		  size_t size);
bool kx_peer_prepare(const struct kx_subject *self, const struct kx_config *config, void **state);
bool kx_peer_run_turn(void *state, struct kx_turn *turn);
void kx_peer_finish(void *state);

/* Name and version of the library that @self measures, "" if its module is not there. */
void kx_peer_library(const struct kx_subject *self, char *text, size_t size);

#endif /* KX_BENCH_PEERS_H */
