/* SPDX-License-Identifier: Apache-2.0 */

/*
 * All seventeen errors, none of them pretended: descriptors run out, nobody listens, a listener
 * stays silent, scanners have no key. The silent listener is this program's own; the scanners
 * without key or bases are further components of the solution.
 */

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "client/kavclient.h"
#include "tour.h"

#define MIB      ((size_t)1 << 20)
#define TOO_MUCH (256 * MIB)
#define NOWHERE  "/nonexistent/AvpCtl"

struct silent {
	char path[108];
	int fd;
	kav_ctx ctx; /* of the check another thread makes */
	pthread_t target;
	atomic_bool done;
};

static bool open_silent(struct silent *silent, const char *folder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)snprintf(silent->path, sizeof(silent->path), "%s/silent", folder);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", silent->path);
	silent->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)unlink(silent->path);
	return silent->fd >= 0 &&
	       bind(silent->fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	       listen(silent->fd, 16) == 0;
}

/* The next connection, once its request has come; it stays unanswered. */
static int hold_next(const struct silent *silent)
{
	int fd = accept(silent->fd, NULL, NULL);
	char byte;

	(void)!recv(fd, &byte, 1, MSG_PEEK);
	return fd;
}

static kav_ctx context(const char *path)
{
	kav_ctx ctx = kav_new();

	if (!ctx || kav_set_socketpath(ctx, path) != 0 || kav_set_timeout(ctx, 1) != 0) {
		(void)fprintf(stderr, "client: no memory\n");
		exit(EXIT_FAILURE);
	}
	return ctx;
}

/* Prints the error that a call had to end with; 1 if it is not @code. Frees @ctx. */
static unsigned tell(kav_ctx ctx, int rc, int code)
{
	int error = errno;
	int got = rc == -1 ? kav_get_error(ctx) : 0;

	(void)printf("  %2d %s%s%s%s%s\n", got, kav_strerror(got), error ? " (" : "",
		     error ? strerrordesc_np(error) : "", error ? ")" : "",
		     got == code ? "" : "  <- not what was provoked");
	(void)fflush(stdout);
	kav_free(ctx);
	return got != code;
}

/* Without a cause in errno. */
static unsigned tell_state(const char *path, int code)
{
	kav_ctx ctx = context(path);
	int rc = kav_check_mem(ctx, "text", 4);

	errno = 0;
	return tell(ctx, rc, code);
}

static void limit(int resource, rlim_t value, struct rlimit *old)
{
	struct rlimit limit;

	(void)getrlimit(resource, old);
	limit = (struct rlimit){value, old->rlim_max};
	(void)setrlimit(resource, &limit);
}

static void unlimit(int resource, const struct rlimit *old)
{
	int error = errno;

	(void)setrlimit(resource, old);
	errno = error;
}

static unsigned provoke_connection(void)
{
	const char *const names[] = {"/a;b", "/c"};
	kav_ctx ctx = context(NOWHERE);
	struct rlimit old;
	unsigned wrong;
	int rc;

	limit(RLIMIT_NOFILE, 0, &old);
	rc = kav_check_file(ctx, "/x");
	unlimit(RLIMIT_NOFILE, &old);
	wrong = tell(ctx, rc, KAV_ERROR_SOCKET);
	ctx = context(NOWHERE);
	wrong += tell(ctx, kav_check_file(ctx, "/x"), KAV_ERROR_CONNECT);
	ctx = context(NOWHERE);
	return wrong + tell(ctx, kav_check_files(ctx, names, 2, NULL), KAV_ERROR_WRITE);
}

static void *check_silent(void *self)
{
	(void)kav_check_file(((struct silent *)self)->ctx, "/x");
	return NULL;
}

static unsigned provoke_in_progress(struct silent *silent)
{
	pthread_t thread;
	int code;
	int fd;

	silent->ctx = context(silent->path);
	if (pthread_create(&thread, NULL, check_silent, silent) != 0)
		return 1;
	fd = hold_next(silent);
	(void)kav_check_file(silent->ctx, "/x");
	code = kav_get_error(silent->ctx);
	(void)close(fd);
	(void)pthread_join(thread, NULL);
	errno = EBUSY;
	(void)printf("  %2d %s (%m)\n", code, kav_strerror(code));
	kav_free(silent->ctx);
	return code != KAV_ERROR_CHECK_IN_PROGRESS;
}

static void on_signal(int number)
{
	(void)number;
}

/* Signals until one has come while the check waited: the first may come a moment too early. */
static void *send_signals(void *self)
{
	struct silent *silent = self;
	const struct timespec step = {.tv_nsec = 5000000};
	int fd = hold_next(silent);

	while (!atomic_load(&silent->done)) {
		(void)pthread_kill(silent->target, SIGUSR1);
		(void)nanosleep(&step, NULL);
	}
	(void)close(fd);
	return NULL;
}

