/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MODULE_H
#define KX_MODULE_H

/*
 * The one security module of the run: built in or loaded from a shared object.
 * Loaded by main() before the threads start; afterwards only the IPC thread
 * calls into it. Every call is watched (module_watch.h).
 */

#include "kosix/security_module.h"

#define KX_MODULE_ERROR_MAX 512u

/*
 * @spec: "allow-all", "deny-all", or the path of a shared object. Returns false
 * with the reason and what to do in @error (KX_MODULE_ERROR_MAX bytes): missing
 * file, no kx_security_module(), another interface version, or a failed init().
 * No solution runs without a module.
 */
bool kx_module_load(const char *spec, char *error);
void kx_module_unload(void);

/* Name of the loaded module, for messages. */
const char *kx_module_name(void);

/* True for the built-in allow-all: no answer can differ. */
bool kx_module_grants_all(void);

enum kx_classification kx_module_classify(const struct kx_method_question *question);
enum kx_verdict kx_module_decide(const struct kx_event *event, struct kx_trail *trail);
void kx_module_forget(uint32_t sid);
/*
 * Audit level in force; another one (see kx_security_module.set_audit_level): false, and
 * nothing has changed, if the module has none or refuses. set: also main() after load().
 */
uint32_t kx_module_audit_level(void);
bool kx_module_set_audit_level(uint32_t level);
/* False: it cannot be set to any. */
bool kx_module_has_audit_levels(void);
/* The message of @event as text; false: the module knows nothing of it. */
bool kx_module_describe(const struct kx_event *event, char *text, size_t size);

#endif /* KX_MODULE_H */
