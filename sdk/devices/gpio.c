/* SPDX-License-Identifier: Apache-2.0 */

/*
 * gpio/gpio.h. Pins that are wired together form a net; its level is 1 if any
 * output in it puts out 1, 0 if there are only outputs with 0, and else what
 * the board file says. Everything is under one lock; callbacks run without it.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <gpio/gpio.h>
#include <kos/semaphore.h>

#include "board.h"

#define EVENTS_MAX 64
#define PORTS      KX_BOARD_GPIO_PORTS
#define PINS       KX_BOARD_GPIO_PINS

struct pin {
	unsigned net;
	uint32_t mode;
	bool latch; /* what is put out, if it is an output */
	bool level; /* of the net, when events were last looked for */
	GpioEventCb callback;
	void *context;
};

struct event {
	uint32_t pin;
	uint32_t event;
};

struct port {
	struct pin pins[PINS];
	struct event events[EVENTS_MAX]; /* a ring: first, count */
	unsigned first;
	unsigned count;
	KosSemaphore available; /* one for each event; its own lock */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct port ports[PORTS];     /* lock, but for `available` */
static const struct kx_board *board; /* lock; NULL: GpioInit has not been called */

static struct pin *pin_of(struct kx_board_pin at)
{
	return &ports[at.port].pins[at.pin];
}

static void join_nets_locked(unsigned from, unsigned to)
{
	for (unsigned i = 0; i < PORTS * PINS; i++)
		if (ports[i / PINS].pins[i % PINS].net == from)
			ports[i / PINS].pins[i % PINS].net = to;
}

static bool net_level_locked(unsigned net)
{
	bool driven = false;
	bool pulled = false;

	for (unsigned i = 0; i < PORTS * PINS; i++) {
		const struct pin *p = &ports[i / PINS].pins[i % PINS];

		if (p->net != net)
			continue;
		if (p->mode & GPIO_DIR_OUT) {
			driven = true;
			if (p->latch)
				return true;
		}
		pulled |= board->levels[i / PINS][i % PINS] != 0;
	}
	return !driven && pulled;
}

static void wire_up_locked(void)
{
	for (unsigned i = 0; i < PORTS * PINS; i++)
		ports[i / PINS].pins[i % PINS].net = i;
	for (size_t i = 0; i < board->wire_count; i++)
		join_nets_locked(pin_of(board->wires[i][0])->net, pin_of(board->wires[i][1])->net);
	for (unsigned i = 0; i < PORTS * PINS; i++)
		ports[i / PINS].pins[i % PINS].level =
			net_level_locked(ports[i / PINS].pins[i % PINS].net);
}

Retcode GpioInit(void)
{
	const struct kx_board *found = kx_board_get();

	if (!found)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	if (!board) {
		board = found;
		wire_up_locked();
	}
	(void)pthread_mutex_unlock(&lock);
	return rcOk;
}

static struct port *port_of(GpioHandle handle)
{
	for (unsigned i = 0; i < PORTS; i++)
		if (handle == &ports[i])
			return &ports[i];
	return NULL;
}

/* The pin, or NULL: no such port or pin. */
static struct pin *find_pin(GpioHandle handle, rtl_uint32_t pin)
{
	struct port *port = port_of(handle);

