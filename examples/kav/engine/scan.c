/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The built-in matcher. Patterns bound to the beginning are judged at the end of the scan from
 * the first bytes and the total size; patterns allowed anywhere are looked for as pieces arrive.
 */

#include "kx_kav_scan.h"

#include <stdio.h>
#include <string.h>

#include "kx_kav_yara.h"
#include "wire/kx_kav_wire.h"

/* A test object is its pattern and blank space, together no longer than this. */
#define TEST_OBJECT_MAX 128

/* The documented prefixes of the test pattern and what an object with each counts as. */
struct prefix {
	char text[6];
	int code;
	enum kx_kav_remedy remedy;
	const char *suffix; /* of the name in the report */
};

static const struct prefix prefixes[] = {
	{"", KX_KAV_VIRUS, KX_KAV_REMEDY_NONE, ""},
	{"WARN-", KX_KAV_MODIFIED, KX_KAV_REMEDY_NONE, ".modified"},
	{"SUSP-", KX_KAV_SUSPICIOUS, KX_KAV_REMEDY_NONE, ""},
	{"CURE-", KX_KAV_VIRUS, KX_KAV_REMEDY_CURE, ""},
	{"DELE-", KX_KAV_VIRUS, KX_KAV_REMEDY_DELETE, ""},
	{"CORR-", KX_KAV_CORRUPTED, KX_KAV_REMEDY_NONE, ""},
	{"ERRO-", KX_KAV_NOT_COMPLETE, KX_KAV_REMEDY_NONE, ""},
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

bool kx_kav_scan_begin(struct kx_kav_scan *scan, const struct kx_kav_bases *bases,
		       uint64_t expected)
{
	scan->bases = bases;
	scan->found = NULL;
	scan->yara = NULL;
	scan->total = 0;
	scan->carry_len = 0;
	if (!bases->yara)
		return true;
	scan->yara = kx_kav_yara_begin(bases->yara, expected);
	return scan->yara != NULL;
}

/* How many bytes of the object count for @signature as "anywhere". */
static uint64_t reach(const struct kx_kav_bases *bases, const struct kx_kav_signature *signature)
{
	if (signature->where == KX_KAV_WHERE_ANY)
		return UINT64_MAX;
	return signature->where == KX_KAV_WHERE_TEST ? bases->anywhere : 0;
}

/* Looks for patterns in @len bytes that are at @offset of the object. */
static void search(struct kx_kav_scan *scan, const uint8_t *data, size_t len, uint64_t offset)
{
	for (size_t i = 0; i < scan->bases->count; i++) {
		const struct kx_kav_signature *signature = &scan->bases->list[i];
		uint64_t end = reach(scan->bases, signature);

		if (end <= offset || (scan->found && scan->found->code >= signature->code))
			continue;
		if (memmem(data, end - offset < len ? (size_t)(end - offset) : len,
			   signature->bytes, signature->len))
			scan->found = signature;
	}
}

/*
 * Patterns that lie across the border of two pieces: the carried bytes and as many of the new
 * piece. Then the last bytes of both become the next carry.
 */
static void search_border(struct kx_kav_scan *scan, const uint8_t *data, size_t len)
{
	size_t keep = scan->bases->longest - 1;
	size_t add = smaller(len, keep);

	memcpy(scan->carry + scan->carry_len, data, add);
	if (scan->carry_len > 0)
		search(scan, scan->carry, scan->carry_len + add, scan->total - scan->carry_len);
	if (len >= keep) {
		memcpy(scan->carry, data + len - keep, keep);
		scan->carry_len = keep;
		return;
	}
	scan->carry_len += add;
	if (scan->carry_len > keep) {
		memmove(scan->carry, scan->carry + scan->carry_len - keep, keep);
		scan->carry_len = keep;
	}
}

bool kx_kav_scan_feed(struct kx_kav_scan *scan, const void *data, size_t len)
{
	if (scan->total < sizeof(scan->head)) {
		size_t at = (size_t)scan->total;

		memcpy(scan->head + at, data, smaller(len, sizeof(scan->head) - at));
	}
	if (scan->bases->longest > 0) {
		search_border(scan, data, len);
		search(scan, data, len, scan->total);
	}
	if (scan->yara)
		kx_kav_yara_feed(scan->yara, data, len);
	scan->total += len;
	if (scan->total <
	    sizeof(scan->head)) /* what the object begins with wins, and how long it is */
		return true;
	return !scan->found || scan->found->code < KX_KAV_VIRUS;
}

static bool head_is(const struct kx_kav_scan *scan, size_t at, const void *bytes, size_t len)
{
	return scan->total >= at + len && memcmp(scan->head + at, bytes, len) == 0;
}

/* Blank, tab, LF, CR and Ctrl-Z up to the end of the object. */
static bool only_blank_from(const struct kx_kav_scan *scan, size_t at)
{
	for (; at < scan->total; at++)
		if (!memchr(" \t\n\r\032", scan->head[at], 5))
			return false;
	return true;
}

static const struct prefix *match_test(const struct kx_kav_scan *scan,
				       const struct kx_kav_signature *signature)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t before = strlen(prefixes[i].text);

		if (scan->total > TEST_OBJECT_MAX + before)
			continue;
		if (head_is(scan, 0, prefixes[i].text, before) &&
		    head_is(scan, before, signature->bytes, signature->len) &&
		    only_blank_from(scan, before + signature->len))
			return &prefixes[i];
	}
	return NULL;
}

static void put(struct kx_kav_verdict *verdict, const char *name, const char *suffix, int code)
{
	verdict->code = code;
	(void)snprintf(verdict->name, sizeof(verdict->name), "%s%s", name, suffix);
}

/* Patterns bound to the beginning; true if one decided. */
static bool judge_head(const struct kx_kav_scan *scan, struct kx_kav_verdict *verdict)
{
	for (size_t i = 0; i < scan->bases->count; i++) {
		const struct kx_kav_signature *signature = &scan->bases->list[i];
		const struct prefix *prefix;

		if (signature->where == KX_KAV_WHERE_START &&
		    head_is(scan, 0, signature->bytes, signature->len)) {
			put(verdict, signature->name, "", signature->code);
			return true;
		}
		if (signature->where != KX_KAV_WHERE_TEST)
			continue;
		prefix = match_test(scan, signature);
		if (prefix) {
			put(verdict, prefix->code <= KX_KAV_NOT_COMPLETE ? "" : signature->name,
			    prefix->suffix, prefix->code);
			verdict->remedy = prefix->remedy;
			return true;
		}
	}
	return false;
}

void kx_kav_scan_end(struct kx_kav_scan *scan, struct kx_kav_verdict *verdict)
{
	struct kx_kav_yara_hit hit = {0};

	*verdict = (struct kx_kav_verdict){.code = KX_KAV_CLEAN};
	if (scan->yara)
		kx_kav_yara_end(scan->yara, &hit);
	if (judge_head(scan, verdict))
		return;
	if (scan->found && scan->found->code >= hit.code)
		put(verdict, scan->found->name, "", scan->found->code);
	else if (hit.code != 0)
		put(verdict, hit.name, "", hit.code);
}
