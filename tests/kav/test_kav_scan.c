/* SPDX-License-Identifier: Apache-2.0 */

/* The matcher: what counts as found, however the object is cut into pieces. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kx_kav_files.h"
#include "engine/kx_kav_key.h"
#include "engine/kx_kav_scan.h"
#include "engine/kx_kav_yara.h"
#include "pattern.h"
#include "wire/kx_kav_wire.h"

#define ANYWHERE "KOSIX-KAV-" /* and TEST-ANYWHERE: a signature of bases/test.sig */

static struct kx_kav_bases bases;

static int load(void **state)
{
	char why[KX_KAV_WHY_MAX] = "";
	size_t len = 0;
	char *text = kx_kav_file_read(KX_TEST_SIGNATURES, &len);
	bool good = text && kx_kav_bases_add(&bases, "test.sig", text, len, why);

	(void)state;
	free(text);
	return good ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	kx_kav_bases_free(&bases);
	return 0;
}

static struct kx_kav_verdict scan_pieces(const void *data, size_t len, size_t piece)
{
	struct kx_kav_verdict verdict;
	struct kx_kav_scan scan;

	assert_true(kx_kav_scan_begin(&scan, &bases, len));
	for (size_t at = 0; at < len; at += piece)
		(void)kx_kav_scan_feed(&scan, (const char *)data + at,
				       len - at < piece ? len - at : piece);
	kx_kav_scan_end(&scan, &verdict);
	return verdict;
}

static struct kx_kav_verdict scan(const char *text)
{
	return scan_pieces(text, strlen(text), 4096);
}

static void each_documented_prefix_has_its_code(void **state)
{
	static const struct {
		const char *prefix;
		int code;
		enum kx_kav_remedy remedy;
		const char *words;
	} rows[] = {
		{"", KX_KAV_VIRUS, KX_KAV_REMEDY_NONE, "infected: EICAR-Test-File"},
		{"WARN-", KX_KAV_MODIFIED, KX_KAV_REMEDY_NONE,
		 "infected: EICAR-Test-File.modified"},
		{"SUSP-", KX_KAV_SUSPICIOUS, KX_KAV_REMEDY_NONE, "suspicion: EICAR-Test-File"},
		{"CURE-", KX_KAV_VIRUS, KX_KAV_REMEDY_CURE, "infected: EICAR-Test-File"},
		{"DELE-", KX_KAV_VIRUS, KX_KAV_REMEDY_DELETE, "infected: EICAR-Test-File"},
		{"CORR-", KX_KAV_CORRUPTED, KX_KAV_REMEDY_NONE, "corrupted"},
		{"ERRO-", KX_KAV_NOT_COMPLETE, KX_KAV_REMEDY_NONE, "I/O error"},
		{"NONE-", KX_KAV_CLEAN, KX_KAV_REMEDY_NONE, "ok."},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kx_kav_verdict verdict = scan(kx_pattern(rows[i].prefix));
		char words[128];

		kx_kav_verdict_text(&verdict, words, sizeof(words));
		assert_string_equal(words, rows[i].words);
		assert_int_equal(verdict.code, rows[i].code);
		assert_int_equal(verdict.remedy, rows[i].remedy);
	}
}

static void blank_space_may_follow_up_to_128_bytes(void **state)
{
	char text[256];

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, kx_pattern(""), KX_PATTERN_LEN);
	memcpy(text + KX_PATTERN_LEN, " \t\r\n\032", 5);
	assert_int_equal(scan_pieces(text, 128, 4096).code, KX_KAV_VIRUS);
	assert_int_equal(scan_pieces(text, 129, 4096).code, KX_KAV_CLEAN);
	text[100] = 'x';
	assert_int_equal(scan_pieces(text, 128, 4096).code, KX_KAV_CLEAN);
}