	return port && pin < PINS ? &port->pins[pin] : NULL;
}

Retcode GpioEnumPorts(rtl_size_t index, char *name, rtl_size_t size)
{
	if (!name)
		return rcInvalidArgument;
	if (index >= PORTS)
		return rcResourceNotFound;
	if (size < sizeof("gpio0"))
		return rcBufferTooSmall;
	(void)snprintf(name, size, "gpio%zu", index);
	return rcOk;
}

Retcode GpioOpenPort(const char *name, GpioHandle *handle)
{
	bool ready;
	int port;

	if (!name || !handle)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	ready = board != NULL;
	(void)pthread_mutex_unlock(&lock);
	if (!ready)
		return rcNotReady;
	port = kx_board_port(name, "gpio", PORTS);
	if (port < 0)
		return rcDeviceNotFound;
	*handle = &ports[port];
	return rcOk;
}

Retcode GpioClosePort(GpioHandle handle)
{
	return port_of(handle) ? rcOk : rcInvalidArgument;
}

static void queue_locked(struct port *port, uint32_t pin, uint32_t event)
{
	if (port->count == EVENTS_MAX) { /* the oldest is lost, its count serves the newest */
		port->first = (port->first + 1) % EVENTS_MAX;
		port->count--;
	} else {
		(void)KosSemaphoreSignal(&port->available);
	}
	port->events[(port->first + port->count) % EVENTS_MAX] = (struct event){pin, event};
	port->count++;
}

struct call {
	GpioEventCb callback;
	void *context;
	struct event event;
};

/* Looks at pin @i after a change; returns whether *@call must be made. */
static bool look_locked(unsigned i, struct call *call)
{
	struct pin *p = &ports[i / PINS].pins[i % PINS];
	bool level = net_level_locked(p->net);
	uint32_t events =
		level ? GPIO_EVENT_RISE | GPIO_EVENT_HIGH : GPIO_EVENT_FALL | GPIO_EVENT_LOW;

	if (level == p->level)
		return false;
	p->level = level;
	events &= p->mode;
	if (!(p->mode & GPIO_DIR_IN) || events == 0)
		return false;
	queue_locked(&ports[i / PINS], i % PINS, events);
	*call = (struct call){p->callback, p->context, {i % PINS, events}};
	return p->callback != NULL;
}

/* With the lock held, which it releases: reports what a change of @net led to. */
static void report_and_unlock(unsigned net)
{
	struct call calls[PORTS * PINS];
	size_t count = 0;

	for (unsigned i = 0; i < PORTS * PINS; i++)
		if (ports[i / PINS].pins[i % PINS].net == net)
			count += look_locked(i, &calls[count]);
	(void)pthread_mutex_unlock(&lock);
	for (size_t i = 0; i < count; i++)
		calls[i].callback(calls[i].context, calls[i].event.pin, calls[i].event.event);
}

Retcode GpioSetMode(GpioHandle handle, rtl_uint32_t pin, rtl_uint32_t mode)
{
	struct pin *p = find_pin(handle, pin);
	rtl_uint32_t direction = mode & GPIO_DIR_MASK;

	if (!p || (direction != GPIO_DIR_IN && direction != GPIO_DIR_OUT) ||
	    mode & ~(GPIO_DIR_MASK | GPIO_EVENT_MASK))
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	p->mode = mode;
	report_and_unlock(p->net);
	return rcOk;
}

Retcode GpioOut(GpioHandle handle, rtl_uint32_t pin, rtl_uint32_t value)
{
	struct pin *p = find_pin(handle, pin);

	if (!p)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	if (!(p->mode & GPIO_DIR_OUT)) {
		(void)pthread_mutex_unlock(&lock);
		return rcInvalidOperation;
	}
	p->latch = value != 0;
	report_and_unlock(p->net);
	return rcOk;
}

Retcode GpioIn(GpioHandle handle, rtl_uint32_t pin, rtl_uint32_t *value)
{
	struct pin *p = find_pin(handle, pin);

	if (!p || !value)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	*value = net_level_locked(p->net);
	(void)pthread_mutex_unlock(&lock);
	return rcOk;
}

Retcode GpioGetEvent(GpioHandle handle, rtl_uint32_t *pin, rtl_uint32_t *event, rtl_uint32_t mdelay)
{
	struct port *port = port_of(handle);
	struct event taken;

	if (!port || !pin || !event)
		return rcInvalidArgument;
	if (KosSemaphoreWaitTimeout(&port->available, mdelay) != rcOk)
		return rcTimeout;
	(void)pthread_mutex_lock(&lock);
	taken = port->events[port->first];
	port->first = (port->first + 1) % EVENTS_MAX;
	port->count--;
	(void)pthread_mutex_unlock(&lock);
	*pin = taken.pin;
	*event = taken.event;
	return rcOk;
}

Retcode GpioRegisterEventCb(GpioHandle handle, rtl_uint32_t pin, GpioEventCb callback,
			    void *context)
{
	struct pin *p = find_pin(handle, pin);
	Retcode rc = rcAlreadyExists;

	if (!p || !callback)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	if (!p->callback) {
		p->callback = callback;
		p->context = context;
		rc = rcOk;
	}
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

Retcode GpioUnregisterEventCb(GpioHandle handle, rtl_uint32_t pin)
{
	struct pin *p = find_pin(handle, pin);
	Retcode rc = rcResourceNotFound;

	if (!p)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	if (p->callback) {
		p->callback = NULL;
		rc = rcOk;
	}
	(void)pthread_mutex_unlock(&lock);
	return rc;
}
