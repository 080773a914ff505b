/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UART_UART_H
#define UART_UART_H

/*
 * Serial ports. A stand-in: each opened port is a pseudo-terminal whose name is
 * printed on standard error, for a terminal program or a script to open. The
 * board file (KOSIX_BOARD) can say otherwise: "uart uart3 loopback" or
 * "uart uart3 device /dev/ttyUSB0". Any thread may read while another writes.
 */

#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

typedef void *UartHandle;
typedef Retcode UartError;

#define UART_EOK            rcOk
#define UART_INVALID_HANDLE ((UartHandle)RTL_NULL)

__RTL_BEGIN_DECLS

/* Comes first. rcOk, or rcInvalidArgument if the board file has a mistake. */
Retcode UartInit(void);

/*
 * Opens a port, "uart0" to "uart15"; once open it is rcBusy. Also rcInvalidArgument,
 * rcNotReady without UartInit, rcDeviceNotFound (not on the board, or Linux gives none).
 */
Retcode UartOpenPort(const char *name, UartHandle *handle);

/* Closes it. No call with @handle may be under way. rcOk, rcInvalidArgument. */
Retcode UartClosePort(UartHandle handle);

/*
 * Reads @size bytes; blocks until they are there. @reserved is RTL_NULL; @done,
 * if not RTL_NULL, gets their number. rcOk, rcInvalidArgument, rcFail (with what
 * came before in @done).
 */
Retcode UartRead(UartHandle handle, rtl_uint8_t *buffer, rtl_size_t size, void *reserved,
		 rtl_size_t *done);
Retcode UartReadByte(UartHandle handle, rtl_uint8_t *byte);

/*
 * Writes @size bytes. A line nobody listens to takes them all the same: what does
 * not fit the pseudo-terminal's buffer is lost, as on a wire. Does not block for long.
 */
Retcode UartWrite(UartHandle handle, const rtl_uint8_t *buffer, rtl_size_t size, void *reserved,
		  rtl_size_t *done);
Retcode UartWriteByte(UartHandle handle, rtl_uint8_t byte);

__RTL_END_DECLS

#endif /* UART_UART_H */
