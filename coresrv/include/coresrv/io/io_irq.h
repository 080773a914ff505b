/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_IO_IO_IRQ_H
#define CORESRV_IO_IO_IRQ_H

/* Interrupts, for drivers. As in io_api.h, every function returns rcUnimplemented. */

#include <coresrv/io/io_api.h>

__RTL_BEGIN_DECLS

Retcode KnRegisterIrq(int irq, Handle *outRid);
Retcode KnIoAttachIrq(Handle rid, rtl_uint32_t flags, Handle *handle);
Retcode KnIoDetachIrq(Handle rid);
Retcode KnIoEnableIrq(Handle rid);
Retcode KnIoDisableIrq(Handle rid);

__RTL_END_DECLS

#endif /* CORESRV_IO_IO_IRQ_H */
