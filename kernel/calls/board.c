/* SPDX-License-Identifier: Apache-2.0 */

/* Pins of the board; see board.h. */

#include "board.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "kx_index.h"

#define FILE_MAX (64u << 10)

static uint8_t pins[KX_BOARD_PINS];              /* KX_BOARD_PIN_... */
static char setters[KX_BOARD_PINS][KX_NAME_MAX]; /* process that set the pin last; "": nobody */
static uint32_t generation;                      /* changes with every change of a pin */
static char *text;                               /* of the board file; NULL: none */
static CDS_LIST_HEAD(watchers);

int kx_board_load(const char *path, char *error, size_t size)
{
	FILE *file;
	size_t got;

	if (!path || !path[0])
		return 0;
	file = fopen(path, "re");
	text = file ? calloc(1, FILE_MAX + 1) : NULL;
	if (!text) {
		(void)snprintf(error, size, "%s: the board file (KOSIX_BOARD) cannot be read: %s",
			       path, strerror(errno));
		if (file)
			(void)fclose(file);
		return -1;
	}
	got = fread(text, 1, FILE_MAX + 1, file);
	(void)fclose(file);
	if (got > FILE_MAX) {
		(void)snprintf(error, size, "%s: a board file has at most %u bytes", path,
			       FILE_MAX);
		kx_board_clear();
		return -1;
	}
	text[got] = '\0';
	return 0;
}

void kx_board_clear(void)
{
	free(text);
	text = NULL;
}

static enum kx_rc give_bytes(struct kx_call_job *job, const void *bytes, size_t size)
{
	job->out = malloc(size ? size : 1);
	if (!job->out)
		return KX_RC_OUT_OF_MEMORY;
	memcpy(job->out, bytes, size);
	job->out_len = size;
	return KX_RC_OK;
}

static enum kx_rc give_text(struct kx_call_job *job)
{
	job->args[0] = text != NULL;
	return give_bytes(job, text ? text : "", text ? strlen(text) : 0);
}

static void wake_watchers(void)
{
	struct kx_call_job *job;
	struct kx_call_job *next;

	cds_list_for_each_entry_safe(job, next, &watchers, waiting)
	{
		job->args[0] = generation;
		kx_call_answer(job, KX_RC_OK);
	}
}

static enum kx_rc set_pin(struct kx_call_job *job)
{
	uint32_t pin = job->args[0];
	uint32_t bits = job->args[1];

	if (pin >= KX_BOARD_PINS || bits & ~KX_BOARD_PIN_BITS)
		return KX_RC_INVALID_ARGUMENT;
	pin = kx_index(pin, KX_BOARD_PINS);
	if (pins[pin] != bits) {
		pins[pin] = (uint8_t)bits;
		generation++;
		wake_watchers();
	}
	(void)snprintf(setters[pin], sizeof(setters[pin]), "%s", job->task->name);
	job->args[0] = generation;
	return KX_RC_OK;
}

static void watch(struct kx_call_job *job)
{
	if (job->args[0] == generation) {
		kx_call_wait(job, &watchers, job->args[1]);
		return;
	}
	job->args[0] = generation;
	kx_call_answer(job, KX_RC_OK);
}

/*
 * Pins that others see are a way between any two entities: there is one only where the person
 * who runs the solution gave it a board. Without it they are shown (kosix board), not read.
 */
void kx_calls_board(struct kx_call_job *job)
{
	if (!text && (job->op == KX_CALL_BOARD_GET || job->op == KX_CALL_BOARD_WAIT)) {
		kx_call_answer(job, KX_RC_SECURITY_DISALLOW);
		return;
	}
	switch (job->op) {
	case KX_CALL_BOARD_TEXT:
		kx_call_answer(job, give_text(job));
		break;
	case KX_CALL_BOARD_SET:
		kx_call_answer(job, set_pin(job));
		break;
	case KX_CALL_BOARD_GET:
		job->args[0] = generation;
		kx_call_answer(job, give_bytes(job, pins, sizeof(pins)));
		break;
	default: /* KX_CALL_BOARD_WAIT */
		watch(job);
	}
}

char *kx_board_describe(void)
{
	json_t *used = json_array();
	json_t *all;
	char *line;

	for (uint32_t i = 0; i < KX_BOARD_PINS; i++)
		if (setters[i][0])
			json_array_append_new(used,
					      json_pack("{s:i,s:i,s:s}", "pin", (int)i, "bits",
							(int)pins[i], "by", setters[i]));
	all = json_pack("{s:I,s:o,s:s*}", "generation", (json_int_t)generation, "pins", used,
			"file", text);
	line = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return line;
}
