/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_IO_IO_DMA_H
#define CORESRV_IO_IO_DMA_H

/* Memory that devices read and write. As in io_api.h, every function returns rcUnimplemented. */

#include <coresrv/io/io_api.h>

__RTL_BEGIN_DECLS

Retcode KnIoDmaCreate(rtl_uint32_t order, rtl_size_t size, rtl_uint32_t flags, Handle *outRid);
Retcode KnIoDmaMap(Handle rid, rtl_size_t offset, rtl_size_t length, void *hint, int vmflags,
		   void **addr, Handle *handle);
Retcode KnIoDmaBegin(Handle rid, Handle *handle);

__RTL_END_DECLS

#endif /* CORESRV_IO_IO_DMA_H */
