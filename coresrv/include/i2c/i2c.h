/* SPDX-License-Identifier: Apache-2.0 */
#ifndef I2C_I2C_H
#define I2C_I2C_H

/*
 * I2C buses. A stand-in: devices are 256 registers each, named in the board file
 * (KOSIX_BOARD, "i2c i2c1 0x76 0x88=0x6f 0x89=0x6b"). A write sets the register
 * pointer with its first byte and registers with the rest; a read goes on from
 * the pointer. Thread-safe; one transfer is not interrupted by another.
 */

#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

typedef void *I2cHandle;
typedef Retcode I2cError;

#define I2C_EOK            rcOk
#define I2C_INVALID_HANDLE ((I2cHandle)RTL_NULL)

#define I2C_FLAG_RD 0x0001U /* read; without it, write */

typedef struct I2cMsg {
	rtl_uint16_t addr; /* 7 bits */
	rtl_uint16_t flags;
	rtl_uint16_t len;
	rtl_uint8_t *buf;
} I2cMsg;

__RTL_BEGIN_DECLS

/* Comes first. rcOk, or rcInvalidArgument if the board file has a mistake. */
Retcode I2cInit(void);

/* Bus number @index's name. rcOk, rcResourceNotFound past the last, rcBufferTooSmall. */
Retcode I2cEnumChannels(rtl_size_t index, char *name, rtl_size_t size);

/* Opens a bus, "i2c0" to "i2c7". rcOk, rcInvalidArgument, rcNotReady, rcDeviceNotFound. */
Retcode I2cOpenChannel(const char *name, I2cHandle *handle);
Retcode I2cCloseChannel(I2cHandle handle);

/*
 * Does @count transfers in order. @freq, in Hz, is not 0 and otherwise unused.
 * rcOk; rcInvalidArgument; rcDeviceNotFound if nothing answers at an address,
 * then the messages before it have been done.
 */
I2cError I2cXfer(I2cHandle handle, rtl_uint32_t freq, I2cMsg *messages, rtl_size_t count);

__RTL_END_DECLS

#endif /* I2C_I2C_H */
