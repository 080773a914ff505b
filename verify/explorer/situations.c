/* SPDX-License-Identifier: Apache-2.0 */
#include "situations.h"

#include <stdio.h>

uint32_t kx_situations;

static const struct {
	const char *column;
	const char *meaning;
} names[KX_SITUATIONS] = {
	[KX_SEEN_ARM_RING] = {"a1", "arm 1: ring now"},
	[KX_SEEN_ARM_LATER] = {"a2", "arm 2: ring before you sleep"},
	[KX_SEEN_ARM_KERNEL] = {"a3", "arm 3: ask the kernel process to ring"},
	[KX_SEEN_ARM_KERNEL_LATER] = {"a4", "arm 4: the same before you sleep"},
	[KX_SEEN_POLLER_AND_SENTINEL] = {"PS", "a thread polls while a sentinel sleeps"},
	[KX_SEEN_FOLLOWER] = {"Fo", "a thread sleeps until it is promoted"},
	[KX_SEEN_REPLY] = {"Re", "TAKEN -> REPLIED by CAS"},
	[KX_SEEN_REPLY_AGAIN] = {"R2", "that CAS meets a word changed since it was read"},
	[KX_SEEN_TIMED] = {"Ti", "TIMED: a request that may be taken back"},
	[KX_SEEN_TAKEN_BACK] = {"Tb", "TIMED -> FREE: it is"},
	[KX_SEEN_ABANDONED] = {"Ab", "ABANDONED: its client waits no longer"},
	[KX_SEEN_LATE_REPLY] = {"La", "ABANDONED -> FREE: the late reply is dropped"},
	[KX_SEEN_RELAY] = {"Dn", "a request relayed by the kernel process is served"},
	[KX_SEEN_JUDGED] = {"Ju", "JUDGED: the server reads the verdict on its reply"},
	[KX_SEEN_POISON] = {"Po", "POISON: the other side is gone"},
	[KX_SEEN_HOSTILE] = {"Ho", "a client writes what it likes"},
	[KX_SEEN_HOSTILE_FOUND] = {"Hf", "and the server finds it out"},
	[KX_SEEN_CLIENT_DIES] = {"Cd", "a client dies"},
	[KX_SEEN_SERVER_DIES] = {"Sd", "the server dies"},
	[KX_SEEN_KERNEL_DIES] = {"Kd", "the kernel process dies"},
};

static void print_heads(void)
{
	(void)printf("%-24s", "reached by");
	for (unsigned i = 0; i < KX_SITUATIONS; i++)
		(void)printf(" %s", names[i].column);
	(void)printf("\n");
}

void kx_situations_row(const char *scenario, uint32_t seen)
{
	static bool begun;

	if (!begun)
		print_heads();
	begun = true;
	(void)printf("%-24s", scenario);
	for (unsigned i = 0; i < KX_SITUATIONS; i++)
		(void)printf("  %c", seen >> i & 1u ? 'x' : '.');
	(void)printf("\n");
}

void kx_situations_legend(void)
{
	for (unsigned i = 0; i < KX_SITUATIONS; i++)
		(void)printf("%s  %s\n", names[i].column, names[i].meaning);
}

unsigned kx_situations_missing(uint32_t seen)
{
	unsigned missing = 0;

	for (unsigned i = 0; i < KX_SITUATIONS; i++) {
		if (seen >> i & 1u)
			continue;
		missing++;
		(void)printf("no scenario reaches %s, %s\n", names[i].column, names[i].meaning);
	}
	return missing;
}
