/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MODULE_WATCH_H
#define KX_MODULE_WATCH_H

/*
 * The watch on the security module, so that no call into it lasts for ever. Each stands between
 * kx_module_enter() and kx_module_leave(), one at a time: of main() before the IPC thread begins
 * and after it has ended, of the IPC thread in between. The process ends, and with it the
 * solution, after a line that names module, call and, where the module has noted it, rule, when
 * a call
 *
 *   - has used more than a second of processor time,
 *   - is found asleep at KX_MODULE_LOOKS looks in a row, a second apart, or
 *   - crashes.
 *
 * That a machine is busy or was stopped is no reason: a thread that is ready to run is not
 * asleep, and looks that were missed are not made up for. Neither is a wait for memory or disk
 * (Linux's state D). But files of FUSE and of some networks are waited for in a sleep like any
 * other: so while the module's file is opened it takes KX_MODULE_OPEN_LOOKS. The thread that looks
 * sleeps while the module is asked nothing.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "kosix/security_module.h"

#define KX_MODULE_LOOKS      3u
#define KX_MODULE_OPEN_LOOKS 30u

/* What the module is doing. Its strings and what it points to outlive the call. */
struct kx_module_call {
	const char *module;
	const char *what;                          /* "deciding", "loading" ... */
	const struct kx_event *event;              /* or NULL */
	const struct kx_trail *trail;              /* or NULL */
	const struct kx_method_question *question; /* or NULL */
};

/* Its own cache line: the first two are written at each call, the last once a second at most. */
struct kx_module_watch {
	_Alignas(64) _Atomic uint64_t turns; /* odd: a call is in progress */
	const struct kx_module_call *call;   /* meanwhile */
	_Atomic bool is_looking;             /* or nobody is there to look */
	_Atomic unsigned looks;              /* asleep, and the call is ended */
};

extern struct kx_module_watch kx_module_watch;

/* Somebody has to look again. */
void kx_module_rouse_watch(void);

static inline void kx_module_enter(const struct kx_module_call *call)
{
	uint64_t turns = atomic_load_explicit(&kx_module_watch.turns, memory_order_relaxed);

	kx_module_watch.call = call;
	atomic_store_explicit(&kx_module_watch.turns, turns + 1, memory_order_release);
	if (!atomic_load_explicit(&kx_module_watch.is_looking, memory_order_relaxed))
		kx_module_rouse_watch();
}

static inline void kx_module_leave(void)
{
	uint64_t turns = atomic_load_explicit(&kx_module_watch.turns, memory_order_relaxed);

	atomic_store_explicit(&kx_module_watch.turns, turns + 1, memory_order_release);
}

/*
 * From now on it is the calling thread that calls into the module; no call is in progress.
 * What the machine has no room for is said on the log, and the rest watches.
 */
void kx_module_watch_me(void);

/* The last of them, before it ends: nobody watches any more. */
void kx_module_watch_end(void);

#endif /* KX_MODULE_WATCH_H */
