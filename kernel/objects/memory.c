/* SPDX-License-Identifier: Apache-2.0 */

/* Memory objects and the kernel calls on them; see memory.h. */

#include "memory.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"
#include "handle.h"
#include "region.h"
#include "task.h"
#include "task_page.h"

static uint32_t next_packet;

static void expire_memory(struct kx_object *object)
{
	struct kx_memory *memory = kx_container(object, struct kx_memory, object);

	close(memory->fd);
	memory->fd = -1;
	memory->owner->memory_objects--;
	kx_object_unpin(&memory->owner->object);
}

static void free_memory(struct kx_object *object)
{
	free(kx_container(object, struct kx_memory, object));
}

static const struct kx_object_ops memory_ops = {.expire = expire_memory, .free = free_memory};

static enum kx_rc memory_new(struct kx_task *owner, uint64_t bytes, struct kx_memory **out)
{
	struct kx_memory *memory = calloc(1, sizeof(*memory));
	struct kx_region region;

	if (!memory)
		return KX_RC_OUT_OF_MEMORY;
	if (kx_region_create_plain(bytes, &region) < 0) {
		free(memory);
		return KX_RC_OUT_OF_MEMORY;
	}
	munmap(region.base, region.bytes);
	kx_object_init(&memory->object, KX_OBJECT_MEMORY, &memory_ops);
	memory->bytes = bytes;
	memory->fd = region.fd;
	memory->owner = owner;
	owner->memory_objects++;
	kx_object_pin(&owner->object);
	*out = memory;
	return KX_RC_OK;
}

static enum kx_rc create(struct kx_task *task, uint64_t bytes, uint32_t *handle)
{
	struct kx_handle_spec spec = {.rights = KX_RIGHT_ALL};
	struct kx_memory *memory;
	struct kx_handle *root;
	enum kx_rc rc;

	if (!bytes || bytes > KX_MEMORY_LIMIT)
		return KX_RC_INVALID_ARGUMENT;
	if (task->memory_objects >= KX_MEMORY_OBJECTS)
		return KX_RC_QUOTA_EXCEEDED;
	rc = memory_new(task, (bytes + 4095) & ~UINT64_C(4095), &memory);
	if (rc != KX_RC_OK)
		return rc;
	spec.object = &memory->object;
	rc = kx_handle_create(task, &spec, &root);
	if (rc == KX_RC_OK)
		*handle = root->value;
	else
		kx_object_expire(&memory->object);
	kx_object_unpin(&memory->object);
	return rc;
}

static enum kx_rc find_memory(struct kx_task *task, uint32_t handle, struct kx_memory **out)
{
	struct kx_object *object;
	enum kx_rc rc = kx_handle_object(task, handle, KX_OBJECT_MEMORY, 0, NULL, &object);

	if (rc == KX_RC_OK)
		*out = kx_container(object, struct kx_memory, object);
	return rc;
}

static enum kx_rc size_of(struct kx_task *task, uint32_t handle, uint64_t *bytes)
{
	struct kx_memory *memory;
	enum kx_rc rc = find_memory(task, handle, &memory);

	if (rc == KX_RC_OK)
		*bytes = memory->bytes;
	return rc;
}

/* Sends the descriptor; *@number is the index in its packet. KX_RC_BUSY: socket full. */
static enum kx_rc send_descriptor(struct kx_task *task, uint32_t handle, uint32_t *number)
{
	struct kx_packet packet = {.kind = KX_PACKET_MEMORY, .index = next_packet};
	struct kx_memory *memory;
	enum kx_rc rc = find_memory(task, handle, &memory);

	if (rc != KX_RC_OK)
		return rc;
	packet.bytes = memory->bytes;
	rc = kx_task_send(task, &packet, memory->fd);
	if (rc == KX_RC_OK)
		*number = next_packet++;
	return rc;
}

static enum kx_rc execute(struct kx_call_job *job)
{
	uint32_t *args = job->args;
	uint64_t bytes = 0;
	enum kx_rc rc;

	switch (job->op) {
	case KX_CALL_MEMORY_CREATE:
		return create(job->task, (uint64_t)args[1] << 32 | args[0], &args[0]);
	case KX_CALL_MEMORY_MAP:
		return send_descriptor(job->task, args[0], &args[0]);
	case KX_CALL_MEMORY_SIZE:
		rc = size_of(job->task, args[0], &bytes);
		args[0] = (uint32_t)bytes;
		args[1] = (uint32_t)(bytes >> 32);
		return rc;
	default:
		return KX_RC_UNIMPLEMENTED;
	}
}

void kx_calls_memory(struct kx_call_job *job)
{
	kx_call_answer(job, execute(job));
}
