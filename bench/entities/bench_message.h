/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

/*
 * What the entities of a measurement say to each other, and the words they are
 * started with. Public KasperskyOS interfaces only: an entity of the bench can
 * do no more than an entity of anybody.
 *
 *   bench.Echo  echo.echo   mid 0 Echo    @size bytes there and back
 *                           mid 1 Usage   what the server's process used so far
 *                           mid 2 Stamps  print the stamps (anatomy/stamp_log.h)
 *                           mid 3 Die     end at once, without an answer
 *   bench.Gate  gate.gate   mid 0 Arrive  "client N is ready" -> are all?
 *
 * Every caller, busy or idle, arrives at the gate before any is let through, so
 * that all clients call at the same time and idle ones are there to be idle.
 */

#include <coresrv/syscalls.h>
#include <nk/types.h>
#include <stdint.h>

#define BENCH_CHANNEL_ECHO  "bench_echo"
#define BENCH_CHANNEL_GATE  "bench_gate"
#define BENCH_ENDPOINT_ECHO "echo.echo"
#define BENCH_ENDPOINT_GATE "gate.gate"
#define BENCH_PAYLOAD_MAX   65536
#define BENCH_CLIENTS_MAX   32768 /* more than the command line lets through */

enum bench_method {
	BENCH_ECHO = 0,
	BENCH_USAGE = 1,
	BENCH_STAMPS = 2,
	BENCH_DIE = 3,
	BENCH_ARRIVE = 0,
};

struct bench_echo {
	struct nk_message base_;
	uint8_t payload[BENCH_PAYLOAD_MAX]; /* as many as the run is about */
};

struct bench_usage {
	struct nk_message base_;
	uint64_t cpu_ns;
	uint64_t sleeps;
};

struct bench_arrive {
	struct nk_message base_;
	uint64_t number; /* request: the client's; response: 1 if all have arrived */
};

/* @size bytes of constant part at @message as SMsgHdr wants them. */
static inline void bench_pack(SMsgHdr *header, void *message, size_t size)
{
	*header = (SMsgHdr){0};
	header->indirDescs[0].buf = message;
	header->indirDescs[0].size = (rtl_uint32_t)size;
}

#endif /* BENCH_MESSAGE_H */
