/* SPDX-License-Identifier: Apache-2.0 */

/* Channels and the death path, seen from the task pages and regions. */

#include "kernel_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "death.h"
#include "hooks.h"
#include "ipc/slot.h"
#include "listener.h"
#include "registry.h"
#include "task_page.h"

static const char definition[] =
	"{\"endpoints\":[{\"name\":\"e\",\"methods\":["
	"{\"name\":\"Direct\",\"req\":{\"size\":24},\"res\":{\"size\":24}},"
	"{\"name\":\"Handle\",\"req\":{\"size\":40,\"handles\":1,\"fields\":["
	"{\"kind\":\"handle\",\"offset\":24}]},\"res\":{\"size\":24}},"
	"{\"name\":\"Asked\",\"req\":{\"size\":24},\"res\":{\"size\":24}}]},"
	"{\"name\":\"s\",\"security\":true,\"methods\":["
	"{\"name\":\"Direct\",\"req\":{\"size\":24},\"res\":{\"size\":24}}]}]}";

static enum kx_classification classify(const struct kx_method_question *question)
{
	return strcmp(question->method, "Asked") ? KX_DIRECT : KX_ASK;
}

static int channels_removed;
static int tasks_removed;

static void count_channel(struct kx_channel *channel)
{
	assert_int_equal(kx_channel_state(channel), KX_CHANNEL_DEAD);
	channels_removed++;
}

static void count_task(struct kx_task *task)
{
	assert_int_equal(kx_task_state(task), KX_TASK_DEAD);
	tasks_removed++;
}

static int setup(void **state)
{
	int result = kernel_setup(state);
	json_t *json = json_loads(definition, 0, NULL);

	kx_registry_add_class("Server", kx_class_from_json("Server", json, NULL));
	json_decref(json);
	channels_removed = tasks_removed = 0;
	kx_hooks.classify = classify;
	kx_hooks.channel_removed = count_channel;
	kx_hooks.task_removed = count_task;
	return result;
}

static struct kx_task *client;
static struct kx_task *server;
static struct kx_channel *channel;

static void make_pair(void)
{
	client = make_task("Client");
	server = make_task("Server");
	assert_int_equal(kx_task_connect(client, server, "ch"), KX_RC_OK);
	pump();
	channel = kx_channel_find(client, server, "ch");
	assert_non_null(channel);
}

static uint32_t page_state(struct kx_task *task, uint32_t index)
{
	return kx_load(&task->page->channels[index].state);
}

static int32_t open_region(struct kx_task *task, uint32_t handle)
{
	uint32_t args[KX_CALL_ARGS] = {handle};

	return call(task, KX_CALL_OPEN, args, NULL, 0);
}

static void a_channel_offers_direct_calls_when_a_method_is_direct(void **state)
{
	(void)state;
	make_pair();
	assert_int_equal(kx_channel_state(channel), KX_CHANNEL_OFFER);
	assert_int_equal(page_state(client, channel->client_index), KX_CHANNEL_OFFER);
	assert_int_equal(page_state(server, channel->server_index), KX_CHANNEL_OFFER);
	/* Granted by the module; carries handles; asked; security interface. */
	assert_int_equal(channel->direct[0], 0x01);
	assert_memory_equal((char *)client->page +
				    client->page->channels[channel->client_index].direct,
			    channel->direct, channel->direct_bytes);
}

static void mediate_all_makes_no_region(void **state)
{
	(void)state;
	kx_settings.mediate_all = 1;
	make_pair();
	assert_int_equal(kx_channel_state(channel), KX_CHANNEL_RELAY);
	assert_int_equal(open_region(client, channel->client_handle), KX_RC_OK);
	assert_int_equal(kx_channel_state(channel), KX_CHANNEL_RELAY);
	assert_null(channel->region);
}

static int receive(struct kx_task *task, struct kx_packet *packet)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {.iov_base = packet, .iov_len = sizeof(*packet)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	int fd;

	assert_int_equal(recvmsg(task->child_fds[2], &message, MSG_DONTWAIT), sizeof(*packet));
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

static void opening_sends_page_link_and_region_to_both(void **state)
{
	static const uint32_t kinds[] = {KX_PACKET_TASK_PAGE, KX_PACKET_LINK, KX_PACKET_CHANNEL};
	struct kx_packet packet;
	int index;

	(void)state;
	make_pair();
	assert_int_equal(open_region(client, channel->client_handle), KX_RC_OK);
	assert_int_equal(page_state(client, channel->client_index), KX_CHANNEL_DIRECT);
	assert_int_equal(page_state(server, channel->server_index), KX_CHANNEL_DIRECT);
	for (index = 0; index < 3; index++) {
		close(receive(client, &packet));
		assert_int_equal(packet.kind, kinds[index]);
		close(receive(server, &packet));
		assert_int_equal(packet.kind, kinds[index]);
	}
	assert_int_equal(packet.index, channel->server_index);
	assert_int_equal(packet.generation, channel->generation);
	assert_int_equal(kx_load(&server->page->packets), 3);
	assert_int_equal(kx_load(&channel->region->arm), KX_ARM_KERNEL);
}

static void the_task_page_cannot_be_written_or_resized_by_its_entity(void **state)
{
	struct kx_packet packet;
	int fd;

	(void)state;
	make_pair();
	open_region(client, channel->client_handle);
	fd = receive(client, &packet);
	assert_ptr_equal(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	close(fd);
	close(receive(client, &packet));
	fd = receive(client, &packet);
	assert_int_equal(packet.kind, KX_PACKET_CHANNEL);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), -1);
	close(fd);
}

