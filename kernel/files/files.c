/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The helper thread of files.h: one epoll set over the notify descriptors. It
 * answers a call in one piece, but asks the policy on the IPC thread and waits
 * for the verdict, which comes at once: no entity can hold it up.
 */

#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "class.h"
#include "decide.h"
#include "files_internal.h"
#include "hooks.h"
#include "log.h"
#include "mailbox.h"
#include "rcu.h"
#include "registry.h"
#include "task.h"

#define INTERFACE "kl.VfsFilesystem"

/* A tree that is to be removed. */
struct leaving {
	uint32_t number;
	struct leaving *next;
};

static struct {
	char rom[PATH_MAX];
	bool has_rom;
	bool runs;
	pthread_t thread;
	int epoll;
	int news;            /* eventfd: trees are leaving, or it is to end */
	pthread_mutex_t use; /* the helper serves a client, or what serves one changes */
	pthread_mutex_t lock;
	struct kx_files_client *clients; /* lock */
	struct leaving *leaving;         /* lock */
	bool ending;                     /* lock */
} files = {.epoll = -1,
	   .news = -1,
	   .use = PTHREAD_MUTEX_INITIALIZER,
	   .lock = PTHREAD_MUTEX_INITIALIZER};

/* --- the policy ------------------------------------------------------------------- */

struct question {
	struct kx_job job;
	const struct kx_files_client *client;
	const struct kx_files_vfs *vfs;
	const char *method;
	enum kx_verdict verdict;
	sem_t answered;
};

/* Endpoint and method as the class of the VFS program declares them, if it does. */
static void name_method(const struct kx_class *class_table, struct kx_event *event)
{
	for (uint32_t i = 0; class_table && i < class_table->endpoint_count; i++) {
		const struct kx_endpoint *endpoint = &kx_class_endpoints(class_table)[i];
		const struct kx_method *methods =
			&kx_class_methods(class_table)[endpoint->first_method];

		if (strcmp(kx_class_text(class_table, endpoint->interface), INTERFACE) != 0)
			continue;
		event->endpoint = kx_class_text(class_table, endpoint->name);
		event->qualified = kx_class_text(class_table, endpoint->qualified);
		event->riid = (uint16_t)i;
		for (uint32_t m = 0; m < endpoint->method_count; m++) {
			if (!strcmp(kx_class_text(class_table, methods[m].name), event->method))
				event->mid = (uint16_t)m;
		}
		return;
	}
}

static void judge(struct kx_job *job)
{
	struct question *question = kx_container(job, struct question, job);
	const struct kx_files_client *client = question->client;
	const struct kx_files_vfs *vfs = question->vfs;
	struct kx_event event = {
		.kind = KX_EVENT_REQUEST,
		.src = {client->sid, client->class_name, client->task_name},
		.dst = {vfs->sid, vfs->class_name, vfs->task_name},
		.endpoint = "",
		.qualified = "",
		.interface_name = INTERFACE,
		.method = question->method,
	};

	name_method(vfs->class_table, &event);
	rcu_read_lock();
	question->verdict = kx_decide(&event, kx_registry_task(client->number));
	rcu_read_unlock();
	(void)sem_post(&question->answered);
}

static bool is_granted(const struct kx_files_call *call)
{
	struct question question = {
		.job.run = judge,
		.client = call->client,
		.vfs = call->op >= KX_FILES_SOCKET ? &call->client->net : &call->client->file,
		.method = call->method,
		.verdict = KX_DENY,
	};

	/* Its own files, or those of the image: no other party is involved. */
	if (!question.vfs->given || question.vfs->number == call->client->number)
		return true;
	(void)sem_init(&question.answered, 0, 0);
	kx_ipc_post(&question.job);
	while (sem_wait(&question.answered) != 0)
		;
	(void)sem_destroy(&question.answered);
	return question.verdict == KX_GRANT;
}

/* --- answers ------------------------------------------------------------------------- */

/* ENOENT: the thread that called is gone, nobody waits. */
static void send_answer(int notify, const struct seccomp_notif_resp *answer)
{
	if (ioctl(notify, SECCOMP_IOCTL_NOTIF_SEND, answer) != 0 && errno != ENOENT)
		kx_log("a file call cannot be answered: %m");
}

void kx_files_answer(int notify, uint64_t id, long result)
{
	struct seccomp_notif_resp answer = {.id = id};

	if (result < 0)
		answer.error = (int32_t)result;
	else
		answer.val = result;
	send_answer(notify, &answer);
}

