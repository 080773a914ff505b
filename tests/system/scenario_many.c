/* SPDX-License-Identifier: Apache-2.0 */

/* A crowd: thousands of servers, each of which answers one ping; then all are killed at once. */

#include "scenario.h"

#define HELD 1000u /* never answered */

static void many_server(void)
{
	static struct request request;
	ServiceId id;
	Handle handle = ServiceLocatorRegister(getenv("CHANNEL"), NULL, 0, &id);

	CHECK(handle != INVALID_HANDLE);
	while (receive(handle, &request, INFINITE_TIMEOUT) == rcOk)
		if (request.message.ep.Echo.number != HELD)
			CHECK_RC(answer(handle, &request), rcOk);
}

/* Directly and by the kernel process in turn. */
static Retcode ping(unsigned number)
{
	char name[24];

	(void)snprintf(name, sizeof(name), "c%u", number);
	return call_number(ServiceLocatorConnect(name), number % 2 ? ECHO : ASKED, 1,
			   INFINITE_TIMEOUT, INVALID_HANDLE);
}

static Retcode wait_for_the_end(unsigned number, enum method method)
{
	char name[24];

	(void)snprintf(name, sizeof(name), "c%u", number);
	return call_number(ServiceLocatorConnect(name), method, HELD, INFINITE_TIMEOUT,
			   INVALID_HANDLE);
}

/* Of the servers FIRST to FIRST + COUNT - 1: after the deaths it must be told of each. */
static void many_client(void)
{
	const unsigned first = (unsigned)number_of_environment("FIRST");
	const unsigned count = (unsigned)number_of_environment("COUNT");
	unsigned told = 1;

	fprintf(stderr, "PID %d\n", (int)getpid());
	for (unsigned i = 0; i < count; i++)
		CHECK_RC(ping(first + i), rcOk);
	fprintf(stderr, "ANSWERED %u\n", count);
	/* It is in the middle of a call when they are killed. */
	CHECK_RC(wait_for_the_end(first, first % 2 ? ECHO : ASKED), rcNotConnected);
	for (unsigned i = 1; i < count; i++)
		told += ping(first + i) == rcNotConnected;
	fprintf(stderr, "TOLD %u\n", told);
}

const struct scenario scenarios_many[] = {
	{"many", many_server, many_client},
	{NULL, NULL, NULL},
};
