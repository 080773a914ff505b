/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The front as an entity: the same sockets, files and limits as kavdaemon, but objects are judged
 * by the scanner component behind the connection "scanner". It needs sockets and files of Linux:
 * `kosix run --allow=kav.AvpCtl:unix` and so on, see the script run.
 */

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "front/front.h"
#include "kos/kos_call.h"

#define SECONDS 30

static const struct kx_kav_target scanner = {.path = KX_KAV_KOS_PREFIX "scanner",
					     .seconds = SECONDS};

static int state(struct kx_kav_judge *judge, char *why, size_t room)
{
	uint32_t code = 0;

	(void)judge;
	if (kx_kav_kos_state(&scanner, &code, why, room) == 0)
		return (int)code;
	(void)snprintf(why, room, "the scanner does not answer: %s", strerrordesc_np(errno));
	return KX_KAV_NOT_COMPLETE;
}

static void not_complete(struct kx_kav_verdict *verdict, const char *why)
{
	*verdict = (struct kx_kav_verdict){.code = KX_KAV_NOT_COMPLETE};
	(void)snprintf(verdict->name, sizeof(verdict->name), "%s", why);
}

/* A token is good for one remedy; the front carries it out itself once the scanner agreed. */
static enum kx_kav_remedy ask_remedy(uint64_t token)
{
	uint8_t content[64];
	size_t len = 0;

	if (kx_kav_kos_cure(&scanner, token, content, sizeof(content), &len) == 0)
		return KX_KAV_REMEDY_CURE;
	return kx_kav_kos_delete(&scanner, token) == 0 ? KX_KAV_REMEDY_DELETE : KX_KAV_REMEDY_NONE;
}

static void scan(struct kx_kav_judge *judge, const struct kx_kav_object *object,
		 struct kx_kav_verdict *verdict)
{
	struct kx_kav_judged judged = {0};

	(void)judge;
	if (kx_kav_kos_object(&scanner, object, &judged) != 0) {
		not_complete(verdict, "the scanner does not answer");
		return;
	}
	*verdict = judged.verdict;
	if (verdict->code > KX_KAV_CORRUPTED)
		not_complete(verdict, "the scanner is not fit");
	else if (judged.token != 0)
		verdict->remedy = ask_remedy(judged.token);
}

static void reload(struct kx_kav_judge *judge)
{
	(void)judge;
	kx_kav_say("the scanner's bases are part of the image: build and start it again");
}

static void free_judge(struct kx_kav_judge *judge)
{
	(void)judge;
}

int main(int argc, char **argv)
{
	static struct kx_kav_judge judge = {state, scan, reload, free_judge};
	static struct kx_kav_front front;

	kx_kav_options_read(argc, argv, &front.options, front.areas, &front.area_count);
	(void)mkdir(front.options.folder, 0755);
	front.judge = &judge;
	if (!kx_kav_front_open(&front))
		return 1;
	kx_kav_front_run(&front);
	return 0;
}
