/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The channels of a listener whose handle is closed and whose index is given out again, and
 * of one with several handles.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "rcu.h"
#include "rt.h"

#define MESSAGE_MAX 4096u
#define LISTENER    3u

/* --- what of libkos an inbox needs ----------------------------------------------------- */

struct kx_rt kx_rt;
static struct kx_rt_thread threads[2];
_Thread_local struct kx_rt_thread *kx_rt_self;
static struct kx_task_page *page;
static struct kx_channel_region *arrived;

Retcode kx_rt_kcall(uint32_t op, uint32_t args[KX_CALL_ARGS], const void *in, uint32_t in_size,
		    void *out, uint32_t *out_size)
{
	(void)op;
	(void)args;
	(void)in;
	(void)in_size;
	(void)out;
	(void)out_size;
	return rcFail;
}

void kx_rt_packets(void)
{
}

static unsigned claims;
static void (*while_claiming)(void); /* what the kernel process does meanwhile; once */

struct kx_channel_region *kx_rt_claim_region(uint32_t channel, uint32_t *generation)
{
	void (*meanwhile)(void) = while_claiming;
	struct kx_channel_region *region;

	claims++;
	while_claiming = NULL;
	if (meanwhile)
		meanwhile();
	*generation = page->channels[channel].generation;
	region = arrived;
	arrived = NULL;
	return region;
}

Retcode kx_rt_handle(uint32_t handle, struct kx_handle_entry **entry)
{
	*entry = &page->handles[KX_HANDLE_INDEX(handle)];
	return rcOk;
}

static bool owed; /* whether requests are left of every inbox */

bool kx_owed_names(const struct kx_rt_inbox *inbox)
{
	(void)inbox;
	return owed;
}

struct kx_rt_thread *kx_rt_thread_at(uint32_t number)
{
	static struct kx_rt_thread none;

	return number < 2 ? &threads[number] : &none;
}

/* --- the kernel process ------------------------------------------------------------------ */

static void *zeroed(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(memory != MAP_FAILED);
	return memory;
}

/* A handle of the listener that was made with handle @first. */
static uint32_t open_handle(uint32_t index, uint32_t first)
{
	page->handles[index].role = KX_ROLE_LISTENER;
	page->handles[index].may = KX_HANDLE_MAY(KX_RIGHT_IPC_RECV);
	page->handles[index].listener = LISTENER;
	page->handles[index].channel = first;
	atomic_store(&page->handles[index].state, KX_HANDLE_OPEN);
	return index;
}

static void set_channel_at(uint32_t index, uint32_t state)
{
	page->channels[index].server = 1;
	page->channels[index].listener = LISTENER;
	atomic_store(&page->channels[index].state, state);
	(void)kx_add(&page->epoch, 1);
}

static void set_channel(uint32_t state)
{
	set_channel_at(0, state);
}

static int setup(void **state)
{
	(void)state;
	page = zeroed(sizeof(*page));
	kx_rt.page = page;
	kx_rt.link = zeroed(sizeof(*kx_rt.link));
	kx_rt.link_payload = zeroed(4096);
	kx_rt.message_max = MESSAGE_MAX;
	return 0;
}

static int join_rcu(void **state)
{
	(void)state;
	rcu_register_thread();
	return 0;
}

/* Recv of thread @number on @handle. */
static struct kx_rt_inbox *receive_rc(unsigned number, uint32_t handle, Retcode *rc)
{
	kx_rt_self = &threads[number];
	return kx_rt_inbox(kx_rt_self, handle, kx_rt_self->recv_state, KX_RIGHT_IPC_RECV, rc);
}

static struct kx_rt_inbox *receive(unsigned number, uint32_t handle)
{
	Retcode rc;

	return receive_rc(number, handle, &rc);
}

static void the_inbox_before_forgets_what_is_unmapped(void **state)
{
	struct kx_rt_inbox *before;
	struct kx_rt_inbox *now;

	(void)state;
	before = receive(0, open_handle(1, 1));
	assert_non_null(before);
	arrived = zeroed(KX_CHANNEL_BYTES(MESSAGE_MAX));
	set_channel(KX_CHANNEL_DIRECT);
	assert_int_equal(before->inbox.refresh(before), KX_OK);
	assert_int_equal(before->inbox.ends->count, 1);

	/* The handle is closed, another listener gets the index. A thread may still be in Recv. */
	atomic_store(&page->handles[1].state, KX_HANDLE_FREE);
	set_channel(KX_CHANNEL_DEAD);
	now = receive(1, open_handle(2, 2));
	assert_ptr_not_equal(now, before);
	assert_int_equal(now->inbox.refresh(now), KX_OK);
	assert_int_equal(before->inbox.ends->count, 0);
	kx_rt_self = &threads[0];
	assert_int_equal(before->inbox.refresh(before), KX_EPEER);
}

