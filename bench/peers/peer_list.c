/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "peers.h"

#define PEER(SYMBOL, NAME, WHAT, ...)                                                              \
	static const struct kx_peer_self SYMBOL##_self = {__VA_ARGS__};                            \
	const struct kx_subject SYMBOL = {                                                         \
		.name = (NAME),                                                                    \
		.what = (WHAT),                                                                    \
		.floor = true,                                                                     \
		.fits = kx_peer_fits,                                                              \
		.prepare = kx_peer_prepare,                                                        \
		.run_turn = kx_peer_run_turn,                                                      \
		.finish = kx_peer_finish,                                                          \
		.self = &SYMBOL##_self,                                                            \
	}

extern const struct kx_subject kx_peer_unix;
extern const struct kx_subject kx_peer_nng;
extern const struct kx_subject kx_peer_nanomsg;
extern const struct kx_subject kx_peer_boost;
extern const struct kx_subject kx_peer_capnp;
extern const struct kx_subject kx_peer_iceoryx_wait;

PEER(kx_peer_unix, "unix", "unix stream socket and poll, by hand", "unix", "", "libc6-dev", false);
PEER(kx_peer_zeromq, "zeromq", "ZeroMQ REQ/REP, ipc", "zeromq", "", "libzmq3-dev", false);
PEER(kx_peer_nng, "nng", "nng req/rep, ipc", "nng", "", "libnng-dev", false);
PEER(kx_peer_nanomsg, "nanomsg", "nanomsg REQ/REP, ipc", "nanomsg", "", "libnanomsg-dev", false);
PEER(kx_peer_sdbus, "sd-bus", "sd-bus method call, peer to peer", "sdbus", "", "libsystemd-dev",
     false);
PEER(kx_peer_libqb, "libqb", "libqb shared memory", "libqb", "", "libqb-dev", false);
PEER(kx_peer_boost, "boost", "Boost.Interprocess queues", "boost", "", "libboost-dev", false);
PEER(kx_peer_capnp, "capnp", "Cap'n Proto RPC, unix socket", "capnp", "", "libcapnp-dev", false);
PEER(kx_peer_grpc, "grpc", "gRPC unary call, unix socket", "grpc", "", "libgrpc++-dev", false);
PEER(kx_peer_iceoryx, "iceoryx", "iceoryx request/response, polling", "iceoryx", "poll",
     "libiceoryx-posh-dev", true);
PEER(kx_peer_iceoryx_wait, "iceoryx-w", "iceoryx request/response, WaitSet", "iceoryx", "wait",
     "libiceoryx-posh-dev", false);
PEER(kx_peer_cpp_ipc, "cpp-ipc", "cpp-ipc channels", "cppipc", "", NULL, false);
PEER(kx_peer_aeron, "aeron", "Aeron IPC, two publications", "aeron", "", NULL, true);

const struct kx_subject *const kx_peers[] = {
	&kx_peer_unix,         &kx_peer_zeromq,
	&kx_peer_nng,          &kx_peer_nanomsg,
	&kx_peer_sdbus,        &kx_peer_libqb,
	&kx_peer_boost,        &kx_peer_capnp,
	&kx_peer_grpc,         &kx_peer_iceoryx,
	&kx_peer_iceoryx_wait, &kx_peer_cpp_ipc,
	&kx_peer_aeron,        NULL,
};

const struct kx_subject *kx_peer_find(const char *name)
{
	for (unsigned i = 0; kx_peers[i]; i++)
		if (strcmp(kx_peers[i]->name, name) == 0)
			return kx_peers[i];
	return NULL;
}