static void the_pattern_counts_at_the_start_only(void **state)
{
	(void)state;
	assert_int_equal(scan("").code, KX_KAV_CLEAN);
	assert_int_equal(scan(kx_pattern(" ")).code, KX_KAV_CLEAN);
	assert_int_equal(scan_pieces(kx_pattern(""), KX_PATTERN_LEN - 1, 4096).code, KX_KAV_CLEAN);
}

static void anywhere_looks_into_the_first_bytes(void **state)
{
	static char text[8192];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 1000, kx_pattern(""), KX_PATTERN_LEN);
	assert_int_equal(scan_pieces(text, sizeof(text), 100).code, KX_KAV_CLEAN);
	bases.anywhere = 4096;
	assert_int_equal(scan_pieces(text, sizeof(text), 100).code, KX_KAV_VIRUS);
	bases.anywhere = 1000 + KX_PATTERN_LEN - 1;
	assert_int_equal(scan_pieces(text, sizeof(text), 100).code, KX_KAV_CLEAN);
	bases.anywhere = 0;
}

/* At every offset and with every size of piece: no border hides it. */
static void a_pattern_is_found_across_any_border(void **state)
{
	static const char pattern[] = ANYWHERE "TEST-ANYWHERE";
	char text[200];

	(void)state;
	for (size_t at = 0; at + sizeof(pattern) - 1 <= sizeof(text); at++) {
		memset(text, 'K', sizeof(text));
		memcpy(text + at, pattern, sizeof(pattern) - 1);
		for (size_t piece = 1; piece < 80; piece++)
			assert_int_equal(scan_pieces(text, sizeof(text), piece).code, KX_KAV_VIRUS);
		text[at + 5] = '?';
		for (size_t piece = 1; piece < 80; piece++)
			assert_int_equal(scan_pieces(text, sizeof(text), piece).code, KX_KAV_CLEAN);
	}
}

static void feeding_may_end_when_a_virus_is_found(void **state)
{
	static const uint8_t rest[KX_KAV_SCAN_HEAD];
	struct kx_kav_verdict verdict;
	struct kx_kav_scan one;

	(void)state;
	assert_true(kx_kav_scan_begin(&one, &bases, 100));
	assert_true(kx_kav_scan_feed(&one, "harmless", 8));
	/* What it begins with and how long it is may still decide. */
	assert_true(kx_kav_scan_feed(&one, ANYWHERE "TEST-ANYWHERE", 23));
	assert_false(kx_kav_scan_feed(&one, rest, sizeof(rest)));
	kx_kav_scan_end(&one, &verdict);
	assert_string_equal(verdict.name, "Kosix-Test-Anywhere");
}

