/* SPDX-License-Identifier: Apache-2.0 */

/* Refuses one dynamic channel, accepts the next, serves two methods on it. */

#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <kos/thread.h>

static Handle accept_second(void)
{
	char client[kl_core_Types_UCoreStringSize];
	char service[kl_core_Types_UCoreStringSize];
	Handle listener = INVALID_HANDLE;

	CHECK_RC(KnCmListen(RTL_NULL, WAIT_MS, client, service), rcOk);
	CHECK(strcmp(client, "Client") == 0 && strcmp(service, "refused") == 0);
	CHECK_RC(KnCmAccept("nobody", service, 0, INVALID_HANDLE, &listener), rcResourceNotFound);
	CHECK_RC(KnCmDrop(client, service), rcOk);
	CHECK_RC(KnCmDrop(client, service), rcResourceNotFound);

	CHECK_RC(KnCmListen(RTL_NULL, WAIT_MS, client, service), rcOk);
	CHECK(strcmp(service, "accepted") == 0);
	CHECK_RC(KnCmAccept(client, service, THE_RIID, INVALID_HANDLE, &listener), rcOk);
	CHECK(listener != INVALID_HANDLE);
	return listener;
}

static void fill_memory(const nk_handle_desc_t *desc)
{
	Handle memory = nk_get_handle(desc);
	rtl_size_t size = 0;
	void *at = RTL_NULL;

	CHECK_RC(KnPmmMdlGetSize(memory, &size), rcOk);
	CHECK_RC(KnPmmMdlMap(memory, 0, size, RTL_NULL, VMM_FLAG_READ | VMM_FLAG_WRITE, &at), rcOk);
	CHECK(strcmp(at, "from the client") == 0);
	strcpy(at, "from the server");
	CHECK_RC(KnVmUnmap(at, size), rcOk);
	CHECK_RC(KnHandleClose(memory), rcOk);
}

static void serve_one(Handle listener)
{
	struct message message;
	struct SSMsgHdr header;

	memset(&message, 0, sizeof(message));
	nk_req_reset(&message);
	CHECK(PackInMsg(&header, &message.base_, NULL) == NK_EOK);
	CHECK_RC(Recv(listener, &header), rcOk);
	CHECK(message.base_.iid == THE_RIID);
	if (message.base_.mid == METHOD_FILL_MEMORY)
		fill_memory(&message.memory);
	message.value++;
	memset(&message.memory, 0, sizeof(message.memory));
	nk_req_reset(&message);
	CHECK(PackOutMsg(&header, &message.base_, NULL) == NK_EOK);
	CHECK_RC(Reply(listener, &header), rcOk);
}

static int receive_for_ever(void *listener)
{
	serve_one(*(Handle *)listener);
	return 0;
}

/* Recv gives way to KosThreadTerminate; nobody sends any more. */
static void end_a_receiver(Handle listener)
{
	Tid tid;

	CHECK_RC(KosThreadCreate(&tid, 0, 0, receive_for_ever, &listener, 0), rcOk);
	CHECK(KosThreadWait(tid, 50) == -1);
	CHECK_RC(KosThreadTerminate(tid, 12), rcOk);
	CHECK(KosThreadWait(tid, WAIT_MS) == 12);
}

/* Standard error takes nothing any more; what it was. */
static int fill_stderr(int ends[2])
{
	static const char page[PAGE_SIZE];
	int before = dup(STDERR_FILENO);

	CHECK(pipe(ends) == 0 && dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
	CHECK(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
	while (write(ends[1], page, sizeof(page)) > 0)
		;
	CHECK(fcntl(ends[1], F_SETFL, 0) == 0);
	return before;
}

static atomic_bool received;
static atomic_bool replied;

/* Cancelled, and its reply is none: the client is told all the same. */
static void *answer_badly(void *listener)
{
	struct message message;
	struct SSMsgHdr header;

	memset(&message, 0, sizeof(message));
	nk_req_reset(&message);
	CHECK(PackInMsg(&header, &message.base_, NULL) == NK_EOK);
	CHECK_RC(Recv(*(Handle *)listener, &header), rcOk);
	atomic_store(&received, true);
	(void)pthread_cancel(pthread_self()); /* takes effect at the next cancellation point */
	header.indirDescs[0].size = 8;
	CHECK_RC(Reply(*(Handle *)listener, &header), rcInvalidArgument);
	atomic_store(&replied, true);
	pthread_testcancel();
	return NULL;
}

/* The answer does not wait for what libkos says about it, nor does the thread end before. */
static void answer_before_the_hint(Handle listener)
{
	pthread_t thread;
	void *result;
	char text[PAGE_SIZE];
	int ends[2];
	int before = fill_stderr(ends);

	CHECK(pthread_create(&thread, NULL, answer_badly, &listener) == 0);
	while (!atomic_load(&received))
		KosThreadYield();
	serve_one(listener); /* the client goes on */
	CHECK(dup2(before, STDERR_FILENO) == STDERR_FILENO);
	(void)close(ends[1]);
	CHECK(read(ends[0], text, sizeof(text)) == sizeof(text));
	CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
	CHECK(atomic_load(&replied));
	(void)close(before);
	(void)close(ends[0]);
}

int main(void)
{
	Handle listener = accept_second();

	answer_before_the_hint(listener);
	for (int i = 0; i < 3; i++)
		serve_one(listener);
	end_a_receiver(listener);
	fprintf(stderr, "server: all well\n");
	return 0;
}
