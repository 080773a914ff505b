/* SPDX-License-Identifier: Apache-2.0 */

/*
 * YARA rules. A scan collects one window and matches it when it is full or the object ends; the
 * last bytes of a full window begin the next one. A failed match (time, memory) counts as a scan
 * that is not complete, never as clean.
 */

#include "kx_kav_yara.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yara.h>

#include "wire/kx_kav_wire.h"

#define MATCH_SECONDS 30

const bool kx_kav_yara_built = true;

struct kx_kav_yara {
	YR_RULES *rules;
};

struct kx_kav_yara_scan {
	struct kx_kav_yara *yara;
	struct kx_kav_yara_hit hit;
	size_t fresh; /* bytes in the window that were not matched yet */
	size_t len;
	size_t room;
	uint8_t window[];
};

static void note_error(int level, const char *file, int line, const YR_RULE *rule,
		       const char *message, void *why)
{
	char *text = why;

	(void)rule;
	if (level == YARA_ERROR_LEVEL_ERROR && text[0] == '\0')
		(void)snprintf(text, KX_KAV_WHY_MAX, "%s:%d:1: %s", file ? file : "rules", line,
			       message);
}

static bool add_file(YR_COMPILER *compiler, const char *path, char *why)
{
	FILE *file = fopen(path, "re");
	int errors;

	if (!file) {
		(void)snprintf(why, KX_KAV_WHY_MAX, "%s: %s", path, strerrordesc_np(errno));
		return false;
	}
	errors = yr_compiler_add_file(compiler, file, NULL, path);
	(void)fclose(file);
	return errors == 0;
}

static bool compile(struct kx_kav_yara *yara, const char *const *files, size_t count, char *why)
{
	YR_COMPILER *compiler = NULL;
	bool good = yr_compiler_create(&compiler) == ERROR_SUCCESS;

	if (!good)
		return false;
	yr_compiler_set_callback(compiler, note_error, why);
	for (size_t i = 0; good && i < count; i++)
		good = add_file(compiler, files[i], why);
	good = good && yr_compiler_get_rules(compiler, &yara->rules) == ERROR_SUCCESS;
	yr_compiler_destroy(compiler);
	return good;
}

bool kx_kav_yara_load(struct kx_kav_yara **yara, const char *const *files, size_t count, char *why)
{
	struct kx_kav_yara *made = calloc(1, sizeof(*made));

	*yara = NULL;
	(void)snprintf(why, KX_KAV_WHY_MAX, "%s", "");
	if (made && yr_initialize() == ERROR_SUCCESS) {
		if (compile(made, files, count, why)) {
			*yara = made;
			return true;
		}
		(void)yr_finalize();
	}
	free(made);
	if (why[0] == '\0')
		(void)snprintf(why, KX_KAV_WHY_MAX, "YARA could not be started: no memory");
	return false;
}

void kx_kav_yara_free(struct kx_kav_yara *yara)
{
	if (!yara)
		return;
	(void)yr_rules_destroy(yara->rules);
	(void)yr_finalize();
	free(yara);
}

struct kx_kav_yara_scan *kx_kav_yara_begin(struct kx_kav_yara *yara, uint64_t expected)
{
	size_t room = expected < KX_KAV_YARA_WINDOW ? (size_t)expected + KX_KAV_YARA_OVERLAP
						    : KX_KAV_YARA_WINDOW;
	struct kx_kav_yara_scan *scan = malloc(sizeof(*scan) + room);

	if (scan)
		*scan = (struct kx_kav_yara_scan){.yara = yara, .room = room};
	return scan;
}

static int code_of(YR_RULE *rule)
{
	YR_META *meta;

	yr_rule_metas_foreach(rule, meta)
	{
		if (strcmp(meta->identifier, "code") == 0 && meta->type == META_TYPE_INTEGER &&
		    meta->integer >= KX_KAV_MODIFIED && meta->integer <= KX_KAV_VIRUS)
			return (int)meta->integer;
	}
	return KX_KAV_VIRUS;
}

static int on_message(YR_SCAN_CONTEXT *context, int message, void *data, void *user)
{
	struct kx_kav_yara_hit *hit = user;
	YR_RULE *rule = data;

	(void)context;
	if (message != CALLBACK_MSG_RULE_MATCHING || code_of(rule) <= hit->code)
		return CALLBACK_CONTINUE;
	hit->code = code_of(rule);
	(void)snprintf(hit->name, sizeof(hit->name), "%s", rule->identifier);
	return CALLBACK_CONTINUE;
}

static void match_window(struct kx_kav_yara_scan *scan)
{
	int rc = yr_rules_scan_mem(scan->yara->rules, scan->window, scan->len, 0, on_message,
				   &scan->hit, MATCH_SECONDS);

	if (rc != ERROR_SUCCESS && scan->hit.code == 0)
		scan->hit = (struct kx_kav_yara_hit){KX_KAV_NOT_COMPLETE, "YARA"};
	scan->fresh = 0;
}

void kx_kav_yara_feed(struct kx_kav_yara_scan *scan, const uint8_t *data, size_t len)
{
	while (len > 0) {
		size_t n = scan->room - scan->len;

		n = n < len ? n : len;
		memcpy(scan->window + scan->len, data, n);
		scan->len += n;
		scan->fresh += n;
		data += n;
		len -= n;
		if (scan->len < scan->room)
			return;
		match_window(scan);
		scan->len = KX_KAV_YARA_OVERLAP;
		if (scan->len > scan->room / 2)
			scan->len = scan->room / 2;
		memmove(scan->window, scan->window + scan->room - scan->len, scan->len);
	}
}

void kx_kav_yara_end(struct kx_kav_yara_scan *scan, struct kx_kav_yara_hit *hit)
{
	if (scan->fresh > 0)
		match_window(scan);
	*hit = scan->hit;
	free(scan);
}
