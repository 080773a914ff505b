/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the daemon says about itself when key, bases or program are not in order, until they are
 * again; and that none of its replies is one which a known client takes for "clean" by mistake.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/kavclient.h"
#include "daemon.h"
#include "engine/kx_kav_files.h"
#include "peer.h"
#include "wire/kx_kav_wire.h"

#define REPLY_ROOM (128u << 10)
#define TRIES      2000

enum belief {
	BELIEF_CLEAN,
	BELIEF_VIRUS,
	BELIEF_DEFER,
};

/*
 * How Exim's kavdaemon client reads a reply: the low nibble of the first byte; with a report, the
 * first line that has the word for the code, and without such a line nothing was found.
 */
static enum belief exim(const uint8_t *reply, long len)
{
	const char *word = (reply[0] & 0x0f) == 3 ? "suspicion: " : "infected: ";
	char report[REPLY_ROOM];

	if (len < 2)
		return BELIEF_DEFER;
	switch (reply[0] & 0x0f) {
	case 2:
	case 3:
	case 4:
		break;
	case 1:
	case 5:
	case 6:
	case 7:
		return BELIEF_DEFER;
	default:
		return BELIEF_CLEAN;
	}
	if (!(reply[1] & 0x01))
		return BELIEF_VIRUS;
	memcpy(report, reply + 6, (size_t)len - 6);
	report[len - 6] = '\0';
	return strstr(report, word) ? BELIEF_VIRUS : BELIEF_CLEAN;
}

/* cgpav: masks with 0xCF. vscan: only the digit 0 is clean. */
static enum belief cgpav(const uint8_t *reply, long len)
{
	unsigned masked = reply[0] & 0xcf;

	if (len < 2 || masked > 8)
		return BELIEF_DEFER;
	return masked >= 2 && masked <= 4 ? BELIEF_VIRUS : BELIEF_CLEAN;
}

static enum belief vscan(const uint8_t *reply, long len)
{
	return len >= 2 && reply[0] == '0' ? BELIEF_CLEAN : BELIEF_VIRUS;
}

static struct kx_daemon daemon_;

static int prepare(void **state)
{
	(void)state;
	kx_daemon_prepare(&daemon_);
	kx_write_file(kx_daemon_data(&daemon_, "clean"), "text", 4);
	return 0;
}

static int remove_all(void **state)
{
	(void)state;
	kx_folder_remove(daemon_.folder);
	return 0;
}

static long ask_path(const char *path, uint8_t *reply)
{
	char request[512];
	int fd = kx_daemon_connect(&daemon_);
	int n = snprintf(request, sizeof(request), "<0>Nov 21 18:38:33:%s", path) + 1;
	long len = kx_daemon_ask(fd, request, (size_t)n, reply, REPLY_ROOM);

	(void)close(fd);
	return len;
}

/* SIGHUP takes effect when the first byte of the reply is @low. */
static void reload_until(unsigned low)
{
	uint8_t reply[REPLY_ROOM] = {0};

	assert_int_equal(kill(daemon_.pid, SIGHUP), 0);
	for (int i = 0; i < TRIES && reply[0] != low; i++)
		assert_true(ask_path(kx_daemon_data(&daemon_, "clean"), reply) >= 2);
	assert_int_equal(reply[0], low);
}

static void expect_state(unsigned low, int error)
{
	kav_ctx ctx = kav_new();
	uint8_t reply[REPLY_ROOM] = {0};
	long len = ask_path(kx_daemon_data(&daemon_, "clean"), reply);
	void *mem;

	assert_int_equal(reply[0], low);
	assert_int_equal(exim(reply, len), BELIEF_DEFER);
	assert_int_equal(vscan(reply, len), BELIEF_VIRUS);
	if (low != 0x37)
		assert_int_equal(cgpav(reply, len), BELIEF_DEFER);
	assert_int_equal(kav_set_socketpath(ctx, daemon_.socket), 0);
	assert_int_equal(kav_check_file(ctx, "/x"), -1);
	assert_int_equal(kav_get_error(ctx), error);
	assert_int_equal(kav_check_mem(ctx, "x", 1), -1);
	assert_int_equal(kav_get_error(ctx), error);
	assert_int_equal(kav_shmem_init(ctx, &mem, 4, NULL), 0);
	assert_int_equal(kav_shmem_check(ctx, 4), -1);
	assert_int_equal(kav_get_error(ctx), error);
	kav_free(ctx);
}

/* Starts in a bad state, then @mend and SIGHUP: clean again. */
static void bad_until_mended(unsigned low, int error, void (*mend)(void))
{
	kx_daemon_start(&daemon_, NULL);
	expect_state(low, error);
	mend();
	reload_until(0x30);
	kx_daemon_end(&daemon_);
}

static void put_key(const char *expires)
{
	char text[128];
	int n = snprintf(text, sizeof(text), "product: kosix-kav\nexpires: %s\n", expires);

	kx_write_file(kx_in(daemon_.folder, "kav.key"), text, (size_t)n);
}

