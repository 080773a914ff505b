/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_TASK_H
#define KOS_TASK_H

/*
 * Processes under the names of CE 1.2 and later; coresrv/entity/entity_api.h has
 * the same calls under their older names, and says what they return.
 */

#include <coresrv/entity/entity_api.h>
#include <coresrv/sl/sl_api.h>

typedef struct SKosTask KosTask;
typedef EntityInfo KosTaskInfo;

#define KOS_TASK_FLAGS_NONE    ENTITY_FLAGS_NONE
#define KOS_TASK_FLAG_DUMPABLE ENTITY_FLAG_DUMPABLE

static inline KosTask *KosTaskInit(const KosTaskInfo *info)
{
	return EntityInit(info);
}

static inline KosTask *KosTaskInitEx(const KosTaskInfo *info, const char *name, const char *path)
{
	return EntityInitEx(info, name, path);
}

static inline Retcode KosTaskSetArgs(KosTask *task, const char *args[])
{
	return EntitySetArgs(task, args);
}

static inline Retcode KosTaskSetEnv(KosTask *task, const char *envs[])
{
	return EntitySetEnv(task, envs);
}

static inline Retcode KosTaskConnectToService(KosTask *client, KosTask *server, const char *name)
{
	return EntityConnectToService(client, server, name);
}

static inline Retcode KosTaskConnect(KosTask *client, KosTask *server)
{
	return EntityConnect(client, server);
}

static inline Retcode KosTaskRun(KosTask *task)
{
	return EntityRun(task);
}

static inline Retcode KosTaskWait(KosTask *task, rtl_uint32_t timeout, rtl_uint32_t *exitCode)
{
	return EntityWait(task, timeout, exitCode);
}

static inline Retcode KosTaskStop(KosTask *task)
{
	return EntityStop(task);
}

static inline Retcode KosTaskStopAndWait(KosTask *task, rtl_uint32_t timeout,
					 rtl_uint32_t *exitCode)
{
	return EntityStopAndWait(task, timeout, exitCode);
}

static inline rtl_uint32_t KosTaskGetId(KosTask *task)
{
	return EntityGetId(task);
}

static inline Handle KosTaskGetHandle(const KosTask *task)
{
	return EntityGetHandle(task);
}

static inline void KosTaskPut(KosTask *task)
{
	EntityPut(task);
}

static inline KosTask *KosTaskGetSelf(void)
{
	return EntityGetSelf();
}

/*
 * A channel of this process by name: what ServiceLocatorConnect() and
 * ServiceLocatorRegister() say. INVALID_HANDLE: there is none.
 */
static inline Handle KosTaskLookupClientChannel(const char *name)
{
	return ServiceLocatorConnect(name);
}

static inline Handle KosTaskLookupServerChannel(const char *name)
{
	return ServiceLocatorRegister(name, RTL_NULL, 0, RTL_NULL);
}

#endif /* KOS_TASK_H */
