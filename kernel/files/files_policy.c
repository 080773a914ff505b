/* SPDX-License-Identifier: Apache-2.0 */

/* What the policy says of a file or socket call. Helper thread; the IPC thread judges. */

#include <semaphore.h>
#include <string.h>

#include "class.h"
#include "decide.h"
#include "files_internal.h"
#include "mailbox.h"
#include "rcu.h"
#include "registry.h"
#include "task.h"

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

		if (strcmp(kx_class_text(class_table, endpoint->interface), KX_FILES_INTERFACE) !=
		    0)
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
		.interface_name = KX_FILES_INTERFACE,
		.method = question->method,
	};

	name_method(vfs->class_table, &event);
	rcu_read_lock();
	question->verdict = kx_decide(&event, kx_registry_task(client->number));
	rcu_read_unlock();
	(void)sem_post(&question->answered);
}

bool kx_files_granted(const struct kx_files_call *call)
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
