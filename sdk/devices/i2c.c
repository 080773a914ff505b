/* SPDX-License-Identifier: Apache-2.0 */

/* i2c/i2c.h: devices of 256 registers with a pointer, as most sensors are. */

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include <i2c/i2c.h>

#include "board.h"

struct bus {
	char unused; /* a handle is the address of its bus */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct bus buses[KX_BOARD_I2C_BUSES];
static struct kx_board_i2c devices[KX_BOARD_I2C_MAX]; /* lock */
static uint8_t pointers[KX_BOARD_I2C_MAX];            /* lock */
static size_t device_count;                           /* lock */
static bool ready;                                    /* lock */

Retcode I2cInit(void)
{
	const struct kx_board *board = kx_board_get();

	if (!board)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	for (size_t i = 0; !ready && i < board->i2c_count; i++)
		devices[device_count++] = board->i2c[i];
	ready = true;
	(void)pthread_mutex_unlock(&lock);
	return rcOk;
}

Retcode I2cEnumChannels(rtl_size_t index, char *name, rtl_size_t size)
{
	if (!name)
		return rcInvalidArgument;
	if (index >= KX_BOARD_I2C_BUSES)
		return rcResourceNotFound;
	if (size < sizeof("i2c0"))
		return rcBufferTooSmall;
	(void)snprintf(name, size, "i2c%zu", index);
	return rcOk;
}

Retcode I2cOpenChannel(const char *name, I2cHandle *handle)
{
	bool initialised;
	int bus;

	if (!name || !handle)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	initialised = ready;
	(void)pthread_mutex_unlock(&lock);
	if (!initialised)
		return rcNotReady;
	bus = kx_board_port(name, "i2c", KX_BOARD_I2C_BUSES);
	if (bus < 0)
		return rcDeviceNotFound;
	*handle = &buses[bus];
	return rcOk;
}

/* The bus's number, or -1. */
static int bus_of(I2cHandle handle)
{
	for (int i = 0; i < KX_BOARD_I2C_BUSES; i++)
		if (handle == &buses[i])
			return i;
	return -1;
}

Retcode I2cCloseChannel(I2cHandle handle)
{
	return bus_of(handle) < 0 ? rcInvalidArgument : rcOk;
}

static int find_locked(unsigned bus, unsigned address)
{
	for (size_t i = 0; i < device_count; i++)
		if (devices[i].bus == bus && devices[i].address == address)
			return (int)i;
	return -1;
}

static void write_locked(int device, const I2cMsg *message)
{
	if (message->len > 0)
		pointers[device] = message->buf[0];
	for (unsigned i = 1; i < message->len; i++)
		devices[device].registers[pointers[device]++] = message->buf[i];
}

static void read_locked(int device, const I2cMsg *message)
{
	for (unsigned i = 0; i < message->len; i++)
		message->buf[i] = devices[device].registers[pointers[device]++];
}

static Retcode transfer_locked(unsigned bus, const I2cMsg *message)
{
	int device = find_locked(bus, message->addr);

	if (device < 0)
		return rcDeviceNotFound;
	if (message->flags & I2C_FLAG_RD)
		read_locked(device, message);
	else
		write_locked(device, message);
	return rcOk;
}

static bool messages_ok(const I2cMsg *messages, rtl_size_t count)
{
	for (rtl_size_t i = 0; i < count; i++)
		if ((!messages[i].buf && messages[i].len > 0) || messages[i].addr > 127)
			return false;
	return count > 0;
}

I2cError I2cXfer(I2cHandle handle, rtl_uint32_t freq, I2cMsg *messages, rtl_size_t count)
{
	int bus = bus_of(handle);
	Retcode rc = rcOk;

	if (bus < 0 || freq == 0 || !messages || !messages_ok(messages, count))
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	for (rtl_size_t i = 0; i < count && rc == rcOk; i++)
		rc = transfer_locked((unsigned)bus, &messages[i]);
	(void)pthread_mutex_unlock(&lock);
	return rc;
}
