/* SPDX-License-Identifier: Apache-2.0 */

/* One file: its verdict, and what is done about it. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

bool kx_kav_check_stop(void *self)
{
	const struct kx_kav_check *check = self;

	return atomic_load(&check->front->stopping) || kx_kav_now() >= check->deadline;
}

/* The object becomes the cured text and nothing else. */
static bool cure_file(const struct kx_kav_found *found)
{
	size_t size = sizeof(kx_kav_cured_text);

	if (!found->writable)
		return false;
	return pwrite(found->fd, kx_kav_cured_text, size, 0) == (ssize_t)size &&
	       ftruncate(found->fd, (off_t)size) == 0;
}

/*
 * Only the file that was judged: a name that meanwhile means another file stays.
 * ASSUMES: a name exchanged between the look and the unlink is one the peer could unlink itself.
 */
static bool delete_file(const struct kx_kav_found *found)
{
	struct stat now;

	if (fstatat(found->parent, found->name, &now, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	if (now.st_dev != found->dev || now.st_ino != found->ino)
		return false;
	return unlinkat(found->parent, found->name, 0) == 0;
}

static void remedy(const struct kx_kav_check *check, const struct kx_kav_found *found,
		   struct kx_kav_verdict *verdict)
{
	if (verdict->remedy == KX_KAV_REMEDY_CURE && check->cure && cure_file(found))
		verdict->code = KX_KAV_CURED;
	if (verdict->remedy == KX_KAV_REMEDY_DELETE && check->delete_object && delete_file(found))
		verdict->code = KX_KAV_DELETED;
}

void kx_kav_check_file_object(struct kx_kav_check *check, const struct kx_kav_found *found)
{
	struct kx_kav_object object = kx_kav_object_fd(found->fd, found->size);
	struct kx_kav_verdict verdict;

	object.stop = kx_kav_check_stop;
	object.stop_self = check;
	check->front->judge->scan(check->front->judge, &object, &verdict);
	remedy(check, found, &verdict);
	kx_kav_report_add(&check->report, found->shown, &verdict);
}
