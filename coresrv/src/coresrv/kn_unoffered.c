/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a process on Linux cannot have: devices, hooks for exceptions, DCM in C. Programs link and
 * are told so; docs/CAVEATS.md lists the names.
 */

#include <coresrv/hal/hal_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/io/io_dma.h>
#include <coresrv/io/io_irq.h>
#include <coresrv/thread/thread_api.h>
#include <dcm/groups/pub.h>
#include <dcm/groups/subscr.h>

Retcode KnRegisterPorts(rtl_uint16_t base, rtl_size_t size, Handle *outRid)
{
	(void)base;
	(void)size;
	(void)outRid;
	return rcUnimplemented;
}

Retcode KnIoPermitPort(Handle rid, Handle *handle)
{
	(void)rid;
	(void)handle;
	return rcUnimplemented;
}

Retcode KnRegisterPhyMem(rtl_uint64_t addr, rtl_size_t size, Handle *outRid)
{
	(void)addr;
	(void)size;
	(void)outRid;
	return rcUnimplemented;
}

Retcode KnIoMapMem(Handle rid, rtl_uint32_t prot, rtl_uint32_t attr, void **addr, Handle *handle)
{
	(void)rid;
	(void)prot;
	(void)attr;
	(void)addr;
	(void)handle;
	return rcUnimplemented;
}

Retcode KnIoClose(Handle handle)
{
	(void)handle;
	return rcUnimplemented;
}

Retcode KnRegisterIrq(int irq, Handle *outRid)
{
	(void)irq;
	(void)outRid;
	return rcUnimplemented;
}

Retcode KnIoAttachIrq(Handle rid, rtl_uint32_t flags, Handle *handle)
{
	(void)rid;
	(void)flags;
	(void)handle;
	return rcUnimplemented;
}

Retcode KnIoDetachIrq(Handle rid)
{
	(void)rid;
	return rcUnimplemented;
}

Retcode KnIoEnableIrq(Handle rid)
{
	(void)rid;
	return rcUnimplemented;
}

Retcode KnIoDisableIrq(Handle rid)
{
	(void)rid;
	return rcUnimplemented;
}

Retcode KnIoDmaCreate(rtl_uint32_t order, rtl_size_t size, rtl_uint32_t flags, Handle *outRid)
{
	(void)order;
	(void)size;
	(void)flags;
	(void)outRid;
	return rcUnimplemented;
}

Retcode KnIoDmaMap(Handle rid, rtl_size_t offset, rtl_size_t length, void *hint, int vmflags,
		   void **addr, Handle *handle)
{
	(void)rid;
	(void)offset;
	(void)length;
	(void)hint;
	(void)vmflags;
	(void)addr;
	(void)handle;
	return rcUnimplemented;
}

Retcode KnIoDmaBegin(Handle rid, Handle *handle)
{
	(void)rid;
	(void)handle;
	return rcUnimplemented;
}

Retcode DcmInit(DcmHandle *dcm)
{
	(void)dcm;
	return rcUnimplemented;
}

Retcode DcmCloseHandle(DcmHandle handle)
{
	(void)handle;
	return rcUnimplemented;
}

Retcode DcmPublishEndpoint(DcmHandle dcm, const char *type, const char *server,
			   const char *endpoint, DcmHandle *pub)
{
	(void)dcm;
	(void)type;
	(void)server;
	(void)endpoint;
	(void)pub;
	return rcUnimplemented;
}

Retcode DcmListen(DcmHandle pub, rtl_uint32_t msecs, DcmHandle *connection)
{
	(void)pub;
	(void)msecs;
	(void)connection;
	return rcUnimplemented;
}

Retcode DcmAccept(DcmHandle connection, Handle callable)
{
	(void)connection;
	(void)callable;
	return rcUnimplemented;
}

Retcode DcmReadPubQueue(DcmHandle dcm, const char *type, rtl_uint32_t msecs, DcmHandle *pub)
{
	(void)dcm;
	(void)type;
	(void)msecs;
	(void)pub;
	return rcUnimplemented;
}

Retcode DcmPublishGroupEndpoints(DcmHandle dcm, const char *group, DcmHandle *pub)
{
	(void)dcm;
	(void)group;
	(void)pub;
	return rcUnimplemented;
}

Retcode DcmListenGroupPub(DcmHandle pub, rtl_uint32_t msecs, DcmHandle *connection)
{
	(void)pub;
	(void)msecs;
	(void)connection;
	return rcUnimplemented;
}

Retcode DcmSubscribeGroup(DcmHandle dcm, const char *group, DcmHandle *subscription)
{
	(void)dcm;
	(void)group;
	(void)subscription;
	return rcUnimplemented;
}

Retcode KnHalGetPrivReg(rtl_uint32_t reg, rtl_uint32_t reserved, rtl_uint64_t *value)
{
	(void)reg;
	(void)reserved;
	(void)value;
	return rcUnimplemented;
}

Retcode KnHalResetSystem(void)
{
	return rcUnimplemented;
}

Retcode KnHandleSecurityConnect(Handle handle, Handle *outHandle)
{
	(void)handle;
	(void)outHandle;
	return rcUnimplemented;
}

Retcode KnHandleSecurityDisconnect(Handle handle)
{
	(void)handle;
	return rcUnimplemented;
}

Retcode KnThreadGetLastException(ExceptionInfo *info)
{
	(void)info;
	return rcUnimplemented;
}
