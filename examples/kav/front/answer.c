/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One request to one reply. The bytes are those that the known clients do not take for "clean"
 * by mistake: daemon errors always with low nibble 1, and with codes 2 to 4 either a line that
 * says so or no report at all.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define VERSION_TEXT "kosix-kavdaemon 0.1.0, protocol 4\n"

/* The low byte of a version reply is 0, not a code. */
#define VERSION_CODE (-KX_KAV_CODE_BASE)

static uint8_t *encode_text(int code, const char *text, size_t *len)
{
	struct kx_kav_reply reply = {.code = code, .report = text, .report_len = strlen(text)};

	return kx_kav_reply_encode(&reply, len);
}

uint8_t *kx_kav_refuse(const char *why, size_t *len)
{
	char text[256];

	(void)snprintf(text, sizeof(text), "request refused: %s\n", why);
	return encode_text(KX_KAV_NOT_COMPLETE, text, len);
}

static bool has_switch(const struct kx_kav_request *request, const char *name)
{
	const char *at = request->switches;
	size_t len = strlen(name);

	for (; at && *at; at += strcspn(at, "|"), at += *at == '|')
		if (strncmp(at, name, len) == 0 && (at[len] == '|' || at[len] == '\0'))
			return true;
	return false;
}

/*
 * I0 only reports, I2 cures, I3 deletes; without one of them, whatever this front may do. The
 * front's own limits come first in any case.
 */
static void read_switches(struct kx_kav_check *check, const struct kx_kav_request *request)
{
	const struct kx_kav_options *options = &check->front->options;
	bool none = has_switch(request, "I0");
	bool cure = has_switch(request, "I2");
	bool delete_object = has_switch(request, "I3");

	if (!none && !cure && !delete_object)
		cure = delete_object = true;
	check->cure = options->may_cure && cure && !none;
	check->delete_object = options->may_delete && delete_object && !none;
}

static void check_paths(struct kx_kav_check *check, const struct kx_kav_request *request)
{
	if (!kx_kav_peer_enter(check->peer)) {
		kx_kav_report_note(&check->report, "request",
				   "refused: this daemon can't open files as that user",
				   KX_KAV_NOT_COMPLETE);
		return;
	}
	for (size_t i = 0; i < request->count; i++)
		kx_kav_check_path(check, request->objects[i]);
	kx_kav_peer_leave(check->peer);
}

static uint8_t *encode_report(const struct kx_kav_check *check, size_t *len)
{
	int code = check->report.code;
	bool found = code >= KX_KAV_MODIFIED && code <= KX_KAV_VIRUS;
	struct kx_kav_reply reply = {.code = code};
	uint8_t *bytes;
	char *text = NULL;

	if (check->report.told || !found)
		text = kx_kav_report_text(&check->report, &reply.report_len);
	reply.report = text;
	if (code == KX_KAV_CURED && check->cured_size > 0) {
		reply.cured = true;
		reply.cured_size = check->cured_size;
	}
	bytes = kx_kav_reply_encode(&reply, len);
	free(text);
	return bytes;
}

uint8_t *kx_kav_answer(struct kx_kav_front *front, const struct kx_kav_peer *peer,
		       const struct kx_kav_request *request, size_t *len)
{
	struct kx_kav_check check = {
		.front = front,
		.peer = peer,
		.deadline = kx_kav_now() + 1000LL * front->options.scan_seconds,
		.files_left = front->options.files,
		.report.max = front->options.report_max,
	};
	char why[KX_KAV_WHY_MAX];
	uint8_t *bytes;
	int state;

	if (request->flag == KX_KAV_VERSION)
		return encode_text(VERSION_CODE, VERSION_TEXT, len);
	state = front->judge->state(front->judge, why, sizeof(why));
	if (state != 0) {
		char text[KX_KAV_WHY_MAX + 2];

		(void)snprintf(text, sizeof(text), "%s\n", why);
		return encode_text(state, text, len);
	}
	read_switches(&check, request);
	if (request->flag == KX_KAV_SHMEM)
		kx_kav_check_memory(&check, request->key, request->size);
	else
		check_paths(&check, request);
	bytes = encode_report(&check, len);
	kx_kav_report_free(&check.report);
	return bytes;
}
