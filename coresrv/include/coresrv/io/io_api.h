/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_IO_IO_API_H
#define CORESRV_IO_IO_API_H

/*
 * Ports, device memory and interrupts, for drivers. A process on Linux has no devices:
 * every function here returns rcUnimplemented, and nothing has happened.
 */

#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>
#include <vmm/flags.h>

__RTL_BEGIN_DECLS

/* Ports @base to @base + @size - 1. */
Retcode KnRegisterPorts(rtl_uint16_t base, rtl_size_t size, Handle *outRid);
Retcode KnIoPermitPort(Handle rid, Handle *handle);

/* Device memory from the physical address @addr on. */
Retcode KnRegisterPhyMem(rtl_uint64_t addr, rtl_size_t size, Handle *outRid);
Retcode KnIoMapMem(Handle rid, rtl_uint32_t prot, rtl_uint32_t attr, void **addr, Handle *handle);

/* Gives ports, device memory or an interrupt back. */
Retcode KnIoClose(Handle handle);

__RTL_END_DECLS

#endif /* CORESRV_IO_IO_API_H */
