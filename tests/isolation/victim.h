/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_ISOLATION_VICTIM_H
#define KX_TEST_ISOLATION_VICTIM_H

/*
 * The process the battery attacks: stands for the kernel process or another
 * entity. It owns one object of every kind that one process can reach another
 * through, and tells the attacker where they are by environment variables.
 */

#include <stdbool.h>
#include <sys/types.h>

#define VICTIM_FACTS 16

struct victim {
	pid_t pid;
	int hold; /* closing it ends the victim */
	char *environment[VICTIM_FACTS + 1];
};

/*
 * Starts a victim. @uid: the user it becomes when this process is root and
 * @switch_user is set. @dumpable: as PR_SET_DUMPABLE. Returns false on failure.
 */
bool victim_start(struct victim *victim, bool switch_user, uid_t uid, bool dumpable);

/* Ends it and removes its objects. Returns whether it lived and its secret was untouched. */
bool victim_end(struct victim *victim);

#endif /* KX_TEST_ISOLATION_VICTIM_H */
