/* SPDX-License-Identifier: Apache-2.0 */

/* kos/random/random_api.h over getrandom(). */

#include <kos/random/random_api.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct kx_random_source {
	struct kx_random_source *next; /* lock */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kx_random_source *sources; /* lock */

Retcode KosRandomGenerate(rtl_size_t size, void *output)
{
	char *at = output;

	if (!output && size > 0)
		return rcInvalidArgument;
	while (size > 0) {
		ssize_t n = getrandom(at, size, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rcFail;
		at += n;
		size -= (rtl_size_t)n;
	}
	return rcOk;
}

Retcode KosRandomGenerateEx(rtl_size_t size, void *output, KosRandomQuality *quality)
{
	Retcode rc = KosRandomGenerate(size, output);

	if (rc == rcOk && quality)
		*quality = KosRandomQualityHigh;
	return rc;
}

Retcode KosRandomInitSeed(rtl_size_t size, const void *seed)
{
	return seed && size > 0 ? rcOk : rcInvalidArgument;
}

/* Asks a source once, so that one that cannot deliver is not registered. */
static Retcode try_source(KosRandomSeedMethod callback, void *context, rtl_size_t size)
{
	void *bytes = calloc(1, size);
	Retcode rc;

	if (!bytes)
		return rcOutOfMemory;
	rc = callback(context, size, bytes);
	explicit_bzero(bytes, size);
	free(bytes);
	return rc;
}

Retcode KosRandomRegisterSrc(KosRandomSeedMethod callback, void *context, rtl_size_t size,
			     void **handle)
{
	struct kx_random_source *source;
	Retcode rc;

	if (!callback || size == 0 || !handle)
		return rcInvalidArgument;
	rc = try_source(callback, context, size);
	if (rc != rcOk)
		return rc;
	source = malloc(sizeof(*source));
	if (!source)
		return rcOutOfMemory;
	(void)pthread_mutex_lock(&lock);
	source->next = sources;
	sources = source;
	(void)pthread_mutex_unlock(&lock);
	*handle = source;
	return rcOk;
}

Retcode KosRandomUnregisterSrc(void *handle)
{
	struct kx_random_source **at = &sources;
	struct kx_random_source *found;

	(void)pthread_mutex_lock(&lock);
	while (*at && *at != handle)
		at = &(*at)->next;
	found = *at;
	if (found)
		*at = found->next;
	(void)pthread_mutex_unlock(&lock);
	free(found);
	return found ? rcOk : rcResourceNotFound;
}
