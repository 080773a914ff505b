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

static struct parked *first;
/* By place: number of the last late program there that mounted or ended; earlier ones ended. */
static uint32_t ready[KX_TASKS];

bool kx_files_is_ready(uint32_t vfs)
{
	return (int32_t)(ready[vfs % KX_TASKS] - vfs) >= 0;
}

void kx_files_ready(uint32_t vfs)
{
	ready[vfs % KX_TASKS] = vfs;
}

static void drop(struct parked **at)
{
	struct parked *gone = *at;

	*at = gone->next;
	free(gone);
}

/* A signal or the end of its thread takes a call away; so no more are kept than threads wait. */
static struct parked **drop_ended(const struct kx_files_client *client)
{
	struct parked **at = &first;

	while (*at) {
		if ((*at)->client == client &&
		    ioctl(client->notify, SECCOMP_IOCTL_NOTIF_ID_VALID, &(*at)->notice.id) != 0)
			drop(at);
		else
			at = &(*at)->next;
	}
	return at;
}

int kx_files_park(struct kx_files_client *client, const struct seccomp_notif *notice)
{
	struct parked *parked = malloc(sizeof(*parked));

	if (!parked)
		return -ENOMEM;
	*parked = (struct parked){client, *notice, NULL};
	*drop_ended(client) = parked;
	return 0;
}

void kx_files_unpark(const struct kx_files_client *client)
{
	struct parked **at = &first;

	while (*at) {
		if ((*at)->client == client)
			drop(at);
		else
			at = &(*at)->next;
	}
}

void kx_files_parked(void (*serve)(struct kx_files_client *client,
				   const struct seccomp_notif *notice))
{
	struct parked *list = first;

	first = NULL;
	while (list) {
		serve(list->client, &list->notice);
		drop(&list);
	}
}

void kx_files_parked_fini(void)
{
	while (first)
		drop(&first);
	memset(ready, 0, sizeof(ready));
}
