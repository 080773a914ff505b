/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GPIO_GPIO_H
#define GPIO_GPIO_H

/*
 * Digital pins. A stand-in: pins exist in this process, 64 a port, and are
 * wired to each other by the board file (KOSIX_BOARD, lines "wire gpio0 20 gpio0 21",
 * "level gpio0 22 1"). Without one, each pin stands alone and reads what was
 * last put out on it. Thread-safe.
 */

#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

typedef void *GpioHandle;
typedef Retcode GpioError;

#define GPIO_EOK            rcOk
#define GPIO_INVALID_HANDLE ((GpioHandle)RTL_NULL)

/* Modes of a pin: one direction, for inputs also the events to report. */
#define GPIO_DIR_IN     1U
#define GPIO_DIR_OUT    2U
#define GPIO_DIR_MASK   3U
#define GPIO_EVENT_LOW  4U
#define GPIO_EVENT_HIGH 8U
#define GPIO_EVENT_RISE 16U
#define GPIO_EVENT_FALL 32U
#define GPIO_EVENT_MASK 60U

/* @event: which of GPIO_EVENT_... happened. Called in the thread that changed the level. */
typedef void (*GpioEventCb)(void *context, rtl_uint32_t pin, rtl_uint32_t event);

__RTL_BEGIN_DECLS

/* Comes first. rcOk, or rcInvalidArgument if the board file has a mistake. */
Retcode GpioInit(void);

/* Port number @index's name. rcOk, rcResourceNotFound past the last, rcBufferTooSmall. */
Retcode GpioEnumPorts(rtl_size_t index, char *name, rtl_size_t size);

/*
 * Opens a port, "gpio0" to "gpio7"; opening twice gives the same one. rcOk,
 * rcInvalidArgument, rcNotReady without GpioInit, rcDeviceNotFound.
 */
Retcode GpioOpenPort(const char *name, GpioHandle *handle);
Retcode GpioClosePort(GpioHandle handle);

/* rcOk, or rcInvalidArgument: no such port or pin, or not one direction. */
Retcode GpioSetMode(GpioHandle handle, rtl_uint32_t pin, rtl_uint32_t mode);

/* Puts @value (0 or not 0) out. rcInvalidOperation if the pin is not an output. */
Retcode GpioOut(GpioHandle handle, rtl_uint32_t pin, rtl_uint32_t value);

/* The level of a pin, 0 or 1, whatever its direction. */
Retcode GpioIn(GpioHandle handle, rtl_uint32_t pin, rtl_uint32_t *value);

/*
 * Waits at most @mdelay milliseconds for an event of a pin whose mode asks for
 * it. The oldest of up to 64 is taken out. rcOk, rcTimeout, rcInvalidArgument.
 */
Retcode GpioGetEvent(GpioHandle handle, rtl_uint32_t *pin, rtl_uint32_t *event,
		     rtl_uint32_t mdelay);

/* One callback a pin, besides GpioGetEvent. rcAlreadyExists, rcResourceNotFound. */
Retcode GpioRegisterEventCb(GpioHandle handle, rtl_uint32_t pin, GpioEventCb callback,
			    void *context);
Retcode GpioUnregisterEventCb(GpioHandle handle, rtl_uint32_t pin);

__RTL_END_DECLS

#endif /* GPIO_GPIO_H */
