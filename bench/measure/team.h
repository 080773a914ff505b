/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_TEAM_H
#define KX_BENCH_TEAM_H

/*
 * The processes of one turn. Whatever happens to one of them, the turn ends:
 * the parent sleeps on their pidfds with a time limit, and a member that dies
 * early, fails or takes too long is named and ends all others. If the parent
 * dies, the kernel kills the members (parent-death signal).
 *
 * One thread uses a team. Members are forked, so they see all memory as it was.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum kx_member_kind {
	KX_MEMBER_ENDS,  /* its end with status 0 is part of success */
	KX_MEMBER_STAYS, /* works until the others are done; its end is a failure */
};

struct kx_member {
	const char *name; /* for complaints */
	enum kx_member_kind kind;
	pid_t pid;
	int pidfd;
	bool ended;
};

struct kx_team {
	const char *name; /* for complaints: what the members are doing */
	struct kx_member *members;
	size_t count;
	size_t room;
	/* Sums over ended members, by kx_team_end(). */
	uint64_t cpu_ns;
	uint64_t voluntary;
	uint64_t involuntary;
};

/*
 * Forks a member that runs @work(@arg) and exits with what it returns.
 * False after a complaint: nothing was started.
 */
bool kx_team_spawn(struct kx_team *team, const char *name, enum kx_member_kind kind,
		   int (*work)(void *arg), void *arg);

/*
 * Blocks until each KX_MEMBER_ENDS member has ended well: true. False after a
 * complaint if any member ended in another way or @limit_ns went by.
 */
bool kx_team_wait(struct kx_team *team, uint64_t limit_ns);

/* Kills and reaps every member left, adds up what they used, frees the list. */
void kx_team_end(struct kx_team *team);

/* The same, but asks each member to end first (SIGTERM) and gives it five seconds. */
void kx_team_stop(struct kx_team *team);

#endif /* KX_BENCH_TEAM_H */