static void hand_over(const struct kx_files_call *call)
{
	struct seccomp_notif_addfd add = {
		.id = call->id,
		.flags = SECCOMP_ADDFD_FLAG_SEND,
		.srcfd = (uint32_t)call->fd,
		.newfd_flags = call->close_on_exec ? O_CLOEXEC : 0,
	};

	/* The table of the entity may be full. */
	if (ioctl(call->client->notify, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0 && errno != ENOENT)
		kx_files_answer(call->client->notify, call->id, -errno);
	(void)close(call->fd);
}

static int fetch_names(struct kx_files_call *call)
{
	int rc = 0;

	if (call->path || call->path_to || call->data)
		call->memory = kx_files_memory_of(call->thread, call->data != 0);
	if (call->op < KX_FILES_SOCKET && call->path)
		rc = kx_files_text(&call->memory, call->path, call->name, sizeof(call->name));
	if (rc == 0 && call->op < KX_FILES_SOCKET && call->path_to)
		rc = kx_files_text(&call->memory, call->path_to, call->name_to,
				   sizeof(call->name_to));
	return rc;
}

static long serve(struct kx_files_call *call)
{
	int rc = fetch_names(call);

	/* What was read belongs to the call, and the memory to its thread, only if that still
	 * waits. */
	if (rc == 0 && ioctl(call->client->notify, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id) != 0)
		rc = -ENOENT;
	if (rc != 0)
		return rc;
	if (call->op < KX_FILES_SOCKET && kx_files_goes_on(call))
		return KX_FILES_GO_ON;
	if (!is_granted(call))
		return -EPERM;
	return call->op < KX_FILES_SOCKET ? kx_files_on_path(call) : kx_files_on_socket(call);
}

static void serve_next(struct kx_files_client *client)
{
	static struct kx_files_call call; /* two paths: too large for a stack */
	struct seccomp_notif notice = {0};
	struct seccomp_notif_resp go_on = {.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	long result = -ENOSYS;

	if (ioctl(client->notify, SECCOMP_IOCTL_NOTIF_RECV, &notice) != 0)
		return;
	memset(&call, 0, sizeof(call));
	call.client = client;
	call.memory = (struct kx_files_memory){-1, -1};
	go_on.id = notice.id;
	if (kx_files_decode(&notice, &call))
		result = serve(&call);
	kx_files_memory_close(&call.memory);
	if (result == KX_FILES_GO_ON)
		send_answer(client->notify, &go_on);
	else if (result == KX_FILES_HAND_OVER)
		hand_over(&call);
	else if (result != KX_FILES_LATER)
		kx_files_answer(client->notify, notice.id, result);
}

/* --- clients and the loop --------------------------------------------------------------- */

static void free_client(struct kx_files_client *client)
{
	if (client->root >= 0)
		(void)close(client->root);
	if (client->pidfd >= 0)
		(void)close(client->pidfd);
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
	free_client(gone);
}

/* False: the helper is to end. */
static bool take_news(void)
{
	struct leaving *leaving;
	uint64_t count;
	bool ending;

	(void)!read(files.news, &count, sizeof(count));
	(void)pthread_mutex_lock(&files.lock);
	leaving = files.leaving;
	files.leaving = NULL;
	ending = files.ending;
	(void)pthread_mutex_unlock(&files.lock);
	while (leaving) {
		struct leaving *next = leaving->next;

		if (!ending)
			kx_files_tree_drop(leaving->number);
		free(leaving);
		leaving = next;
	}
	return !ending;
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
		(void)pthread_mutex_lock(&files.use);
		if (event.events & EPOLLIN)
			serve_next(event.data.ptr);
		else
			forget(event.data.ptr);
		(void)pthread_mutex_unlock(&files.use);
	}
}

static int start_helper(void)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
	sigset_t all;
	sigset_t old;
	int rc;

	files.epoll = epoll_create1(EPOLL_CLOEXEC);
	files.news = eventfd(0, EFD_CLOEXEC);
	if (files.epoll < 0 || files.news < 0 ||
	    epoll_ctl(files.epoll, EPOLL_CTL_ADD, files.news, &event) != 0)
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

	while (write(files.news, &one, sizeof(one)) != (ssize_t)sizeof(one))
		;
}

static void let_tree_go(uint32_t number)
{
	struct leaving *leaving = files.runs ? malloc(sizeof(*leaving)) : NULL;

	if (!leaving)
		return;
	leaving->number = number;
	(void)pthread_mutex_lock(&files.lock);
	leaving->next = files.leaving;
	files.leaving = leaving;
	(void)pthread_mutex_unlock(&files.lock);
	tell_helper();
}

void kx_files_task_dead(const struct kx_task *task)
{
	let_tree_go(task->number);
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

	client->read_only = !client->file.given;
	if (vfs || !client->file.given)
		return find_tree(client, vfs);
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

/* Its environment is another now, and so may be who serves it. */
static void find_again(struct kx_files_client *client, const struct kx_task *task)
{
	if (client->root >= 0)
		(void)close(client->root);
	client->root = -1;
	memset(&client->file, 0, sizeof(client->file));
	memset(&client->net, 0, sizeof(client->net));
	kx_files_find_vfs(task, client);
	if (find_root(client) != 0)
		kx_log("%s: its files cannot be served", task->name);
}

void kx_files_told(const struct kx_task *task)
{
	struct kx_files_client *client;
	bool serves = false;
	char path[PATH_MAX];

	if (!files.runs)
		return;
	(void)pthread_mutex_lock(&files.use);
	(void)pthread_mutex_lock(&files.lock);
	for (client = files.clients; client; client = client->next) {
		if (client->number == task->number)
			find_again(client, task);
		serves |= client->file.given && client->file.number == task->number;
	}
	(void)pthread_mutex_unlock(&files.lock);
	/* Its tree was found without its mounts. */
	if (serves)
		(void)kx_files_tree(task->number, task, files.rom, path);
	(void)pthread_mutex_unlock(&files.use);
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
	while (files.clients) {
		struct kx_files_client *client = files.clients;

		files.clients = client->next;
		free_client(client);
	}
	if (files.epoll >= 0)
		(void)close(files.epoll);
	if (files.news >= 0)
		(void)close(files.news);
	files.epoll = files.news = -1;
	kx_files_tree_fini();
}
