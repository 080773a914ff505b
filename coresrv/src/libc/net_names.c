/* SPDX-License-Identifier: Apache-2.0 */

/*
 * "localhost" for programs of the SDK. A private tree has no /etc/hosts unless the image
 * brings one, and the C library would ask a name server for it; the name means this host
 * everywhere (RFC 6761). Every other name is the C library's business.
 */

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The numeric address to look up in place of @node, which may be NULL. */
static const char *numeric(const char *node, int family)
{
	size_t length = node ? strlen(node) : 0;

	if (length > 0 && node[length - 1] == '.')
		length--;
	if (length != strlen("localhost") || strncasecmp(node, "localhost", length) != 0)
		return node;
	return family == AF_INET6 ? "::1" : "127.0.0.1";
}

/* The C library's function that the one of this name here stands in front of; NULL: none. */
#define NEXT(function) ((__typeof__(&(function)))dlsym(RTLD_NEXT, #function))

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **res)
{
	__typeof__(&getaddrinfo) next = NEXT(getaddrinfo);
	const char *address = node;
	char *name;
	int rc;

	if (!next)
		return EAI_FAIL;
	/* With AI_NUMERICHOST a name is none, this one too. */
	if (!hints || !(hints->ai_flags & AI_NUMERICHOST))
		address = numeric(node, hints ? hints->ai_family : AF_UNSPEC);
	rc = next(address, service, hints, res);
	if (rc != 0 || address == node || !(*res)->ai_canonname)
		return rc;
	name = strdup("localhost"); /* freeaddrinfo() frees it */
	if (name) {
		free((*res)->ai_canonname);
		(*res)->ai_canonname = name;
	}
	return 0;
}

static struct hostent *named(struct hostent *host, bool local)
{
	static char name[] = "localhost";

	if (host && local)
		host->h_name = name;
	return host;
}

static struct hostent *no_next(void)
{
	h_errno = NO_RECOVERY;
	return NULL;
}

struct hostent *gethostbyname(const char *name)
{
	__typeof__(&gethostbyname) next = NEXT(gethostbyname);
	const char *address = numeric(name, AF_INET);

	return next ? named(next(address), address != name) : no_next();
}

struct hostent *gethostbyname2(const char *name, int family)
{
	__typeof__(&gethostbyname2) next = NEXT(gethostbyname2);
	const char *address = numeric(name, family);

	return next ? named(next(address, family), address != name) : no_next();
}

int gethostbyname_r(const char *name, struct hostent *ret, char *buf, size_t buflen,
		    struct hostent **result, int *h_errnop)
{
	__typeof__(&gethostbyname_r) next = NEXT(gethostbyname_r);
	const char *address = numeric(name, AF_INET);
	int rc;

	if (!next) {
		*result = NULL;
		*h_errnop = NO_RECOVERY;
		return ENOSYS;
	}
	rc = next(address, ret, buf, buflen, result, h_errnop);
	(void)named(*result, address != name);
	return rc;
}
