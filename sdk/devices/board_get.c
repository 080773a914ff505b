/* SPDX-License-Identifier: Apache-2.0 */

/* Where a program's board comes from: the kernel process, or KOSIX_BOARD. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "board_kernel.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct kx_board the_board; /* constant after once */
static bool usable;               /* constant after once */

/* Without a file there is nothing to be wrong. */
static bool load_from_kernel(char *message, size_t size)
{
	char *text = kx_board_text();
	FILE *file = text && text[0] ? fmemopen(text, strlen(text), "r") : NULL;
	bool good = true;

	if (file) {
		good = kx_board_parse(file, "board", &the_board, message, size);
		(void)fclose(file);
	}
	free(text);
	return good;
}

static void load(void)
{
	const char *path = getenv("KOSIX_BOARD");
	char message[512];

	if (kx_board_is_shared())
		usable = load_from_kernel(message, sizeof(message));
	else
		usable = !path || !path[0] ||
			 kx_board_read(path, &the_board, message, sizeof(message));
	if (!usable)
		(void)fprintf(stderr, "%s (the board file, named in KOSIX_BOARD)\n", message);
	kx_board_wire_up(&the_board);
}

const struct kx_board *kx_board_get(void)
{
	(void)pthread_once(&once, load);
	return usable ? &the_board : NULL;
}
