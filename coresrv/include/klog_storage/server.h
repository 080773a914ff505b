/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KLOG_STORAGE_SERVER_H
#define KLOG_STORAGE_SERVER_H

/*
 * The program that keeps audit records: it brings three functions, this library
 * the rest. The types without a body are those of the generated header of a
 * class with the component kl.KlogStorage.
 */

#include <klog_storage/client.h>
#include <nk/types.h>
#include <rtl/compiler.h>

struct kl_KlogStorage;
struct kl_KlogStorage_Entry;
struct kl_KlogStorage_component;

/* Keeps @entry, whose text ends with a zero. Returns 0, or anything else: refused. */
typedef int (*kl_KlogStorage_write_func)(void *ctx, const struct kl_KlogStorage_Entry *entry);

/* Fills @entries with the last @num_entries, at most 32. Returns how many, negative: failed. */
typedef int (*kl_KlogStorage_read_func)(void *ctx, nk_uint32_t num_entries,
					struct kl_KlogStorage_Entry *entries);

/* Fills @entries with those numbered @first_id to @last_id, at most 32. Returns as read. */
typedef int (*kl_KlogStorage_read_range_func)(void *ctx, nk_uint64_t first_id, nk_uint64_t last_id,
					      struct kl_KlogStorage_Entry *entries);

__RTL_BEGIN_DECLS

/* The interface made of three functions; one a process, a later call replaces it. */
struct kl_KlogStorage *
klog_storage_IKlog_storage_dispatcher(void *ctx, kl_KlogStorage_write_func write,
				      kl_KlogStorage_read_func read,
				      kl_KlogStorage_read_range_func read_range);

/* The component with that interface; one a process. */
struct kl_KlogStorage_component *klog_storage_storage_component(struct kl_KlogStorage *iface);

/*
 * Serves @component to all channels named @connection; @iid_offset is the
 * component's in its class, @iid its endpoint's and not used. Blocks. Returns 1,
 * after a line on standard error, if there is no such channel or it broke.
 */
int klog_storage_run(const char *connection, nk_iid_t iid_offset, nk_iid_t iid,
		     struct kl_KlogStorage_component *component);

__RTL_END_DECLS

#endif /* KLOG_STORAGE_SERVER_H */
