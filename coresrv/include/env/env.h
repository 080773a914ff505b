/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENV_ENV_H
#define ENV_ENV_H

/*
 * The Env program of CE 1.0: a process whose class has the component kl.Env and
 * which gives other processes their arguments and environment. A process asks
 * when it starts, if it has a channel named ENV_SERVICE_NAME; environment
 * variables it gets replace those of init.yaml. New solutions write both into
 * init.yaml instead.
 */

#include <rtl/compiler.h>
#include <rtl/countof.h>
#include <rtl/stddef.h>

/* Channel to the Env program, for init.yaml: {var: ENV_SERVICE_NAME, include: env/env.h}. */
#define ENV_SERVICE_NAME "kl.Env"

/* @name: of a process in init.yaml; @argarr, @envarr: arrays of strings, up to 255 bytes each. */
#define ENV_REGISTER_ARGS(name, argarr)                                                            \
	envRegister((name), (const char *const *)(argarr), rtl_countof(argarr), RTL_NULL, 0)
#define ENV_REGISTER_VARS(name, envarr)                                                            \
	envRegister((name), RTL_NULL, 0, (const char *const *)(envarr), rtl_countof(envarr))
#define ENV_REGISTER_PROGRAM_ENVIRONMENT(name, argarr, envarr)                                     \
	envRegister((name), (const char *const *)(argarr), rtl_countof(argarr),                    \
		    (const char *const *)(envarr), rtl_countof(envarr))

__RTL_BEGIN_DECLS

/*
 * What the macros do: keeps copies. A later registration for the same process
 * replaces the part (arguments, environment) it gives. What does not fit (64
 * processes, 4096 bytes of strings for each part) is said on standard error and
 * left out.
 */
void envRegister(const char *name, const char *const *args, rtl_size_t argCount,
		 const char *const *envs, rtl_size_t envCount);

/*
 * Serves what was registered. Returns only if it cannot, after a line on standard
 * error: nobody has a channel to this process, or it broke. Blocks.
 */
void envServerRun(void);

__RTL_END_DECLS

#endif /* ENV_ENV_H */