static unsigned provoke_interrupt(struct silent *silent)
{
	const struct sigaction action = {.sa_handler = on_signal};
	kav_ctx ctx = context(silent->path);
	pthread_t thread;
	int error;
	int rc;

	(void)sigaction(SIGUSR1, &action, NULL);
	silent->target = pthread_self();
	if (pthread_create(&thread, NULL, send_signals, silent) != 0)
		return 1;
	rc = kav_check_file(ctx, "/x");
	error = errno;
	atomic_store(&silent->done, true);
	(void)pthread_join(thread, NULL);
	errno = error;
	return tell(ctx, rc, KAV_ERROR_WAIT_TO_READ);
}

static void *hang_up(void *self)
{
	(void)close(hold_next(self));
	return NULL;
}

static unsigned provoke_reading(struct silent *silent)
{
	kav_ctx ctx = context(silent->path);
	pthread_t thread;
	unsigned wrong = tell(ctx, kav_check_file(ctx, "/x"), KAV_ERROR_READ_TIMEOUT);
	int rc;

	(void)close(accept(silent->fd, NULL, NULL));
	if (pthread_create(&thread, NULL, hang_up, silent) != 0)
		return 1;
	ctx = context(silent->path);
	rc = kav_check_file(ctx, "/x");
	wrong += tell(ctx, rc, KAV_ERROR_READ);
	(void)pthread_join(thread, NULL);
	return wrong;
}

/* A folder for key files that is not there. */
static unsigned provoke_keyfile(void)
{
	const char *folder = getenv("TMPDIR");
	kav_ctx ctx = context(NOWHERE);
	char old[108];
	unsigned wrong;
	void *mem;

	(void)snprintf(old, sizeof(old), "%s", folder ? folder : "");
	(void)setenv("TMPDIR", "/nonexistent", 1);
	wrong = tell(ctx, kav_shmem_init(ctx, &mem, 16, NULL), KAV_ERROR_CANT_CREATE_KEYFILE);
	if (*old)
		(void)setenv("TMPDIR", old, 1);
	else
		(void)unsetenv("TMPDIR");
	return wrong;
}

static unsigned provoke_memory(void)
{
	kav_ctx ctx = context(NOWHERE);
	struct rlimit old;
	unsigned wrong;
	void *mem;
	int rc;

	wrong = tell(ctx, kav_shmem_init(ctx, &mem, 16, "/nonexistent/key"),
		     KAV_ERROR_CANT_GET_KEY);
	wrong += provoke_keyfile();
	ctx = context(NOWHERE);
	wrong += tell(ctx, kav_shmem_init(ctx, &mem, 0, NULL), KAV_ERROR_CANT_GET_SHMEM);
	ctx = context(NOWHERE);
	limit(RLIMIT_AS, TOO_MUCH, &old);
	rc = kav_shmem_init(ctx, &mem, TOO_MUCH, NULL);
	unlimit(RLIMIT_AS, &old);
	return wrong + tell(ctx, rc, KAV_ERROR_CANT_ATTACH_SHMEM);
}

static unsigned provoke_sizes(void)
{
	kav_ctx ctx = context("kos:scanner");
	unsigned wrong = tell(ctx, kav_shmem_check(ctx, 16), KAV_ERROR_NO_SHMEM_INIT);
	void *mem;
	int rc;

	ctx = context("kos:scanner");
	rc = kav_shmem_init(ctx, &mem, 4096, NULL);
	if (rc == 0)
		rc = kav_shmem_check(ctx, 4097);
	return wrong + tell(ctx, rc, KAV_ERROR_BAD_SHMEM_SIZE);
}

/* A name that there is no memory to copy. */
static unsigned provoke_no_memory(void)
{
	kav_ctx ctx = context(NOWHERE);
	char *name = malloc(TOO_MUCH);
	struct rlimit old;
	int rc;

	if (!name)
		return 1;
	memset(name, 'n', TOO_MUCH - 1);
	name[TOO_MUCH - 1] = '\0';
	limit(RLIMIT_AS, TOO_MUCH, &old);
	rc = kav_set_socketpath(ctx, name);
	unlimit(RLIMIT_AS, &old);
	free(name);
	return tell(ctx, rc, KAV_ERROR_MALLOC_FAILURE);
}

unsigned kx_kav_tour_errors(const char *folder)
{
	struct silent silent = {0};
	unsigned wrong;

	if (!open_silent(&silent, folder)) {
		(void)fprintf(stderr, "client: %s: %m\n", silent.path);
		return 1;
	}
	(void)printf("kav: every error\n");
	wrong = provoke_connection();
	wrong += provoke_in_progress(&silent);
	wrong += provoke_interrupt(&silent);
	wrong += provoke_reading(&silent);
	wrong += tell_state("kos:nokey", KAV_ERROR_BAD_KEYFILE);
	wrong += tell_state("kos:nobases", KAV_ERROR_BASES_NOT_FOUND);
	wrong += tell_state("kos:badbases", KAV_ERROR_INTEGRITY_VIOLATED);
	wrong += provoke_memory();
	wrong += provoke_sizes();
	wrong += provoke_no_memory();
	(void)close(silent.fd);
	(void)unlink(silent.path);
	return wrong;
}
