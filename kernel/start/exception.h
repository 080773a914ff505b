/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_EXCEPTION_H
#define KX_EXCEPTION_H

/*
 * Exceptions from isolation that the person who runs a solution declares for single entities
 * (--allow=ENTITY:WHAT). An image cannot declare any: who is kept in does not say where the
 * walls stand. Control thread.
 */

#include <stdbool.h>
#include <stddef.h>

#include "isolation/profile.h"

/*
 * @text is ENTITY:read:PATH, ENTITY:write:PATH, ENTITY:connect:PORT, ENTITY:listen:PORT,
 * ENTITY:unix or ENTITY:sysv. Before the first start. 0; -EINVAL if it is none of these,
 * -ENOMEM; nothing is declared then.
 */
int kx_exception_declare(const char *text);

/* Whether entity @name has exceptions. */
bool kx_exception_is_declared(const char *name);

/* The entity of the exception @index; NULL: there are no more. */
const char *kx_exception_name(size_t index);

/* Adds those of entity @name to @profile. 0 or a negative errno. */
int kx_exception_loosen(const char *name, struct kx_isolation_profile *profile);

/* Forgets them; says which of them no entity has used. */
void kx_exception_fini(void);

#endif /* KX_EXCEPTION_H */
