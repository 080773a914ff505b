/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The helper thread of files.h: one epoll set over the notify descriptors. It
 * answers a call in one piece, but asks the policy on the IPC thread and waits
 * for the verdict, which comes at once. Only unpacking a late disk holds it up.
 */

#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "files_disk.h"
#include "files_internal.h"
#include "log.h"
#include "registry.h"
#include "task.h"

/* For the helper, of one task: its files are elsewhere, what it mounts, or else its end. */
struct news {
	uint32_t number;
	struct kx_files_client *again; /* where its files are now, nothing else of it counts */
	struct kx_files_mounts *mounts;
	struct news *next;
};

static struct {
	char rom[PATH_MAX];
	bool has_rom;
	bool runs;
	pthread_t thread;
	int epoll;
	int bell; /* eventfd: there are news, or it is to end */
	pthread_mutex_t lock;
	struct kx_files_client *clients; /* lock */
	struct news *news;               /* lock; the oldest first */
	bool ending;                     /* lock */
} files = {.epoll = -1, .bell = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

static void free_client(struct kx_files_client *client)
{
	if (client->root >= 0)
		(void)close(client->root);
	if (client->pidfd >= 0)
		(void)close(client->pidfd);
	if (client->notify >= 0)
		(void)close(client->notify);
	free(client);
}

static void forget(struct kx_files_client *gone)
{
	struct kx_files_client **at = &files.clients;

	(void)pthread_mutex_lock(&files.lock);
	while (*at && *at != gone)
		at = &(*at)->next;
	if (*at)
		*at = gone->next;
	(void)pthread_mutex_unlock(&files.lock);
	(void)epoll_ctl(files.epoll, EPOLL_CTL_DEL, gone->notify, NULL);
	kx_files_unpark(gone);
	free_client(gone);
}

struct kx_files_client *kx_files_find_client(uint32_t number)
{
	struct kx_files_client *client;

	(void)pthread_mutex_lock(&files.lock);
	for (client = files.clients; client && client->number != number; client = client->next)
		;
	(void)pthread_mutex_unlock(&files.lock);
	return client;
}

/* Its environment is another now, and so may be who serves it. */
static void move(uint32_t number, struct kx_files_client *again)
{
	struct kx_files_client *client = kx_files_find_client(number);

	if (!client)
		return;
	if (client->root >= 0)
		(void)close(client->root);
	(void)pthread_mutex_lock(&files.lock);
	client->file = again->file;
	(void)pthread_mutex_unlock(&files.lock);
	client->net = again->net;
	client->read_only = again->read_only;
	client->root = again->root;
	again->root = -1;
	memcpy(client->root_path, again->root_path, sizeof(client->root_path));
}

static void take(const struct news *news)
{
	if (news->again) {
		move(news->number, news->again);
		return;
	}
	if (!news->mounts)
		kx_files_tree_drop(news->number);
	else if (!kx_files_is_ready(news->number))
		kx_files_tree_mount(news->number, news->mounts, files.rom);
	kx_files_ready(news->number);
}

static void free_news(struct news *news)
{
	if (news->again)
		free_client(news->again);
	kx_files_mounts_free(news->mounts);
	free(news);
}

/* False: the helper is to end. */
static bool take_news(void)
{
	struct news *news;
	uint64_t count;
	bool ending;

	(void)!read(files.bell, &count, sizeof(count));
	(void)pthread_mutex_lock(&files.lock);
	news = files.news;
	files.news = NULL;
	ending = files.ending;
	(void)pthread_mutex_unlock(&files.lock);
	while (news) {
		struct news *next = news->next;

		if (!ending)
			take(news);
		free_news(news);
		news = next;
	}
	if (!ending)
		kx_files_parked(kx_files_serve_notice);
	return !ending;
}

static void serve_next(struct kx_files_client *client)
{
	struct seccomp_notif notice = {0};

	if (ioctl(client->notify, SECCOMP_IOCTL_NOTIF_RECV, &notice) == 0)
		kx_files_serve_notice(client, &notice);
}

static void *run(void *unused)
{
	struct epoll_event event;

	for (;;) {
		if (epoll_wait(files.epoll, &event, 1, -1) != 1)
			continue;
		if (!event.data.ptr && !take_news())
			return unused;
		if (!event.data.ptr)
			continue;
		if (event.events & EPOLLIN)
			serve_next(event.data.ptr);
		else
			forget(event.data.ptr);
	}
}

static int start_helper(void)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
	sigset_t all;
	sigset_t old;
	int rc;

	files.epoll = epoll_create1(EPOLL_CLOEXEC);
	files.bell = eventfd(0, EFD_CLOEXEC);
	if (files.epoll < 0 || files.bell < 0 ||
	    epoll_ctl(files.epoll, EPOLL_CTL_ADD, files.bell, &event) != 0)
		return -errno;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = -pthread_create(&files.thread, NULL, run, NULL);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	files.runs = rc == 0;
	return rc;
}

static void tell_helper(void)
{
	uint64_t one = 1;

	while (write(files.bell, &one, sizeof(one)) != (ssize_t)sizeof(one))
		;
}

static bool post(uint32_t number, struct kx_files_client *again, struct kx_files_mounts *mounts)
{
	struct news *news = malloc(sizeof(*news));
	struct news **end = &files.news;

	if (!news)
		return false;
	*news = (struct news){number, again, mounts, NULL};
	(void)pthread_mutex_lock(&files.lock);
	while (*end)
		end = &(*end)->next;
	*end = news;
	(void)pthread_mutex_unlock(&files.lock);
	tell_helper();
	return true;
}

