/* SPDX-License-Identifier: Apache-2.0 */

/* Messages of kl.KlogStorage through the library's dispatcher, without a channel. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <klog_storage/server.h> /* before the generated header, as programs do */

#include <kl/KlogStorage.cdl.h>
#include <kss/audit.h>
#include <nglog/nglog.h>

#define OFFSET 3 /* of the component in its class */

static struct context {
	struct kl_KlogStorage_Entry written;
	int writes;
	nk_uint32_t asked;
	nk_uint64_t first;
	nk_uint64_t last;
	int answer;
} context;

static int write_entry(void *ctx, const struct kl_KlogStorage_Entry *entry)
{
	struct context *c = ctx;

	c->written = *entry;
	c->writes++;
	return c->answer;
}

static int read_last(void *ctx, nk_uint32_t count, struct kl_KlogStorage_Entry *entries)
{
	struct context *c = ctx;

	c->asked = count;
	entries[0].id = 77;
	return c->answer;
}

static int read_range(void *ctx, nk_uint64_t first, nk_uint64_t last,
		      struct kl_KlogStorage_Entry *entries)
{
	struct context *c = ctx;

	c->first = first;
	c->last = last;
	entries[0].id = first;
	return c->answer;
}

static char req_bytes[2 * kl_KlogStorage_component_req_arena_size];
static char res_bytes[kl_KlogStorage_component_res_arena_size];
static struct nk_arena req_arena;
static struct nk_arena res_arena;
static kl_KlogStorage_component_req req;
static kl_KlogStorage_component_res res;
static struct kl_KlogStorage_component *component;

static int set_up(void **state)
{
	(void)state;
	memset(&context, 0, sizeof(context));
	memset(&req, 0, sizeof(req));
	memset(&res, 0, sizeof(res));
	nk_arena_init(&req_arena, req_bytes, req_bytes + sizeof(req_bytes));
	nk_arena_init(&res_arena, res_bytes, res_bytes + sizeof(res_bytes));
	component = klog_storage_storage_component(klog_storage_IKlog_storage_dispatcher(
		&context, write_entry, read_last, read_range));
	return 0;
}

static nk_err_t dispatch(nk_mid_t method)
{
	nk_msg_set_method_id(&req, OFFSET + kl_KlogStorage_storage_iid, method);
	return kl_KlogStorage_component_dispatch(component, OFFSET, &req.base_, &req_arena,
						 &res.base_, &res_arena);
}

static void put_entries(nk_uint32_t count)
{
	struct kl_KlogStorage_Entry *entries;
	nk_ptr_t place;

	entries = nk_arena_alloc(struct kl_KlogStorage_Entry, &req_arena, &place, count);
	assert_non_null(entries);
	memset(entries, 'x', count * sizeof(*entries));
	entries[0].reason = KSS_AUDIT_POSITION_DENY;
	req.storage.write.entry = place;
}

static void a_written_entry_arrives_with_an_end(void **state)
{
	(void)state;
	put_entries(1);
	assert_int_equal(dispatch(kl_KlogStorage_write_mid), NK_EOK);
	assert_int_equal(context.writes, 1);
	assert_int_equal(context.written.reason, KSS_AUDIT_POSITION_DENY);
	assert_int_equal(context.written.msg[4094], 'x');
	assert_int_equal(context.written.msg[4095], 0);
}

static void only_one_whole_entry_is_taken(void **state)
{
	(void)state;
	put_entries(2);
	assert_int_not_equal(dispatch(kl_KlogStorage_write_mid), NK_EOK);
	req.storage.write.entry.size = 17;
	assert_int_not_equal(dispatch(kl_KlogStorage_write_mid), NK_EOK);
	req.storage.write.entry.offset = 1u << 31;
	assert_int_not_equal(dispatch(kl_KlogStorage_write_mid), NK_EOK);
	assert_int_equal(context.writes, 0);
}

static void a_refused_entry_is_an_error(void **state)
{
	(void)state;
	put_entries(1);
	context.answer = -1;
	assert_int_not_equal(dispatch(kl_KlogStorage_write_mid), NK_EOK);
	assert_int_equal(context.writes, 1);
}

static void reading_asks_for_no_more_than_fits(void **state)
{
	const struct kl_KlogStorage_Entry *entries;
	nk_uint32_t count = 0;

	(void)state;
	req.storage.read.numEntries = 1000;
	context.answer = 1;
	assert_int_equal(dispatch(kl_KlogStorage_read_mid), NK_EOK);
	assert_int_equal(context.asked, kl_KlogStorage_EntriesMax);
	entries = nk_arena_get(struct kl_KlogStorage_Entry, &res_arena, &res.storage.read.entries,
			       &count);
	assert_non_null(entries);
	assert_int_equal(count, 1);
	assert_int_equal(entries[0].id, 77);
	assert_int_equal(entries[0].reason, 0);
}

static void more_entries_than_asked_for_are_refused(void **state)
{
	(void)state;
	req.storage.read.numEntries = 2;
	context.answer = 3;
	assert_int_not_equal(dispatch(kl_KlogStorage_read_mid), NK_EOK);
	context.answer = -1;
	assert_int_not_equal(dispatch(kl_KlogStorage_read_mid), NK_EOK);
}

static void ranges_are_cut_and_must_go_forward(void **state)
{
	(void)state;
	context.answer = 1;
	req.storage.readRange.firstId = 10;
	req.storage.readRange.lastId = UINT64_MAX;
	assert_int_equal(dispatch(kl_KlogStorage_readRange_mid), NK_EOK);
	assert_int_equal(context.first, 10);
	assert_int_equal(context.last, 10 + kl_KlogStorage_EntriesMax - 1);
	req.storage.readRange.lastId = 9;
	assert_int_not_equal(dispatch(kl_KlogStorage_readRange_mid), NK_EOK);
}

static void nglog_accepts(void **state)
{
	(void)state;
	assert_int_equal(nglog_init("program", NGLOG_FOREGROUND, NGLOG_VERBOSE), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_written_entry_arrives_with_an_end, set_up),
		cmocka_unit_test_setup(only_one_whole_entry_is_taken, set_up),
		cmocka_unit_test_setup(a_refused_entry_is_an_error, set_up),
		cmocka_unit_test_setup(reading_asks_for_no_more_than_fits, set_up),
		cmocka_unit_test_setup(more_entries_than_asked_for_are_refused, set_up),
		cmocka_unit_test_setup(ranges_are_cut_and_must_go_forward, set_up),
		cmocka_unit_test(nglog_accepts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
