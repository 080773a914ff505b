/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_ASK_H
#define KX_TEST_ASK_H

/* Loads a module as the kernel process does, and asks it about single events. */

#include "kosix/security_module.h"

struct kx_asker {
	void *library;
	const struct kx_security_module *module;
	void *state;
	struct kx_trail trail; /* of the last question */
	uint64_t number;
};

/* Fails the test if the module cannot be loaded. */
void kx_ask_open(struct kx_asker *asker, const char *path);
void kx_ask_close(struct kx_asker *asker);

/* One process: SID and class. */
struct kx_who {
	uint32_t sid;
	const char *class_name;
};

/* What is asked; zero fields are absent. */
struct kx_question {
	enum kx_event_kind kind;
	struct kx_who src, dst;
	const char *endpoint, *method;
	const void *fixed;
	uint32_t fixed_size;
	const void *arena;
	uint32_t arena_size;
	const struct kx_event_handle *handles;
	uint32_t handle_count;
};

bool kx_ask(struct kx_asker *asker, const struct kx_question *question);

/* Classification of one method. */
bool kx_ask_direct(struct kx_asker *asker, const char *src, const char *dst, const char *endpoint,
		   const char *method);

#endif /* KX_TEST_ASK_H */