/* The listener of handle 5 is closed; the next one has its index, and a channel of that place. */
static void the_next_listener_comes(void)
{
	atomic_store(&page->handles[5].state, KX_HANDLE_FREE);
	set_channel(KX_CHANNEL_DEAD);
	(void)open_handle(6, 6);
	page->channels[0].generation++;
	arrived = zeroed(KX_CHANNEL_BYTES(MESSAGE_MAX));
	set_channel(KX_CHANNEL_DIRECT);
}

/* A thread that finds its handle closed only after it has taken that one's channel. */
static void a_closed_listener_keeps_no_channel_of_the_next(void **state)
{
	struct kx_rt_inbox *before;
	struct kx_rt_inbox *now;

	(void)state;
	before = receive(0, open_handle(5, 5));
	assert_non_null(before);
	set_channel(KX_CHANNEL_DIRECT);
	while_claiming = the_next_listener_comes;
	assert_int_equal(before->inbox.refresh(before), KX_OK);
	assert_null(arrived);
	assert_int_equal(before->inbox.ends->count, 0);
	now = receive(1, 6);
	assert_ptr_not_equal(now, before);
	assert_int_equal(now->inbox.refresh(now), KX_OK);
	assert_int_equal(now->inbox.ends->count, 1);
	set_channel(KX_CHANNEL_DEAD);
	assert_int_equal(now->inbox.refresh(now), KX_OK);
	assert_int_equal(now->inbox.ends->count, 0);
}

/* Wherever they are in the table; a look claims only what is new. */
static void a_channel_is_claimed_once(void **state)
{
	static const uint32_t places[] = {64, 1, 0, 63, KX_CHANNELS - 1, 128};
	const unsigned count = sizeof(places) / sizeof(places[0]);
	struct kx_rt_inbox *own;

	(void)state;
	own = receive(0, open_handle(49, 49));
	assert_non_null(own);
	claims = 0;
	for (unsigned i = 0; i < count; i++) {
		arrived = zeroed(KX_CHANNEL_BYTES(MESSAGE_MAX));
		set_channel_at(places[i], KX_CHANNEL_DIRECT);
		assert_int_equal(own->inbox.refresh(own), KX_OK);
		assert_int_equal(claims, i + 1);
		assert_int_equal(own->inbox.ends->count, i + 1);
	}
	for (unsigned i = 0; i < count; i++)
		set_channel_at(places[i], KX_CHANNEL_DEAD);
	assert_int_equal(own->inbox.refresh(own), KX_OK);
	assert_int_equal(own->inbox.ends->count, 0);
	assert_int_equal(claims, count);
}

/* What the code under test allocates with, by the linker's --wrap. */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
static bool no_memory;

void *__wrap_malloc(size_t size)
{
	return no_memory ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return no_memory ? NULL : __real_calloc(count, size);
}

/* What happens after a channel has its place, so that only the inbox has no memory for it. */
static void memory_runs_out(void)
{
	no_memory = true;
}

/* Nothing else has changed when the memory is back: a direct call would wait for ever. */
static void a_channel_without_memory_is_added_by_the_next_look(bool claimed)
{
	static uint32_t handle = 50;
	struct kx_rt_inbox *own;

	own = receive(0, open_handle(handle, handle));
	assert_non_null(own);
	handle++;
	arrived = zeroed(KX_CHANNEL_BYTES(MESSAGE_MAX));
	page->channels[0].generation++;
	set_channel(KX_CHANNEL_DIRECT);
	while_claiming = claimed ? memory_runs_out : NULL;
	no_memory = !claimed;
	assert_int_equal(own->inbox.refresh(own), KX_OK);
	no_memory = false;
	assert_int_equal(own->inbox.ends->count, 0);
	assert_int_equal(own->inbox.refresh(own), KX_OK);
	assert_int_equal(own->inbox.ends->count, 1);
	set_channel(KX_CHANNEL_DEAD);
	assert_int_equal(own->inbox.refresh(own), KX_OK);
	assert_int_equal(own->inbox.ends->count, 0);
}

static void a_channel_is_kept_without_memory_for_the_inbox(void **state)
{
	(void)state;
	a_channel_without_memory_is_added_by_the_next_look(true);
}

static void a_region_is_kept_without_memory_for_its_channel(void **state)
{
	(void)state;
	a_channel_without_memory_is_added_by_the_next_look(false);
}