void kx_files_task_dead(const struct kx_task *task)
{
	if (files.runs)
		(void)post(task->number, NULL, NULL);
}

/* The late @vfs was told what it mounts, and its tree is made. */
static int post_mounts(const struct kx_task *vfs)
{
	struct kx_files_mounts *mounts = kx_files_mounts(vfs);

	if (mounts && post(vfs->number, NULL, mounts))
		return 0;
	kx_files_mounts_free(mounts);
	return -ENOMEM;
}

/* The tree of VFS program @vfs; the image's files, for @client alone, if it is NULL. */
static int find_tree(struct kx_files_client *client, const struct kx_task *vfs)
{
	char path[PATH_MAX];
	int rc = kx_files_tree(vfs ? vfs->number : client->number, vfs, files.rom, path);

	if (rc != 0)
		return rc;
	client->root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return client->root < 0 || !realpath(path, client->root_path) ? -errno : 0;
}

/* Without a VFS program for files: those of the image, to be read. */
static int find_root(struct kx_files_client *client)
{
	const struct kx_task *vfs =
		client->file.given ? kx_registry_task(client->file.number) : NULL;
	int rc;

	/* What is mounted hides what is there: until then nobody has written in it. */
	client->read_only =
		!client->file.given ||
		(client->file.late && client->file.number == client->number && vfs && !vfs->told);
	if (vfs || !client->file.given) {
		rc = find_tree(client, vfs);
		return rc == 0 && client->file.late && vfs->told ? post_mounts(vfs) : rc;
	}
	client->file.late = false;
	/* Its VFS program has ended: it finds what one that began before finds, nothing. */
	client->root = kx_files_tree_gone(client->root_path);
	return client->root < 0 ? client->root : 0;
}

static int fill_client(struct kx_files_client *client, const struct kx_task *task)
{
	client->number = task->number;
	client->sid = task->object.sid;
	(void)snprintf(client->class_name, sizeof(client->class_name), "%s", task->class_name);
	(void)snprintf(client->task_name, sizeof(client->task_name), "%s", task->name);
	client->pidfd = fcntl(task->pidfd, F_DUPFD_CLOEXEC, 0);
	if (client->pidfd < 0)
		return -errno;
	kx_files_find_vfs(task, client);
	return find_root(client);
}

static int post_again(const struct kx_task *task)
{
	struct kx_files_client *again = calloc(1, sizeof(*again));
	int rc = -ENOMEM;

	if (!again)
		return rc;
	again->notify = again->pidfd = again->root = -1;
	again->number = task->number;
	kx_files_find_vfs(task, again);
	rc = find_root(again);
	if (rc == 0 && !post(task->number, again, NULL))
		rc = -ENOMEM;
	if (rc != 0)
		free_client(again);
	return rc;
}

void kx_files_told(const struct kx_task *task)
{
	int rc = 0;

	if (!files.runs)
		return;
	if (kx_files_is_late(task) && kx_files_tree_is_made(task->number))
		rc = post_mounts(task);
	if (rc == 0 && kx_files_find_client(task->number))
		rc = post_again(task);
	if (rc != 0)
		kx_log("%s: its files cannot be served as its Env program says: %s", task->name,
		       strerror(-rc));
}

int kx_files_serve(struct kx_task *task, int notify)
{
	struct kx_files_client *client = calloc(1, sizeof(*client));
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
	int rc = files.runs ? 0 : start_helper();

	if (!client) {
		(void)close(notify);
		return -ENOMEM;
	}
	client->notify = notify;
	client->root = client->pidfd = -1;
	if (rc == 0)
		rc = fill_client(client, task);
	(void)pthread_mutex_lock(&files.lock);
	if (rc == 0 && epoll_ctl(files.epoll, EPOLL_CTL_ADD, notify, &event) != 0)
		rc = -errno;
	if (rc == 0) {
		client->next = files.clients;
		files.clients = client;
	}
	(void)pthread_mutex_unlock(&files.lock);
	if (rc != 0)
		free_client(client);
	return rc;
}

void kx_files_waits_of(void (*add)(void *context, const char *client, const char *vfs),
		       void *context)
{
	struct kx_files_client *client;

	(void)pthread_mutex_lock(&files.lock);
	for (client = files.clients; client; client = client->next)
		if (atomic_load(&client->parked))
			add(context, client->task_name, client->file.task_name);
	(void)pthread_mutex_unlock(&files.lock);
}

bool kx_files_wanted(const struct kx_task *task)
{
	struct kx_files_client client = {0};

	kx_files_find_vfs(task, &client);
	return files.has_rom || client.file.given || client.net.given;
}

void kx_files_init(const char *rom)
{
	DIR *dir = opendir(rom);
	struct dirent *entry;

	(void)snprintf(files.rom, sizeof(files.rom), "%s", rom);
	files.has_rom = false;
	while (dir && (entry = readdir(dir)))
		files.has_rom |=
			strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	if (dir)
		(void)closedir(dir);
}

void kx_files_fini(void)
{
	if (files.runs) {
		(void)pthread_mutex_lock(&files.lock);
		files.ending = true;
		(void)pthread_mutex_unlock(&files.lock);
		tell_helper();
		(void)pthread_join(files.thread, NULL);
	}
	files.runs = files.ending = false;
	kx_files_parked_fini();
	while (files.clients) {
		struct kx_files_client *client = files.clients;

		files.clients = client->next;
		free_client(client);
	}
	if (files.epoll >= 0)
		(void)close(files.epoll);
	if (files.bell >= 0)
		(void)close(files.bell);
	files.epoll = files.bell = -1;
	kx_files_tree_fini();
}