static void bad_signature_lines_are_told_with_their_place(void **state)
{
	static const char *const rows[][2] = {
		{"a any 4 6b6", "f.sig:1:1: a pattern is an even number of digits 0-9 and a-f"},
		{"# x\na any 4 6X", "f.sig:2:1: a pattern is an even number of digits 0-9 and a-f"},
		{"a here 4 6b", "f.sig:1:1: the second word is test, start or any"},
		{"a any 5 6b",
		 "f.sig:1:1: the third word is 2 (modified), 3 (suspicious) or 4 (virus)"},
		{"a any 4", "f.sig:1:1: no pattern"},
		{"a", "f.sig:1:1: the second word is test, start or any"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kx_kav_bases other = {0};
		char why[KX_KAV_WHY_MAX] = "";

		assert_false(
			kx_kav_bases_add(&other, "f.sig", rows[i][0], strlen(rows[i][0]), why));
		assert_string_equal(why, rows[i][1]);
		kx_kav_bases_free(&other);
	}
}

static void the_gravest_pattern_anywhere_counts(void **state)
{
	static const char text[] = "mild any 3 6161\nstart start 2 6262\nbad any 4 6363\n";
	struct kx_kav_bases kept = bases;
	char why[KX_KAV_WHY_MAX];

	(void)state;
	bases = (struct kx_kav_bases){0};
	assert_true(kx_kav_bases_add(&bases, "f.sig", text, sizeof(text) - 1, why));
	assert_int_equal(scan("xaacc").code, KX_KAV_VIRUS);
	assert_int_equal(scan("xaaxx").code, KX_KAV_SUSPICIOUS);
	assert_int_equal(scan("bbxxx").code, KX_KAV_MODIFIED);
	assert_int_equal(scan("xbbxx").code, KX_KAV_CLEAN);
	kx_kav_bases_free(&bases);
	bases = kept;
}

static bool key(const char *text, time_t *expires)
{
	const char *why;

	return kx_kav_key_read(text, strlen(text), expires, &why);
}

static void a_key_says_when_it_ends(void **state)
{
	time_t expires = 0;

	(void)state;
	assert_true(key("product: kosix-kav\nexpires: 1970-01-01\n", &expires));
	assert_int_equal(expires, 86400);
	assert_true(key("# a key\nexpires: 2000-02-29 # leap\nproduct: kosix-kav", &expires));
	assert_int_equal(expires, 951868800);
	assert_false(key("product: kosix-kav\n", &expires));
	assert_false(key("expires: 2030-01-01\n", &expires));
	assert_false(key("product: other\nexpires: 2030-01-01\n", &expires));
	assert_false(key("product: kosix-kav\nexpires: 2030-13-01\n", &expires));
	assert_false(key("product: kosix-kav\nexpires: soon\n", &expires));
	assert_false(key("", &expires));
}

#ifdef KX_TEST_RULES
static void yara_rules_find_across_windows(void **state)
{
	static const char *const files[] = {KX_TEST_RULES};
	size_t len = 3 * (size_t)KX_KAV_YARA_WINDOW;
	char why[KX_KAV_WHY_MAX];
	char *text = calloc(1, len);
	size_t places[] = {0, KX_KAV_YARA_WINDOW - 4, 2 * (size_t)KX_KAV_YARA_WINDOW - 70000,
			   len - 8};

	(void)state;
	assert_true(kx_kav_yara_load(&bases.yara, files, 1, why));
	assert_int_equal(scan_pieces(text, len, 1u << 18).code, KX_KAV_CLEAN);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct kx_kav_verdict verdict;

		memcpy(text + places[i], "yarayara", 8);
		verdict = scan_pieces(text, len, 1u << 18);
		assert_int_equal(verdict.code, KX_KAV_SUSPICIOUS);
		assert_string_equal(verdict.name, "kosix_test_rule");
		memset(text + places[i], 0, 8);
	}
	kx_kav_yara_free(bases.yara);
	bases.yara = NULL;
	free(text);
}
#endif

static void rules_that_cannot_be_used_are_refused(void **state)
{
	static const char *const files[] = {"/nonexistent/rules.yar"};
	struct kx_kav_yara *yara;
	char why[KX_KAV_WHY_MAX] = "";

	(void)state;
	assert_false(kx_kav_yara_load(&yara, files, 1, why));
	assert_non_null(strstr(why, "rules.yar"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_documented_prefix_has_its_code),
		cmocka_unit_test(blank_space_may_follow_up_to_128_bytes),
		cmocka_unit_test(the_pattern_counts_at_the_start_only),
		cmocka_unit_test(anywhere_looks_into_the_first_bytes),
		cmocka_unit_test(a_pattern_is_found_across_any_border),
		cmocka_unit_test(feeding_may_end_when_a_virus_is_found),
		cmocka_unit_test(bad_signature_lines_are_told_with_their_place),
		cmocka_unit_test(the_gravest_pattern_anywhere_counts),
		cmocka_unit_test(a_key_says_when_it_ends),
#ifdef KX_TEST_RULES
		cmocka_unit_test(yara_rules_find_across_windows),
#endif
		cmocka_unit_test(rules_that_cannot_be_used_are_refused),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
