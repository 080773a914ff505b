/* SPDX-License-Identifier: Apache-2.0 */

/* Two processes, a channel, and what they are given; then it waits for one and ends the other. */

#include <stdio.h>
#include <stdlib.h>

#include <coresrv/entity/entity_api.h>
#include <kos/task.h>
#include <rtl/countof.h>
#include <rtl/retcode.h>
#include <services/handle/if_connection.h>

static const EndpointInfo endpoints[] = {
	{.name = "ask", .riid = 0, .iface_name = "IAsk"},
	{.name = "Answer.ask", .riid = 0, .iface_name = "IAsk"},
};
static const EntityInfo answer_info = {
	.eiid = "Answer",
	.max_endpoints = rtl_countof(endpoints),
	.endpoints = endpoints,
};
static const EntityInfo ask_info = {.eiid = "Ask", .max_endpoints = 0, .endpoints = NK_NULL};

int main(void)
{
	const char *args[] = {"Ask", "4", "13", "20", RTL_NULL};
	const char *envs[] = {"UNIT=apples", RTL_NULL};
	Entity *answer = EntityInit(&answer_info);
	Entity *ask = EntityInitEx(&ask_info, "Asker", "Ask");
	rtl_uint32_t code = 77;

	if (!answer || !ask) {
		fprintf(stderr, "init: no process\n");
		return EXIT_FAILURE;
	}
	if (EntitySetArgs(ask, args) != rcOk || EntitySetEnv(ask, envs) != rcOk ||
	    EntityConnectToService(ask, answer, "answers") != rcOk || EntityRun(answer) != rcOk ||
	    EntityRun(ask) != rcOk || EntityWait(ask, INFINITE_TIMEOUT, &code) != rcOk)
		return EXIT_FAILURE;
	fprintf(stderr, "init: asker ended with %u, answer is %s\n", code,
		EntityGetId(answer) != EntityGetId(ask) ? "another" : "itself");
	EntityFree(ask);
	if (KosTaskStopAndWait(answer, INFINITE_TIMEOUT, RTL_NULL) != rcOk)
		return EXIT_FAILURE;
	fprintf(stderr, "init: done\n");
	return EXIT_SUCCESS;
}
