/* SPDX-License-Identifier: Apache-2.0 */

/* Command sockets of running solutions; see solution_client.h. */

#include "solution_client.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "field.h"
#include "kx_commands.h"

size_t kx_solution_names(char **names, size_t most)
{
	char prefix[64];
	char line[512];
	FILE *sockets = fopen("/proc/net/unix", "re");
	size_t length = (size_t)snprintf(prefix, sizeof(prefix), "@kosix/%u/", (unsigned)getuid());
	size_t count = 0;
	size_t index;
	char *found;

	while (sockets && fgets(line, sizeof(line), sockets) && count < most) {
		found = strstr(line, prefix);
		if (!found)
			continue;
		found[strcspn(found, "\n")] = '\0';
		/* An accepted connection has the listener's name too. */
		for (index = 0; index < count; index++) {
			if (!strcmp(names[index], found + length))
				break;
		}
		if (index == count)
			names[count++] = strdup(found + length);
	}
	if (sockets)
		fclose(sockets);
	return count;
}

char *kx_solution_list(char *const *names, size_t count)
{
	char *list = NULL;
	size_t size;
	size_t index;
	FILE *out = open_memstream(&list, &size);

	for (index = 0; out && index < count; index++)
		fprintf(out, "%s%s", index ? ", " : "", names[index]);
	if (out)
		(void)fclose(out);
	return list;
}

char *kx_solution_only(void)
{
	char *names[KX_SOLUTIONS_MOST];
	size_t count = kx_solution_names(names, KX_SOLUTIONS_MOST);
	char *list;

	if (count == 1)
		return names[0];
	list = kx_solution_list(names, count);
	if (count)
		kx_complain("several solutions are running, say which (--help): %s", list);
	else
		kx_complain("no solution is running");
	free(list);
	while (count)
		free(names[--count]);
	return NULL;
}

/* No part of what is sent or received waits longer than @ms. */
static void set_limit(int fd, unsigned ms)
{
	struct timeval limit = {.tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

static int close_keeping_errno(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

static int connect_to(const char *name, unsigned ms)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "kosix/%u/%s",
			      (unsigned)getuid(), name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || length >= (int)sizeof(address.sun_path) - 1)
		return close_keeping_errno(fd);
	set_limit(fd, ms);
	if (connect(fd, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) == 0)
		return fd;
	return close_keeping_errno(fd);
}

/* The process behind the socket must be this user's or root's. */
static int is_trusted(int fd)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
	       (peer.uid == 0 || peer.uid == getuid());
}

static size_t receive(void *buffer, size_t length, void *context)
{
	ssize_t got;

	do {
		got = recv(*(int *)context, buffer, length, 0);
	} while (got < 0 && errno == EINTR);
	return got < 0 ? 0 : (size_t)got;
}

json_t *kx_solution_ask(const char *name, const char *command)
{
	return kx_solution_ask_within(name, command, 2000);
}

json_t *kx_solution_ask_within(const char *name, const char *command, unsigned ms)
{
	int asked = kx_solution_begin(name, command, ms);

	return asked < 0 ? NULL : kx_solution_answer(asked, ms);
}

int kx_solution_begin(const char *name, const char *command, unsigned ms)
{
	char request[64];
	int length = snprintf(request, sizeof(request), "%s\n", command);
	int fd = connect_to(name, ms);

	if (fd < 0)
		return -1;
	errno = EPERM;
	if (is_trusted(fd) && send(fd, request, (size_t)length, MSG_NOSIGNAL) == length)
		return fd;
	return close_keeping_errno(fd);
}

json_t *kx_solution_answer(int asked, unsigned ms)
{
	json_t *answer;

	set_limit(asked, ms ? ms : 1);
	answer = json_load_callback(receive, &asked, 0, NULL);
	close(asked);
	return answer;
}

static const char *awaited(const json_t *wait)
{
	const char *kind = kx_text(wait, "kind");

	if (!strcmp(kind, "mounts"))
		return "have mounted its files";
	if (!strcmp(kind, "taken"))
		return "answer its call";
	return strcmp(kx_text(wait, "path"), "direct") ? "take its call"
						       : "take or answer its call";
}

void kx_solution_wait(const json_t *wait, char *text, size_t size)
{
	const char *channel = kx_text(wait, "channel");

	snprintf(text, size, "%s waits for %s to %s%s%s", kx_text(wait, "client"),
		 kx_text(wait, "server"), awaited(wait), *channel ? " on channel " : "", channel);
}

/* Index of a wait whose client is @client, from @from on; the count of waits if none. */
static size_t wait_of(const json_t *waits, const char *client, size_t from)
{
	size_t count = json_array_size(waits);

	while (from < count && strcmp(kx_text(json_array_get(waits, from), "client"), client))
		from++;
	return from;
}

static char *describe(const json_t *waits, const size_t *path, size_t first, size_t count)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	size_t index;

	if (!out)
		return NULL;
	for (index = first; index < count; index++)
		fprintf(out, "%s -> ", kx_text(json_array_get(waits, path[index]), "client"));
	fputs(kx_text(json_array_get(waits, path[count - 1]), "server"), out);
	fclose(out);
	return text;
}

/* Follows waits from @start, first wait of each entity; a client met again closes a cycle. */
static char *cycle_from(const json_t *waits, size_t start, size_t *path)
{
	size_t count = 0;
	size_t next = start;
	size_t index;

	while (next < json_array_size(waits)) {
		const char *client = kx_text(json_array_get(waits, next), "client");

		for (index = 0; index < count; index++) {
			if (!strcmp(kx_text(json_array_get(waits, path[index]), "client"), client))
				return describe(waits, path, index, count);
		}
		path[count++] = next;
		next = wait_of(waits, kx_text(json_array_get(waits, next), "server"), 0);
	}
	return NULL;
}

char *kx_solution_cycle(const json_t *ps)
{
	const json_t *waits = json_object_get(ps, "waits");
	size_t count = json_array_size(waits);
	size_t *path = calloc(count + 1, sizeof(*path));
	char *cycle = NULL;
	size_t index;

	for (index = 0; path && index < count && !cycle; index++)
		cycle = cycle_from(waits, index, path);
	free(path);
	return cycle;
}
