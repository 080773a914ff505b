/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the scanner reads from its bases folder, and an object it then scans. The input is
 * four texts with NUL between them: MANIFEST, every signature file, the key, the object.
 */

#include "fuzz.h"
#include "kx_kav_engine.h"
#include "kx_kav_files.h"

/* --- files ------------------------------------------------------------------------------ */

enum part { MANIFEST, SIGNATURES, KEY, OBJECT, PARTS };

static struct {
	const char *text;
	size_t size;
} parts[PARTS];

char *kx_kav_file_read(const char *path, size_t *len)
{
	enum part part = !strcmp(path, "key")            ? KEY
			 : strstr(path, KX_KAV_MANIFEST) ? MANIFEST
							 : SIGNATURES;
	char *copy = malloc(parts[part].size + 1);

	fuzz_require(copy);
	if (parts[part].size)
		memcpy(copy, parts[part].text, parts[part].size);
	copy[parts[part].size] = '\0';
	*len = parts[part].size;
	return copy;
}

bool kx_kav_file_join(char path[KX_KAV_PATH_MAX], const char *folder, const char *name)
{
	(void)folder;
	return *name && !strchr(name, '/') &&
	       snprintf(path, KX_KAV_PATH_MAX, "%s", name) < (int)KX_KAV_PATH_MAX;
}

bool kx_kav_folder_has(const char *folder, const char *end, const char *other_end)
{
	(void)folder;
	(void)end;
	(void)other_end;
	return false;
}

bool kx_kav_ends_in(const char *name, const char *end)
{
	size_t len = strlen(name);

	return len > strlen(end) && !strcmp(name + len - strlen(end), end);
}

/* Sums that a fuzzer can get right. */
void kx_kav_sum_bytes(const void *bytes, size_t len, char sum[KX_KAV_SUM_MAX])
{
	(void)bytes;
	(void)len;
	memset(sum, 'a', KX_KAV_SUM_MAX - 1);
	sum[KX_KAV_SUM_MAX - 1] = '\0';
}

bool kx_kav_sum_file(const char *path, char sum[KX_KAV_SUM_MAX])
{
	(void)path;
	kx_kav_sum_bytes("", 0, sum);
	return true;
}

/* --- a run ------------------------------------------------------------------------------ */

static void split(const char *text, size_t size)
{
	for (unsigned i = 0; i < PARTS; i++) {
		const char *end = i + 1 < PARTS && size ? memchr(text, '\0', size) : NULL;

		parts[i].text = text;
		parts[i].size = end ? (size_t)(end - text) : size;
		text += parts[i].size + (end != NULL);
		size -= parts[i].size + (end != NULL);
	}
}

static void scan(const struct kx_kav_bases *bases, size_t piece, struct kx_kav_verdict *verdict)
{
	struct kx_kav_scan scan;
	const char *at = parts[OBJECT].text;
	size_t left = parts[OBJECT].size;

	fuzz_require(kx_kav_scan_begin(&scan, bases, left));
	while (left > 0) {
		size_t now = left < piece ? left : piece;

		if (!kx_kav_scan_feed(&scan, at, now))
			break;
		at += now;
		left -= now;
	}
	kx_kav_scan_end(&scan, verdict);
}

/*
 * In how many pieces an object arrives does not change what comes of it; which of two equally
 * grave patterns is named may depend on it.
 */
static void check_scan(const struct kx_kav_bases *bases)
{
	struct kx_kav_verdict whole;
	struct kx_kav_verdict pieces;

	scan(bases, SIZE_MAX, &whole);
	for (size_t piece = 1; piece < 64; piece = 2 * piece + 1) {
		scan(bases, piece, &pieces);
		fuzz_require(pieces.code == whole.code && pieces.remedy == whole.remedy);
		fuzz_require(!pieces.name[0] == !whole.name[0]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kx_kav_engine_files files = {
		.bases = "bases", .key = "key", .program = "program", .anywhere = 64};
	struct kx_kav_engine *engine;

	split((const char *)data, size);
	engine = kx_kav_engine_load(&files);
	fuzz_require(engine);
	fuzz_require(engine->state == 0 || engine->why[0]);
	if (engine->bases.count)
		check_scan(&engine->bases);
	kx_kav_engine_unref(engine);
	return 0;
}
