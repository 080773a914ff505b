/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_ISOLATION_BATTERY_H
#define KX_TEST_ISOLATION_BATTERY_H

/*
 * The probes: each tries one way out of an entity and returns 0 if it was open,
 * else the errno that stopped it. Each cleans up after itself.
 */

#include <sys/types.h>

struct probe {
	const char *name;
	int (*attempt)(void);
};

/* Facts about the victim, from the environment; see victim.h. */
struct target {
	pid_t pid;
	unsigned long address;
	int memfd;
	unsigned int tcp_port;
	unsigned int udp_port;
};

extern struct target target;

/* Ends with an empty name. */
extern const struct probe process_probes[];
extern const struct probe object_probes[];
extern const struct probe call_probes[];

/* errno of a failed call, 0 of one that worked. */
int outcome(long result);

/* The same for a call that makes a descriptor, which is closed. */
int outcome_fd(long fd);

#endif /* KX_TEST_ISOLATION_BATTERY_H */
