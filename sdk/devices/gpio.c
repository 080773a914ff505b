/* SPDX-License-Identifier: Apache-2.0 */

/*
 * gpio/gpio.h. Pins that are wired together form a net (board.h). In an entity the
 * kernel process keeps what is put out, for all entities: each look fetches it, and
 * once somebody waits for events a thread watches for changes. A change that is undone before
 * the watcher looks is not seen. Everything is under one lock; callbacks run without it.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <gpio/gpio.h>
#include <kos/semaphore.h>
#include <kos/thread.h>

#include "board.h"
#include "board_kernel.h"

#define EVENTS_MAX 64
#define PORTS      KX_BOARD_GPIO_PORTS
#define PINS       KX_BOARD_GPIO_PINS
#define ALL        KX_BOARD_ALL_PINS

_Static_assert(KX_BOARD_PIN_IN == GPIO_DIR_IN && KX_BOARD_PIN_OUT == GPIO_DIR_OUT,
	       "directions are stored as they come");

struct pin {
	uint32_t mode; /* of this process: direction and events */
	bool level;    /* of the net, when events were last looked for */
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
static uint8_t bits[ALL];            /* lock; KX_BOARD_PIN_...; in an entity as last fetched */
static uint32_t generation;          /* lock; of `bits` */
static bool watched;                 /* lock; the watcher runs */
static const struct kx_board *board; /* lock; NULL: GpioInit has not been called */

static struct pin *pin_at(unsigned i)
{
	return &ports[i / PINS].pins[i % PINS];
}

static void fetch_locked(void)
{
	if (kx_board_is_shared())
		generation = kx_board_fetch(bits);
}

/* What pin @i is from now on, for everybody. */
static void set_locked(unsigned i, uint8_t value)
{
	bits[i] = value;
	if (kx_board_is_shared())
		kx_board_set(i, value);
}

static void start_levels_locked(void)
{
	bool levels[ALL];

	kx_board_levels(board, bits, levels);
	for (unsigned i = 0; i < ALL; i++)
		pin_at(i)->level = levels[i];
}

Retcode GpioInit(void)
{
	const struct kx_board *found = kx_board_get();

	if (!found)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	if (!board) {
		board = found;
		fetch_locked();
		start_levels_locked();
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

/* Looks at pin @i, whose net now has @level; returns whether *@call must be made. */
static bool look_locked(unsigned i, bool level, struct call *call)
{
	struct pin *p = pin_at(i);
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

/* With the lock held, which it releases: reports what has changed since the last look. */
static void report_and_unlock(void)
{
	struct call calls[ALL];
	bool levels[ALL];
	size_t count = 0;

	kx_board_levels(board, bits, levels);
	for (unsigned i = 0; i < ALL; i++)
		count += look_locked(i, levels[i], &calls[count]);
	(void)pthread_mutex_unlock(&lock);
	for (size_t i = 0; i < count; i++)
		calls[i].callback(calls[i].context, calls[i].event.pin, calls[i].event.event);
}

static int watch(void *unused)
{
	uint32_t seen;

	(void)unused;
	do {
		(void)pthread_mutex_lock(&lock);
		fetch_locked();
		seen = generation;
		report_and_unlock();
	} while (kx_board_wait(seen));
	return 0;
}

static void start_watching_locked(void)
{
	if (watched || !kx_board_is_shared())
		return;
	watched = KosThreadCreateDetached(RTL_NULL, ThreadPriorityNormal, 0, watch, RTL_NULL, 0) ==
		  rcOk;
	if (!watched)
		(void)fprintf(stderr, "gpio: no thread to watch pins; events of other entities "
				      "will not be seen\n");
}

/* The number of a pin among all, or ALL: no such port or pin. */
static unsigned number_of(GpioHandle handle, rtl_uint32_t pin)
{
	const struct port *port = port_of(handle);

	return port && pin < PINS ? (unsigned)(port - ports) * PINS + pin : ALL;
}

Retcode GpioSetMode(GpioHandle handle, rtl_uint32_t pin, rtl_uint32_t mode)
{
	unsigned i = number_of(handle, pin);
	rtl_uint32_t direction = mode & GPIO_DIR_MASK;

	if (i == ALL || (direction != GPIO_DIR_IN && direction != GPIO_DIR_OUT) ||
	    mode & ~(GPIO_DIR_MASK | GPIO_EVENT_MASK))
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	fetch_locked();
	pin_at(i)->mode = mode;
	set_locked(i, (uint8_t)((bits[i] & KX_BOARD_PIN_HIGH) | direction));
	if (mode & GPIO_EVENT_MASK)
		start_watching_locked();
	report_and_unlock();
	return rcOk;
}

Retcode GpioOut(GpioHandle handle, rtl_uint32_t pin, rtl_uint32_t value)
{
	unsigned i = number_of(handle, pin);

	if (i == ALL)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	if (!(pin_at(i)->mode & GPIO_DIR_OUT)) {
		(void)pthread_mutex_unlock(&lock);
		return rcInvalidOperation;
	}
	fetch_locked();
	set_locked(i, value ? KX_BOARD_PIN_OUT | KX_BOARD_PIN_HIGH : KX_BOARD_PIN_OUT);
	report_and_unlock();
	return rcOk;
}

Retcode GpioIn(GpioHandle handle, rtl_uint32_t pin, rtl_uint32_t *value)
{
	unsigned i = number_of(handle, pin);
	bool levels[ALL];

	if (i == ALL || !value)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	fetch_locked();
	kx_board_levels(board, bits, levels);
	*value = levels[i];
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
