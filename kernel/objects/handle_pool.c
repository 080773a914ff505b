/* SPDX-License-Identifier: Apache-2.0 */

/* Blocks of handles; see handle_pool.h. */

#include "handle_pool.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "rcu.h"

#define BLOCK_BYTES 65536u /* also its alignment: a handle knows its block */
#define PLACES      (BLOCK_BYTES / sizeof(struct kx_handle))

/* In the place of handle 0 of its block. */
struct block {
	uint32_t first; /* number of that place */
};

_Static_assert(sizeof(struct block) <= sizeof(struct kx_handle), "the first place is the block's");

static struct block **blocks;
static uint32_t block_count;
static struct kx_handle *free_list;
static _Atomic long in_use;

/* Pushed to by liburcu's thread, taken whole by the control thread. */
static _Atomic(struct kx_handle *) returned;

/*
 * What a reader may look at too late is marked for AddressSanitizer, as free() would; and its
 * search for leaks knows that handles name what malloc() gave.
 */
#if defined(__SANITIZE_ADDRESS__)
#define KX_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KX_POISON 1
#endif
#endif
#ifdef KX_POISON
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#define hide(handle) __asan_poison_memory_region(handle, offsetof(struct kx_handle, parent))
#define show(handle) __asan_unpoison_memory_region(handle, sizeof(struct kx_handle))
#define root(block)  __lsan_register_root_region(block, BLOCK_BYTES)
#else
#define hide(handle) ((void)(handle))
#define show(handle) ((void)(handle))
#define root(block)  ((void)(block))
#endif

/* No memory of malloc(): what the heap holds is compared (footprint.h). NULL: out of memory. */
static void *map_block(void)
{
	char *area = mmap(NULL, 2 * (size_t)BLOCK_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (area == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)area % BLOCK_BYTES;
	if (before)
		(void)munmap(area, before);
	(void)munmap(area + before + BLOCK_BYTES, BLOCK_BYTES - before);
	root(area + before);
	return area + before;
}

static bool add_block(void)
{
	struct block **table = realloc(blocks, (block_count + 1) * sizeof(*table));
	struct kx_handle *places;

	if (!table)
		return false;
	blocks = table;
	places = map_block();
	if (!places)
		return false;
	blocks[block_count] = (struct block *)(void *)places;
	blocks[block_count]->first = block_count * (uint32_t)PLACES;
	block_count++;
	for (uint32_t i = (uint32_t)PLACES - 1; i > 0; i--) {
		places[i].free_next = free_list;
		free_list = &places[i];
		hide(&places[i]);
	}
	return true;
}

struct kx_handle *kx_handle_alloc(void)
{
	struct kx_handle *handle;

	if (!free_list)
		free_list = atomic_exchange_explicit(&returned, NULL, memory_order_acquire);
	if (!free_list && !add_block())
		return NULL;
	handle = free_list;
	free_list = handle->free_next;
	show(handle);
	memset(handle, 0, sizeof(*handle));
	atomic_fetch_add_explicit(&in_use, 1, memory_order_relaxed);
	return handle;
}

static void free_handle(struct rcu_head *head)
{
	struct kx_handle *handle = kx_container(head, struct kx_handle, rcu);

	KX_RCU_PASSED();
	atomic_fetch_sub_explicit(&in_use, 1, memory_order_relaxed);
	handle->free_next = atomic_load_explicit(&returned, memory_order_relaxed);
	hide(handle);
	while (!atomic_compare_exchange_weak_explicit(&returned, &handle->free_next, handle,
						      memory_order_release, memory_order_relaxed))
		;
}

long kx_handles_in_use(void)
{
	return atomic_load_explicit(&in_use, memory_order_relaxed);
}

void kx_handle_free(struct kx_handle *handle)
{
	urcu_memb_call_rcu(&handle->rcu, free_handle);
}

uint32_t kx_handle_number(const struct kx_handle *handle)
{
	uintptr_t at = (uintptr_t)handle;
	const struct block *block = (const struct block *)(at & ~(uintptr_t)(BLOCK_BYTES - 1));

	return block->first + (uint32_t)(at % BLOCK_BYTES / sizeof(*handle));
}

struct kx_handle *kx_handle_at(uint32_t number)
{
	struct kx_handle *places;

	if (!number)
		return NULL;
	places = (struct kx_handle *)(void *)blocks[number / PLACES];
	return &places[number % PLACES];
}