static void mend_key(void)
{
	put_key("2199-12-31");
}

static void a_missing_key_is_reported_until_it_is_there(void **state)
{
	(void)state;
	assert_int_equal(unlink(kx_in(daemon_.folder, "kav.key")), 0);
	bad_until_mended(0x41, KAV_ERROR_BAD_KEYFILE, mend_key);
}

static void an_expired_key_is_reported(void **state)
{
	(void)state;
	put_key("2003-12-31");
	bad_until_mended(0x41, KAV_ERROR_BAD_KEYFILE, mend_key);
	kx_write_file(kx_in(daemon_.folder, "kav.key"), "nonsense", 8);
	bad_until_mended(0x41, KAV_ERROR_BAD_KEYFILE, mend_key);
}

static void mend_folder(void)
{
	assert_int_equal(rename(kx_in(daemon_.folder, "away"), kx_in(daemon_.folder, "bases")), 0);
}

static void missing_bases_are_reported(void **state)
{
	(void)state;
	assert_int_equal(rename(kx_in(daemon_.folder, "bases"), kx_in(daemon_.folder, "away")), 0);
	bad_until_mended(0x71, KAV_ERROR_BASES_NOT_FOUND, mend_folder);
}

static void mend_empty_folder(void)
{
	assert_int_equal(rmdir(kx_in(daemon_.folder, "bases")), 0);
	mend_folder();
}

static void empty_bases_are_reported(void **state)
{
	(void)state;
	assert_int_equal(rename(kx_in(daemon_.folder, "bases"), kx_in(daemon_.folder, "away")), 0);
	assert_int_equal(mkdir(kx_in(daemon_.folder, "bases"), 0755), 0);
	bad_until_mended(0x71, KAV_ERROR_BASES_NOT_FOUND, mend_empty_folder);
}

/* Changes one byte of FOLDER/bases/NAME; doing it twice mends it. */
static void flip(const char *name, size_t at)
{
	char inner[64];
	size_t len = 0;
	char *text;

	(void)snprintf(inner, sizeof(inner), "bases/%s", name);
	text = kx_kav_file_read(kx_in(daemon_.folder, inner), &len);
	assert_true(text && at < len);
	text[at] = text[at] == 'a' ? 'b' : 'a';
	kx_write_file(kx_in(daemon_.folder, inner), text, len);
	free(text);
}

static char saved[4096];
static size_t saved_len;

static void save(const char *name)
{
	char *text = kx_kav_file_read(kx_in(daemon_.folder, name), &saved_len);

	assert_true(text && saved_len < sizeof(saved));
	memcpy(saved, text, saved_len);
	free(text);
}

static void mend_signatures(void)
{
	kx_write_file(kx_in(daemon_.folder, "bases/test.sig"), saved, saved_len);
}

static void a_changed_signature_file_is_reported(void **state)
{
	(void)state;
	save("bases/test.sig");
	flip("test.sig", 100);
	bad_until_mended(0xb1, KAV_ERROR_INTEGRITY_VIOLATED, mend_signatures);
}

static void mend_manifest(void)
{
	kx_write_file(kx_in(daemon_.folder, "bases/MANIFEST"), saved, saved_len);
}

static void a_changed_program_is_reported(void **state)
{
	(void)state;
	save("bases/MANIFEST");
	flip("MANIFEST", 64 + 2 + strlen("test.sig\n") + 3);
	bad_until_mended(0x37, KAV_ERROR_INTEGRITY_VIOLATED, mend_manifest);
}

static void signatures_without_a_manifest_are_not_trusted(void **state)
{
	(void)state;
	save("bases/MANIFEST");
	assert_int_equal(unlink(kx_in(daemon_.folder, "bases/MANIFEST")), 0);
	bad_until_mended(0xb1, KAV_ERROR_INTEGRITY_VIOLATED, mend_manifest);
}

static void a_manifest_must_name_the_program(void **state)
{
	(void)state;
	save("bases/MANIFEST");
	kx_write_file(kx_in(daemon_.folder, "bases/MANIFEST"), saved, 64 + 2 + 9);
	bad_until_mended(0x37, KAV_ERROR_INTEGRITY_VIOLATED, mend_manifest);
}

static void mend_everything(void)
{
	mend_manifest();
	mend_key();
}

static void of_several_states_the_gravest_is_reported(void **state)
{
	(void)state;
	save("bases/MANIFEST");
	put_key("2003-12-31");
	flip("MANIFEST", 3);
	bad_until_mended(0xb1, KAV_ERROR_INTEGRITY_VIOLATED, mend_everything);
}

