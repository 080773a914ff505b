/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_ENTITY_ENTITY_API_H
#define CORESRV_ENTITY_ENTITY_API_H

/*
 * Creating, connecting and starting processes: what an Einit program, generated
 * or written by hand, calls. Same names, layouts and order of calls as CE 1.1 to
 * 1.4. Each function is a request to the kernel, which asks the policy (rule
 * "execute" for EntityRun).
 */

#include <nk/types.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>
#include <services/handle/if_connection.h>

#define ENTITY_MAX_ARGS 128
#define ENTITY_MAX_ENVS 128

#define ENTITY_FLAGS_NONE    0U
#define ENTITY_FLAG_DUMPABLE 1U

/* A process made by EntityInit or EntityInitEx; only ever handled by pointer. */
struct SKosTask;
typedef struct SKosTask Entity;

/*
 * One name of an endpoint. Each endpoint is listed twice, under its qualified
 * name and under its path in the class, with the same riid.
 */
typedef struct EndpointInfo {
	const char *name;
	rtl_uint16_t riid;
	const char *iface_name;
} EndpointInfo;

typedef struct EntityInfo {
	const char *eiid; /* EDL class: the policy sees this */
	rtl_uint16_t max_endpoints;
	const EndpointInfo *endpoints;
	const char *args[ENTITY_MAX_ARGS + 1];
	const char *envs[ENTITY_MAX_ENVS + 1];
	rtl_uint32_t flags;
	const void *componentTree;
} EntityInfo;

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Creates a stopped process whose name and program are the class name of @info.
 *
 * Returns RTL_NULL if the name is taken, or the policy or the kernel refused;
 * nothing was created then. That there is no such program is found by EntityRun.
 * Blocks: for one request to the kernel.
 */
Entity *EntityInit(const EntityInfo *info);

/*
 * The same with a process name and a program file of the image; RTL_NULL for
 * either means the class name.
 */
Entity *EntityInitEx(const EntityInfo *info, const char *name, const char *path);

/*
 * Arguments and environment of a stopped process, RTL_NULL-terminated. args[0]
 * is the program, envs are "NAME=value". A second call replaces the first.
 *
 * Returns rcOk; rcInvalidArgument (RTL_NULL, or too many); rcInvalidOperation
 * (the process already runs). Nothing was changed unless rcOk.
 */
Retcode EntitySetArgs(Entity *entity, const char *args[]);
Retcode EntitySetEnv(Entity *entity, const char *envs[]);

/*
 * Makes a static channel between two stopped processes. @name is what both
 * look it up by; clients that give one server the same name form a group.
 *
 * Returns rcOk; rcInvalidArgument; rcInvalidOperation (one of them runs);
 * rcAlreadyExists (the client has a channel of this name). No channel was made
 * unless rcOk.
 */
Retcode EntityConnectToService(Entity *client, Entity *server, const char *name);

/* The same; the channel's name is the server's process name. */
Retcode EntityConnect(Entity *client, Entity *server);

/*
 * Starts a process.
 *
 * Returns rcOk; rcSecurityDisallow (the policy forbids "execute"; the process
 * stays stopped); rcInvalidOperation (it already ran); rcFail (no such program, or Linux
 * cannot run it: the solution's log says why).
 */
Retcode EntityRun(Entity *entity);

/*
 * Waits until a process has ended; @timeout in milliseconds, INFINITE_TIMEOUT for
 * ever. @exitCode may be RTL_NULL.
 *
 * Returns rcOk and the exit code; rcTimeout (it goes on).
 */
Retcode EntityWait(Entity *entity, rtl_uint32_t timeout, rtl_uint32_t *exitCode);

/* Ends a process at once. Returns rcOk, also if it had ended before. */
Retcode EntityStop(Entity *entity);

/* Both: as EntityWait() once the process has been told to end. */
Retcode EntityStopAndWait(Entity *entity, rtl_uint32_t timeout, rtl_uint32_t *exitCode);

/* The number of a process, from 1; 0 for RTL_NULL or when the kernel refuses to tell. */
rtl_uint32_t EntityGetId(Entity *entity);

/*
 * Its handle, for coresrv/task/task_api.h; it stays the Entity's. INVALID_HANDLE: RTL_NULL
 * was given, or the process ended and its handle was closed.
 */
Handle EntityGetHandle(const Entity *entity);

/*
 * Gives back what EntityInit() or EntityInitEx() gave; a process that runs goes on. No other
 * thread may be in a call with @entity, EntityWait() above all. RTL_NULL is allowed.
 */
void EntityFree(Entity *entity);
void EntityPut(Entity *entity);

/*
 * The calling process, for EntityGetId(); with it the others return rcInvalidOperation, as
 * with a process that runs. RTL_NULL: this is no entity. Nothing has to be given back.
 */
Entity *EntityGetSelf(void);

#ifdef __cplusplus
}
#endif

#ifdef __cplusplus
static_assert(sizeof(EndpointInfo) == 24, "EndpointInfo resized");
static_assert(sizeof(EntityInfo) == 2104, "EntityInfo resized");
#else
_Static_assert(sizeof(EndpointInfo) == 24, "EndpointInfo resized");
_Static_assert(sizeof(EntityInfo) == 2104, "EntityInfo resized");
#endif

#endif /* CORESRV_ENTITY_ENTITY_API_H */
