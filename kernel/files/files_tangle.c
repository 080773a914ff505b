/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A VFS program has nothing mounted until its Env program has answered it. If that one, or one
 * that it waits for, is a client of the VFS program, neither would ever go on. Helper thread.
 */

#include "files_internal.h"
#include "log.h"

/* Longer chains of programs that wait for one another are taken for a ring. */
#define LINKS_MAX 64u

static bool leads_back(const struct kx_files_client *client)
{
	const struct kx_files_client *next = client;

	for (unsigned links = 0; next && kx_files_waits(next); links++) {
		if (links == LINKS_MAX || next->file.env == client->number)
			return true;
		next = next->file.env ? kx_files_find_client(next->file.env) : NULL;
		if (next && !atomic_load(&next->parked))
			return false;
	}
	return false;
}

bool kx_files_tangled(struct kx_files_client *client)
{
	if (!leads_back(client))
		return false;
	if (!client->tangled)
		kx_log("%s: its file calls end with EDEADLK: they would wait for %s, which waits "
		       "for what its Env program gives, and that for %s. Let the Env program try "
		       "again once %s has mounted, or give it no channel to a VFS program that "
		       "asks it",
		       client->task_name, client->file.task_name, client->task_name,
		       client->file.task_name);
	client->tangled = true;
	return true;
}