static void finish_job(struct kx_call_job *job)
{
	*(bool *)job->maker = true;
}

static void ignore(struct kx_source *source, uint32_t events)
{
	kx_calls_writable(kx_container(source, struct kx_task, control_source));
	(void)events;
}

static void a_full_control_socket_delays_the_region(void **state)
{
	struct kx_packet packet = {.kind = KX_PACKET_FILE};
	bool done = false;
	struct kx_call_job job = {.op = KX_CALL_OPEN, .maker = &done, .done = finish_job};

	(void)state;
	make_pair();
	kx_source_add(&server->control_source, server->control, EPOLLIN, ignore);
	while (kx_task_send(server, &packet, STDIN_FILENO) == KX_RC_OK)
		;
	job.task = client;
	job.args[0] = channel->client_handle;
	kx_call_submit(&job);
	pump();
	assert_false(done);
	assert_int_equal(kx_channel_state(channel), KX_CHANNEL_OFFER);
	/* The server reads its packets: the region follows. */
	while (recv(server->child_fds[2], &packet, sizeof(packet), MSG_DONTWAIT) > 0)
		;
	pump();
	assert_true(done);
	assert_int_equal(job.rc, KX_RC_OK);
	assert_int_equal(kx_channel_state(channel), KX_CHANNEL_DIRECT);
	kx_source_remove(&server->control_source);
}

static void a_server_that_reads_nothing_leaves_the_channel_relayed(void **state)
{
	struct kx_packet packet = {.kind = KX_PACKET_FILE};
	bool done = false;
	struct kx_call_job job = {.op = KX_CALL_OPEN, .maker = &done, .done = finish_job};

	(void)state;
	make_pair();
	while (kx_task_send(server, &packet, STDIN_FILENO) == KX_RC_OK)
		;
	job.task = client;
	job.args[0] = channel->client_handle;
	kx_call_submit(&job);
	while (!done)
		pump();
	assert_int_equal(job.rc, KX_RC_TIMEOUT);
	assert_int_equal(kx_channel_state(channel), KX_CHANNEL_OFFER);
	assert_null(channel->region);
}

static void only_the_client_of_the_pair_opens_a_region(void **state)
{
	struct kx_task *third;
	struct kx_handle_desc in = {.rights = ~0u};
	struct kx_handle_desc out;
	struct kx_handle *handle;
	bool created;

	(void)state;
	make_pair();
	third = make_task("Third");
	in.handle = channel->client_handle;
	assert_int_equal(kx_handle_transfer(client, third, &in, &out, &created), KX_RC_OK);
	assert_int_equal(kx_handle_find(third, out.handle, &handle), KX_RC_OK);
	assert_int_equal(handle->role, KX_ROLE_CALLABLE);
	assert_int_equal(open_region(third, out.handle), KX_RC_INVALID_OPERATION);
}

static void put(struct kx_slot *slot, enum kx_slot_state state)
{
	kx_store(&slot->w, KX_SLOT_WORD(5, state));
}