/* Nor has anything changed when its region is there. */
static void a_channel_without_its_region_is_added_by_a_later_look(void **state)
{
	struct kx_rt_inbox *own = receive(0, open_handle(47, 47));

	(void)state;
	assert_non_null(own);
	page->channels[0].generation++;
	set_channel(KX_CHANNEL_DIRECT);
	assert_int_equal(own->inbox.refresh(own), KX_OK);
	assert_int_equal(own->inbox.ends->count, 0);
	arrived = zeroed(KX_CHANNEL_BYTES(MESSAGE_MAX));
	assert_int_equal(own->inbox.refresh(own), KX_OK);
	assert_int_equal(own->inbox.ends->count, 1);
	set_channel(KX_CHANNEL_DEAD);
	assert_int_equal(own->inbox.refresh(own), KX_OK);
	assert_int_equal(own->inbox.ends->count, 0);
}

static void handles_of_one_listener_share_an_inbox(void **state)
{
	struct kx_rt_inbox *own;
	uint32_t followers;

	(void)state;
	own = receive(0, open_handle(3, 3));
	assert_non_null(own);
	assert_ptr_equal(receive(1, open_handle(4, 3)), own);
	atomic_store(&page->handles[4].state, KX_HANDLE_FREE);
	(void)kx_add(&page->epoch, 1);
	/* The thread whose handle it was may sleep behind this one. */
	followers = kx_load(&own->inbox.follower_word);
	kx_rt_self = &threads[0];
	assert_int_equal(own->inbox.refresh(own), KX_OK);
	assert_int_not_equal(kx_load(&own->inbox.follower_word), followers);
	kx_rt_self = &threads[1];
	assert_int_equal(own->inbox.refresh(own), KX_EPEER);
}

/* Found open, and closed before its thread has the lock: the index is the successor's now. */
static void a_closed_handle_does_not_displace_the_successor(void **state)
{
	struct kx_rt_inbox *now;
	Retcode rc = rcOk;

	(void)state;
	(void)open_handle(5, 5);
	atomic_store(&page->handles[5].state, KX_HANDLE_FREE);
	now = receive(1, open_handle(6, 6));
	assert_non_null(now);
	assert_null(receive_rc(0, 5, &rc));
	assert_int_equal(rc, rcInvalidArgument);
	assert_ptr_equal(kx_rt_inbox_at(LISTENER), now);
}

/* kx_inbox_fini() of the code under test, by the linker's --wrap. */
void __real_kx_inbox_fini(struct kx_inbox *inbox);
void __wrap_kx_inbox_fini(struct kx_inbox *inbox);
static unsigned finished;

void __wrap_kx_inbox_fini(struct kx_inbox *inbox)
{
	finished++;
	__real_kx_inbox_fini(inbox);
}

/* A listener that is closed and made again for ever costs no memory, and no thread its inbox. */
static void a_replaced_inbox_is_freed_when_nobody_uses_it(void **state)
{
	struct kx_rt_inbox *others;

	(void)state;
	others = receive(1, open_handle(7, 7));
	owed = true;
	finished = 0;
	for (uint32_t i = 8; i < 28; i++)
		assert_non_null(receive(0, open_handle(i, i)));
	assert_int_equal(finished, 0);
	owed = false;
	for (uint32_t i = 28; i < 48; i++)
		assert_non_null(receive(0, open_handle(i, i)));
	/* All but the one of the other thread, and that which this one had until now. */
	assert_in_range(finished, 39, 45);
	finished = 0;
	kx_rt_self = &threads[1];
	assert_int_equal(others->inbox.handle, 7);
	assert_non_null(receive(1, 47));
	assert_non_null(receive(0, open_handle(48, 48)));
	assert_in_range(finished, 1, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_inbox_before_forgets_what_is_unmapped, setup),
		cmocka_unit_test_setup(a_closed_listener_keeps_no_channel_of_the_next, setup),
		cmocka_unit_test_setup(a_channel_is_claimed_once, setup),
		cmocka_unit_test_setup(a_channel_is_kept_without_memory_for_the_inbox, setup),
		cmocka_unit_test_setup(a_region_is_kept_without_memory_for_its_channel, setup),
		cmocka_unit_test_setup(a_channel_without_its_region_is_added_by_a_later_look,
				       setup),
		cmocka_unit_test_setup(handles_of_one_listener_share_an_inbox, setup),
		cmocka_unit_test_setup(a_closed_handle_does_not_displace_the_successor, setup),
		cmocka_unit_test_setup(a_replaced_inbox_is_freed_when_nobody_uses_it, setup),
	};

	return cmocka_run_group_tests(tests, join_rcu, NULL);
}
