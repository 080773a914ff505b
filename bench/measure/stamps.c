/* SPDX-License-Identifier: Apache-2.0 */
#include "stamps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "stamp.h"

#define ROOM_FIRST 4096u

static bool make_room(struct kx_stamp_list *list)
{
	size_t room = list->room ? list->room * 2 : ROOM_FIRST;
	struct kx_stamp_event *event;

	if (list->count < list->room)
		return true;
	event = realloc(list->event, room * sizeof(*event));
	if (!event)
		return false;
	list->event = event;
	list->room = room;
	return true;
}

bool kx_stamps_read(struct kx_stamp_list *list, const char *line)
{
	struct kx_stamp_event event;
	unsigned point;
	unsigned cpu;

	if (sscanf(line, "KXCOST %" SCNu64, &list->cost) == 1)
		return true;
	if (sscanf(line, "KXSTAMP %x %x %" SCNx32 " %" SCNx64, &point, &cpu, &event.key,
		   &event.ticks) != 4)
		return false;
	if (point >= KX_STAMP_COUNT || cpu > UINT16_MAX || !make_room(list))
		return false;
	event.point = (uint16_t)point;
	event.cpu = (uint16_t)cpu;
	list->event[list->count++] = event;
	return true;
}

bool kx_stamps_read_file(struct kx_stamp_list *list, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[128];
	bool ok = true;

	if (!file)
		return kx_complain("%s: the kernel process left no stamps: %m", path);
	while (ok && fgets(line, sizeof(line), file))
		ok = kx_stamps_read(list, line);
	(void)fclose(file);
	return ok || kx_complain("%s: a line makes no sense: %s", path, line);
}

static int by_time(const void *a, const void *b)
{
	const struct kx_stamp_event *x = a;
	const struct kx_stamp_event *y = b;

	return (x->ticks > y->ticks) - (x->ticks < y->ticks);
}

void kx_stamps_sort(struct kx_stamp_list *list)
{
	if (list->count)
		qsort(list->event, list->count, sizeof(*list->event), by_time);
}

void kx_stamps_free(struct kx_stamp_list *list)
{
	free(list->event);
	*list = (struct kx_stamp_list){0};
}