static void server_death_poisons_what_is_not_answered_and_leaves_what_is(void **state)
{
	struct kx_channel_region *region;
	struct kx_packet packet;
	int index;
	int fd;

	(void)state;
	make_pair();
	open_region(client, channel->client_handle);
	for (index = 0; index < 2; index++)
		close(receive(client, &packet));
	fd = receive(client, &packet);
	region = mmap(NULL, packet.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(region, MAP_FAILED);
	close(fd);
	put(&region->slots[1], KX_SLOT_POSTED);
	put(&region->slots[2], KX_SLOT_TAKEN);
	put(&region->slots[3], KX_SLOT_REPLIED);
	kx_store(&region->slots[4].w, KX_SLOT_WORD(5, KX_SLOT_TAKEN) | KX_SLOT_SLEEP);
	end_task(server);
	assert_int_equal(page_state(client, channel->client_index), KX_CHANNEL_DEAD);
	assert_int_equal(KX_SLOT_STATE(kx_load(&region->slots[0].w)), KX_SLOT_FREE);
	assert_int_equal(KX_SLOT_STATE(kx_load(&region->slots[1].w)), KX_SLOT_POISON);
	assert_int_equal(KX_SLOT_STATE(kx_load(&region->slots[2].w)), KX_SLOT_POISON);
	assert_int_equal(KX_SLOT_STATE(kx_load(&region->slots[3].w)), KX_SLOT_REPLIED);
	assert_int_equal(KX_SLOT_STATE(kx_load(&region->slots[4].w)), KX_SLOT_POISON);
	assert_int_equal(channels_removed, 1);
	assert_int_equal(tasks_removed, 1);
	assert_int_equal(open_region(client, channel->client_handle), KX_RC_NOT_CONNECTED);
	munmap(region, packet.bytes);
}

static void client_death_rings_the_server(void **state)
{
	uint32_t before;
	uint32_t listener;

	(void)state;
	make_pair();
	listener = channel->listener->index;
	before = kx_load(&server->link->kbell[listener].value);
	end_task(client);
	assert_true(kx_load(&server->link->kbell[listener].value) > before);
	assert_int_equal(channels_removed, 1);
}

static void closing_the_client_handle_ends_the_channel_for_good(void **state)
{
	uint32_t index;

	(void)state;
	make_pair();
	index = channel->server_index;
	assert_int_equal(kx_handle_close(client, channel->client_handle), KX_RC_OK);
	pump();
	assert_int_equal(page_state(server, index), KX_CHANNEL_DEAD);
	assert_int_equal(channels_removed, 1);
	assert_null(kx_channel_find(client, server, "ch"));
}

static void closing_the_listener_ends_all_its_channels(void **state)
{
	struct kx_task *second;
	struct kx_channel *other;

	(void)state;
	make_pair();
	second = make_task("Second");
	assert_int_equal(kx_task_connect(second, server, "ch"), KX_RC_OK);
	pump();
	other = kx_channel_find(second, server, "ch");
	/* A channel group: one listener for both. */
	assert_ptr_equal(other->listener, channel->listener);
	kx_handle_close(server, channel->listener->handle);
	pump();
	assert_int_equal(page_state(client, channel->client_index), KX_CHANNEL_DEAD);
	assert_int_equal(page_state(second, other->client_index), KX_CHANNEL_DEAD);
	assert_int_equal(channels_removed, 2);
}

/* How many descriptors this process has, that of the folder included; with @show listed. */
static int count_descriptors(bool show)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;
	char target[256];
	ssize_t length;
	int count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		length = readlinkat(dirfd(folder), entry->d_name, target, sizeof(target) - 1);
		if (show)
			print_message("%s -> %.*s\n", entry->d_name, (int)(length > 0 ? length : 0),
				      target);
	}
	closedir(folder);
	return count;
}

/*
 * Runs of many lives: nothing is left of the dead. Another thread (liburcu's, the
 * C library in it) may have a file open for a moment, so a difference has two
 * seconds to go away; a leak does not.
 */
static void descriptors_are_back_after_three_hundred_lives(void **state)
{
	time_t limit;
	int before;
	int round;

	(void)state;
	make_pair();
	end_task(client);
	end_task(server);
	before = count_descriptors(false);
	for (round = 0; round < 300; round++) {
		make_pair();
		if (round % 2)
			open_region(client, channel->client_handle);
		end_task(round % 3 ? client : server);
		end_task(round % 3 ? server : client);
	}
	limit = time(NULL) + 2;
	while (count_descriptors(false) != before && time(NULL) <= limit)
		sched_yield();
	if (count_descriptors(false) != before)
		count_descriptors(true);
	assert_int_equal(count_descriptors(false), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, kernel_teardown)
		TEST(a_channel_offers_direct_calls_when_a_method_is_direct),
		TEST(mediate_all_makes_no_region),
		TEST(opening_sends_page_link_and_region_to_both),
		TEST(the_task_page_cannot_be_written_or_resized_by_its_entity),
		TEST(a_full_control_socket_delays_the_region),
		TEST(a_server_that_reads_nothing_leaves_the_channel_relayed),
		TEST(only_the_client_of_the_pair_opens_a_region),
		TEST(server_death_poisons_what_is_not_answered_and_leaves_what_is),
		TEST(client_death_rings_the_server),
		TEST(closing_the_client_handle_ends_the_channel_for_good),
		TEST(closing_the_listener_ends_all_its_channels),
		TEST(descriptors_are_back_after_three_hundred_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
