/* SPDX-License-Identifier: Apache-2.0 */

/* Collecting the lines of a report. */

#include "report.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/kx_kav_wire.h"

#define CUT_LINE "(report cut: more objects than fit)\n"

/* Cured and deleted objects are less grave than one not checked. */
static int graver(int a, int b)
{
	/* Position = gravity. A client that passes 8 as clean must not see it in place of 1. */
	static const uint8_t order[] = {
		[KX_KAV_CLEAN] = 0,      [KX_KAV_CURED] = 1,        [KX_KAV_DELETED] = 2,
		[KX_KAV_CORRUPTED] = 3,  [KX_KAV_NOT_COMPLETE] = 4, [KX_KAV_MODIFIED] = 5,
		[KX_KAV_SUSPICIOUS] = 6, [KX_KAV_VIRUS] = 7,        [KX_KAV_DAEMON_DAMAGED] = 8,
	};

	if (a > KX_KAV_CORRUPTED || b > KX_KAV_CORRUPTED)
		return a > b ? a : b;
	return order[a] >= order[b] ? a : b;
}

static bool make_room(struct kx_kav_lines *lines, size_t more)
{
	size_t room = lines->room ? lines->room : 256;
	char *text;

	while (room < lines->len + more)
		room *= 2;
	if (room == lines->room)
		return true;
	text = realloc(lines->text, room);
	if (!text)
		return false;
	lines->text = text;
	lines->room = room;
	return true;
}

static void put_safe(struct kx_kav_lines *lines, const char *name)
{
	for (; *name; name++)
		if ((unsigned char)*name < 0x20 || *name == 0x7f)
			lines->text[lines->len++] = '?';
		else
			lines->text[lines->len++] = *name;
}

static bool is_found(int code)
{
	return code >= KX_KAV_MODIFIED && code <= KX_KAV_VIRUS;
}

void kx_kav_report_note(struct kx_kav_report *report, const char *name, const char *words, int code)
{
	struct kx_kav_lines *lines = is_found(code) ? &report->found : &report->other;
	size_t need = strlen(name) + strlen(words) + 2;
	size_t used = report->found.len + report->other.len + sizeof(CUT_LINE);

	if (graver(report->code, code) != report->code) {
		report->code = code;
		report->told = false;
	}
	/* The first line about something found displaces lines that say less. */
	if (is_found(code) && used + need > report->max && report->found.len == 0) {
		report->other.len = 0;
		report->cut = true;
		used = sizeof(CUT_LINE);
	}
	if (used + need > report->max || !make_room(lines, need)) {
		report->cut = true;
		return;
	}
	put_safe(lines, name);
	lines->text[lines->len++] = '\t';
	memcpy(lines->text + lines->len, words, strlen(words));
	lines->len += strlen(words);
	lines->text[lines->len++] = '\n';
	report->told = report->told || code == report->code;
}

void kx_kav_report_add(struct kx_kav_report *report, const char *name,
		       const struct kx_kav_verdict *verdict)
{
	char words[KX_KAV_NAME_MAX + 64];

	kx_kav_verdict_text(verdict, words, sizeof(words));
	kx_kav_report_note(report, name, words, verdict->code);
}

char *kx_kav_report_text(const struct kx_kav_report *report, size_t *len)
{
	size_t all = report->found.len + report->other.len;
	char *text;

	if (all == 0)
		return NULL;
	text = malloc(all + sizeof(CUT_LINE));
	if (!text)
		return NULL;
	if (report->found.len > 0)
		memcpy(text, report->found.text, report->found.len);
	if (report->other.len > 0)
		memcpy(text + report->found.len, report->other.text, report->other.len);
	text[all] = '\0';
	if (report->cut) {
		memcpy(text + all, CUT_LINE, sizeof(CUT_LINE));
		all += strlen(CUT_LINE);
	}
	*len = all;
	return text;
}

void kx_kav_report_free(struct kx_kav_report *report)
{
	free(report->found.text);
	free(report->other.text);
	report->found = report->other = (struct kx_kav_lines){0};
}
