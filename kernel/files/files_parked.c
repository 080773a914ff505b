/* SPDX-License-Identifier: Apache-2.0 */

/* Calls that wait for the mounts of a VFS program; see files_internal.h. Helper thread; the end,
 * after it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "files_internal.h"
#include "registry.h"

struct parked {
	struct kx_files_client *client;
	struct seccomp_notif notice;
	struct parked *next;
};

/* The oldest first, with the place behind the last. */
static struct parked *first;
static struct parked **end = &first;
static size_t count;
static size_t most = 16; /* at more than that, those that ended are looked for */
/* By place: number of the last late program there that mounted or ended; earlier ones ended. */
static uint32_t ready[KX_TASKS];

bool kx_files_is_ready(uint32_t vfs)
{
	return (int32_t)(ready[vfs % KX_TASKS] - vfs) >= 0;
}

bool kx_files_waits(const struct kx_files_client *client)
{
	const struct kx_files_vfs *vfs = &client->file;

	return vfs->late && vfs->number != client->number && !kx_files_is_ready(vfs->number);
}

void kx_files_ready(uint32_t vfs)
{
	ready[vfs % KX_TASKS] = vfs;
}

static struct parked *take_list(void)
{
	struct parked *list = first;

	first = NULL;
	end = &first;
	count = 0;
	return list;
}

static void release(struct parked *parked)
{
	atomic_fetch_sub(&parked->client->parked, 1);
	free(parked);
}

static void append(struct parked *parked)
{
	parked->next = NULL;
	*end = parked;
	end = &parked->next;
	count++;
}

/* Keeps those of which @keep is true. */
static void sift(bool (*keep)(const struct parked *parked, const void *context),
		 const void *context)
{
	struct parked *next;

	for (struct parked *at = take_list(); at; at = next) {
		next = at->next;
		if (keep(at, context))
			append(at);
		else
			release(at);
	}
}

static bool still_waits(const struct parked *parked, const void *unused)
{
	(void)unused;
	return ioctl(parked->client->notify, SECCOMP_IOCTL_NOTIF_ID_VALID, &parked->notice.id) == 0;
}

int kx_files_park(struct kx_files_client *client, const struct seccomp_notif *notice)
{
	struct parked *parked = malloc(sizeof(*parked));

	if (!parked)
		return -ENOMEM;
	*parked = (struct parked){client, *notice, NULL};
	atomic_fetch_add(&client->parked, 1);
	append(parked);
	/* A fatal signal or its thread's end takes a call away; twice as many are kept as wait. */
	if (count > most) {
		sift(still_waits, NULL);
		most = 2 * count + 16;
	}
	return 0;
}

static bool is_of_another(const struct parked *parked, const void *client)
{
	return parked->client != client;
}

void kx_files_unpark(const struct kx_files_client *client)
{
	sift(is_of_another, client);
}

void kx_files_parked(void (*serve)(struct kx_files_client *client,
				   const struct seccomp_notif *notice))
{
	struct parked *next;

	for (struct parked *at = take_list(); at; at = next) {
		next = at->next;
		if (kx_files_waits(at->client) && !kx_files_tangled(at->client)) {
			append(at);
			continue;
		}
		serve(at->client, &at->notice);
		release(at);
	}
}

void kx_files_parked_fini(void)
{
	struct parked *next;

	for (struct parked *at = take_list(); at; at = next) {
		next = at->next;
		release(at);
	}
	memset(ready, 0, sizeof(ready));
}
