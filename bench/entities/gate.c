/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The gate: says "all are here" to each client once all have arrived.
 *
 * Words: clients=N channel=NAME
 */

#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <stdbool.h>
#include <stdio.h>

#include "bench_message.h"
#include "words.h"

struct gate {
	bool *arrived;
	uint64_t clients;
	uint64_t count;
};

static void take(struct gate *gate, struct bench_arrive *message)
{
	nk_iid_t iid = message->base_.iid;
	nk_mid_t mid = message->base_.mid;
	uint64_t number = message->number;

	if (number < gate->clients && !gate->arrived[number]) {
		gate->arrived[number] = true;
		gate->count++;
	}
	nk_req_reset(message);
	nk_msg_set_method_id(message, iid, mid);
	message->number = gate->count == gate->clients;
}

int main(int argc, char **argv)
{
	static bool arrived[BENCH_CLIENTS_MAX];
	struct gate gate = {arrived, bench_number(argc, argv, "clients", 1), 0};
	const char *channel = bench_text(argc, argv, "channel");
	ServiceId id;
	Handle listener;

	if (channel[0] == '\0')
		channel = BENCH_CHANNEL_GATE;
	listener = ServiceLocatorRegister(channel, NULL, 0, &id);
	if (listener == INVALID_HANDLE || gate.clients > BENCH_CLIENTS_MAX) {
		printf("KXFAIL gate: %s\n",
		       listener == INVALID_HANDLE ? "its channel is missing" : "too many clients");
		return 1;
	}
	for (;;) {
		struct bench_arrive message;
		SMsgHdr request;
		SMsgHdr response;

		bench_pack(&request, &message, sizeof(message));
		if (Recv(listener, &request) != rcOk)
			break;
		take(&gate, &message);
		bench_pack(&response, &message, sizeof(message));
		response.threadId = request.threadId;
		(void)Reply(request.replyHandle, &response);
	}
	printf("KXFAIL gate: Recv failed\n");
	return 1;
}