static void the_version_is_told_in_any_state(void **state)
{
	uint8_t reply[256];
	int fd;

	(void)state;
	put_key("2003-12-31");
	kx_daemon_start(&daemon_, NULL);
	fd = kx_daemon_connect(&daemon_);
	assert_true(kx_daemon_ask(fd, "<4>Nov 21 18:38:33:", 20, reply, sizeof(reply)) > 6);
	assert_int_equal(reply[0], 0);
	(void)close(fd);
	kx_daemon_end(&daemon_);
	mend_key();
}

/* The table of what clients believe, against every kind of object the daemon can find. */
static void no_reply_is_taken_for_clean_by_mistake(void **state)
{
	static const struct {
		const char *prefix;
		unsigned low;
		enum belief exim;
		enum belief vscan;
	} rows[] = {
		{"", 0x34, BELIEF_VIRUS, BELIEF_VIRUS},
		{"WARN-", 0x32, BELIEF_VIRUS, BELIEF_VIRUS},
		{"SUSP-", 0x33, BELIEF_VIRUS, BELIEF_VIRUS},
		{"CURE-", 0x35, BELIEF_DEFER, BELIEF_VIRUS},
		{"DELE-", 0x36, BELIEF_DEFER, BELIEF_VIRUS},
		{"ERRO-", 0x31, BELIEF_DEFER, BELIEF_VIRUS},
		{"CORR-", 0x38, BELIEF_CLEAN, BELIEF_VIRUS},
		{"OK-", 0x30, BELIEF_CLEAN, BELIEF_CLEAN},
	};
	static const char *const arguments[] = {"--cure", "--delete", "--max-report=256", NULL};

	(void)state;
	kx_daemon_start(&daemon_, arguments);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t reply[REPLY_ROOM];
		long len;

		kx_daemon_pattern(&daemon_, "object", rows[i].prefix);
		len = ask_path(kx_daemon_data(&daemon_, "object"), reply);
		assert_int_equal(reply[0], rows[i].low);
		assert_int_equal(exim(reply, len), rows[i].exim);
		assert_int_equal(vscan(reply, len), rows[i].vscan);
		assert_int_not_equal(reply[1], 3);
	}
	kx_daemon_end(&daemon_);
}

/* A line that does not fit must not leave a report that says less than the code. */
static void a_cut_report_hides_nothing(void **state)
{
	static const char *const arguments[] = {"--max-report=256", NULL};
	uint8_t reply[REPLY_ROOM];
	char name[300];
	long len;

	(void)state;
	assert_int_equal(mkdir(kx_daemon_data(&daemon_, "many"), 0755), 0);
	for (int i = 0; i < 50; i++) {
		(void)snprintf(name, sizeof(name), "many/clean%02d", i);
		kx_write_file(kx_daemon_data(&daemon_, name), "", 0);
	}
	kx_daemon_start(&daemon_, arguments);
	(void)strcpy(name, "many/");
	memset(name + 5, 'x', 200);
	name[205] = '\0';
	kx_daemon_pattern(&daemon_, "many/warn", "WARN-");
	kx_daemon_pattern(&daemon_, name, "SUSP-");
	len = ask_path(kx_daemon_data(&daemon_, "many"), reply);
	assert_int_equal(reply[0], 0x33);
	assert_int_equal(exim(reply, len), BELIEF_VIRUS);
	kx_daemon_pattern(&daemon_, name, "");
	len = ask_path(kx_daemon_data(&daemon_, "many"), reply);
	assert_int_equal(reply[0], 0x34);
	assert_int_equal(exim(reply, len), BELIEF_VIRUS);
	assert_true(len <= 256 + 6);
	kx_daemon_end(&daemon_);
}

static void a_file_name_forges_no_line(void **state)
{
	uint8_t reply[REPLY_ROOM];
	long len;

	(void)state;
	kx_daemon_start(&daemon_, NULL);
	kx_daemon_pattern(&daemon_, "a\tok.\nb", "");
	len = ask_path(kx_daemon_data(&daemon_, "a\tok.\nb"), reply);
	reply[len] = '\0';
	assert_non_null(strstr((char *)reply + 6, "/a?ok.?b\tinfected: EICAR-Test-File\n"));
	kx_daemon_end(&daemon_);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missing_key_is_reported_until_it_is_there),
		cmocka_unit_test(an_expired_key_is_reported),
		cmocka_unit_test(missing_bases_are_reported),
		cmocka_unit_test(empty_bases_are_reported),
		cmocka_unit_test(a_changed_signature_file_is_reported),
		cmocka_unit_test(a_changed_program_is_reported),
		cmocka_unit_test(signatures_without_a_manifest_are_not_trusted),
		cmocka_unit_test(a_manifest_must_name_the_program),
		cmocka_unit_test(of_several_states_the_gravest_is_reported),
		cmocka_unit_test(the_version_is_told_in_any_state),
		cmocka_unit_test(no_reply_is_taken_for_clean_by_mistake),
		cmocka_unit_test(a_cut_report_hides_nothing),
		cmocka_unit_test(a_file_name_forges_no_line),
	};

	return cmocka_run_group_tests(tests, prepare, remove_all);
}
