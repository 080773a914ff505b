/* SPDX-License-Identifier: Apache-2.0 */

/* bsp, gpio, uart and i2c as a board program uses them, on the board written by main(). */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include <bsp/bsp.h>
#include <gpio/gpio.h>
#include <i2c/i2c.h>
#include <uart/uart.h>

#define BOARD                                                                                      \
	"wire gpio0 20 gpio0 21\nwire gpio0 21 gpio1 5\nlevel gpio0 22 1\n"                        \
	"uart uart3 pty\nuart uart5 loopback\ni2c i2c1 0x76 0xD0=0x58\n"

_Static_assert(sizeof(I2cMsg) == 16 && offsetof(I2cMsg, buf) == 8, "KasperskyOS's layout");

static void nothing_works_before_its_init(void **state)
{
	void *handle = NULL;

	(void)state;
	assert_int_equal(BspEnableModule("uart3"), rcNotReady);
	assert_int_equal(GpioOpenPort("gpio0", &handle), rcNotReady);
	assert_int_equal(UartOpenPort("uart3", &handle), rcNotReady);
	assert_int_equal(I2cOpenChannel("i2c1", &handle), rcNotReady);
	assert_null(handle);
}

static void bsp_accepts_what_programs_set_up(void **state)
{
	(void)state;
	assert_int_equal(BspInit(NULL), BSP_EOK);
	assert_int_equal(BspEnableModule("uart3"), rcOk);
	assert_int_equal(BspSetConfig("gpio0", "RPI4_BCM2711.default"), rcOk);
	assert_int_equal(BspSetConfig("gpio0", ""), rcInvalidArgument);
	assert_int_equal(BspEnableModule(NULL), rcInvalidArgument);
}

static GpioHandle open_gpio(const char *name)
{
	GpioHandle handle = GPIO_INVALID_HANDLE;

	assert_int_equal(GpioInit(), rcOk);
	assert_int_equal(GpioOpenPort(name, &handle), rcOk);
	assert_non_null(handle);
	return handle;
}

static rtl_uint32_t level_of(GpioHandle handle, rtl_uint32_t pin)
{
	rtl_uint32_t value = 7;

	assert_int_equal(GpioIn(handle, pin, &value), rcOk);
	return value;
}

static void a_level_goes_along_the_wires(void **state)
{
	GpioHandle gpio0 = open_gpio("gpio0");
	GpioHandle gpio1 = open_gpio("gpio1");

	(void)state;
	assert_int_equal(GpioOut(gpio0, 20, 1), rcInvalidOperation);
	assert_int_equal(GpioSetMode(gpio0, 20, GPIO_DIR_OUT), rcOk);
	assert_int_equal(GpioSetMode(gpio1, 5, GPIO_DIR_IN), rcOk);
	assert_int_equal(level_of(gpio1, 5), 0);
	assert_int_equal(GpioOut(gpio0, 20, 1), rcOk);
	assert_int_equal(level_of(gpio0, 20), 1);
	assert_int_equal(level_of(gpio0, 21), 1);
	assert_int_equal(level_of(gpio1, 5), 1);
	assert_int_equal(level_of(gpio1, 20), 0);
	assert_int_equal(GpioOut(gpio0, 20, 0), rcOk);
	assert_int_equal(level_of(gpio1, 5), 0);
	assert_int_equal(GpioClosePort(gpio1), rcOk);
}

static void an_undriven_pin_has_the_boards_level(void **state)
{
	GpioHandle gpio = open_gpio("gpio0");

	(void)state;
	assert_int_equal(level_of(gpio, 22), 1);
	assert_int_equal(GpioSetMode(gpio, 22, GPIO_DIR_OUT), rcOk);
	assert_int_equal(level_of(gpio, 22), 0);
	assert_int_equal(GpioSetMode(gpio, 22, GPIO_DIR_IN), rcOk);
	assert_int_equal(level_of(gpio, 22), 1);
}

static rtl_uint32_t seen_events;

static void see_event(void *context, rtl_uint32_t pin, rtl_uint32_t event)
{
	assert_ptr_equal(context, &seen_events);
	assert_int_equal(pin, 21);
	seen_events |= event;
}

static void events_tell_of_changes_once(void **state)
{
	GpioHandle gpio = open_gpio("gpio0");
	rtl_uint32_t pin = 0;
	rtl_uint32_t event = 0;

	(void)state;
	assert_int_equal(GpioSetMode(gpio, 20, GPIO_DIR_OUT), rcOk);
	assert_int_equal(GpioOut(gpio, 20, 0), rcOk);
	assert_int_equal(GpioSetMode(gpio, 21, GPIO_DIR_IN | GPIO_EVENT_RISE), rcOk);
	assert_int_equal(GpioRegisterEventCb(gpio, 21, see_event, &seen_events), rcOk);
	assert_int_equal(GpioRegisterEventCb(gpio, 21, see_event, NULL), rcAlreadyExists);
	assert_int_equal(GpioOut(gpio, 20, 1), rcOk);
	assert_int_equal(GpioOut(gpio, 20, 1), rcOk);
	assert_int_equal(GpioOut(gpio, 20, 0), rcOk);
	assert_int_equal(GpioGetEvent(gpio, &pin, &event, 0), rcOk);
	assert_int_equal(pin, 21);
	assert_int_equal(event, GPIO_EVENT_RISE);
	assert_int_equal(seen_events, GPIO_EVENT_RISE);
	assert_int_equal(GpioGetEvent(gpio, &pin, &event, 0), rcTimeout);
	assert_int_equal(GpioUnregisterEventCb(gpio, 21), rcOk);
	assert_int_equal(GpioUnregisterEventCb(gpio, 21), rcResourceNotFound);
}

static void too_many_events_lose_the_oldest(void **state)
{
	GpioHandle gpio = open_gpio("gpio0");
	rtl_uint32_t pin;
	rtl_uint32_t event;
	int count = 0;

	(void)state;
	assert_int_equal(GpioSetMode(gpio, 20, GPIO_DIR_OUT), rcOk);
	assert_int_equal(GpioSetMode(gpio, 21, GPIO_DIR_IN | GPIO_EVENT_RISE | GPIO_EVENT_FALL),
			 rcOk);
	for (rtl_uint32_t i = 1; i <= 101; i++)
		assert_int_equal(GpioOut(gpio, 20, i % 2), rcOk);
	while (GpioGetEvent(gpio, &pin, &event, 0) == rcOk)
		count++;
	assert_int_equal(count, 64);
	assert_int_equal(event, GPIO_EVENT_RISE); /* the 101st */
}

static void impossible_pins_are_refused(void **state)
{
	GpioHandle gpio = open_gpio("gpio0");
	GpioHandle none = NULL;
	char name[8];

	(void)state;
	assert_int_equal(GpioOpenPort("gpio8", &none), rcDeviceNotFound);
	assert_int_equal(GpioOpenPort("gpio", &none), rcDeviceNotFound);
	assert_int_equal(GpioSetMode(gpio, 64, GPIO_DIR_IN), rcInvalidArgument);
	assert_int_equal(GpioSetMode(gpio, 1, GPIO_DIR_IN | GPIO_DIR_OUT), rcInvalidArgument);
	assert_int_equal(GpioSetMode(gpio, 1, 0), rcInvalidArgument);
	assert_int_equal(GpioOut(&none, 1, 0), rcInvalidArgument);
	assert_int_equal(GpioEnumPorts(7, name, sizeof(name)), rcOk);
	assert_string_equal(name, "gpio7");
	assert_int_equal(GpioEnumPorts(8, name, sizeof(name)), rcResourceNotFound);
}

static void loopback_uart_reads_what_was_written(void **state)
{
	UartHandle uart = UART_INVALID_HANDLE;
	UartHandle again = UART_INVALID_HANDLE;
	rtl_uint8_t text[8] = "";
	rtl_size_t done = 0;

	(void)state;
	assert_int_equal(UartInit(), rcOk);
	assert_int_equal(UartOpenPort("uart5", &uart), UART_EOK);
	assert_int_equal(UartOpenPort("uart5", &again), rcBusy);
	assert_int_equal(UartWrite(uart, (const rtl_uint8_t *)"abcd", 4, NULL, &done), rcOk);
	assert_int_equal(done, 4);
	assert_int_equal(UartWriteByte(uart, 'e'), rcOk);
	assert_int_equal(UartReadByte(uart, text), rcOk);
	assert_int_equal(UartRead(uart, text + 1, 4, NULL, &done), rcOk);
	assert_string_equal((char *)text, "abcde");
	assert_int_equal(UartClosePort(uart), rcOk);
	assert_int_equal(UartRead(uart, text, 1, NULL, &done), rcInvalidArgument);
	assert_int_equal(UartOpenPort("uart1", &uart), rcDeviceNotFound);
}

/* Opens uart3 and reads from standard error which terminal it is. */
static UartHandle open_pty(char *name, size_t size)
{
	UartHandle uart = UART_INVALID_HANDLE;
	char line[128] = "";
	int pipes[2];
	int saved = dup(STDERR_FILENO);
	Retcode rc;

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(dup2(pipes[1], STDERR_FILENO), STDERR_FILENO);
	rc = UartOpenPort("uart3", &uart);
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	assert_true(read(pipes[0], line, sizeof(line) - 1) > 0);
	(void)close(saved);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
	if (rc == rcDeviceNotFound)
		exit(77); /* no pseudo-terminals here */
	assert_int_equal(rc, rcOk);
	assert_true(strlen(line) < size);
	assert_int_equal(sscanf(line, "uart3: open %s to talk to it", name), 1);
	return uart;
}

static void a_terminal_talks_to_the_uart(void **state)
{
	char name[128];
	UartHandle uart;
	int terminal;
	rtl_uint8_t text[8] = "";
	rtl_size_t done = 0;

	(void)state;
	assert_int_equal(UartInit(), rcOk);
	uart = open_pty(name, sizeof(name));
	terminal = open(name, O_RDWR | O_NOCTTY);
	assert_true(terminal >= 0);
	assert_int_equal(write(terminal, "a\rb\n", 4), 4);
	assert_int_equal(UartRead(uart, text, 4, NULL, &done), rcOk);
	assert_memory_equal(text, "a\rb\n", 4); /* nothing translated, nothing echoed */
	assert_int_equal(UartWrite(uart, (const rtl_uint8_t *)"\x03hi", 3, NULL, &done), rcOk);
	assert_int_equal(read(terminal, text, 3), 3);
	assert_memory_equal(text, "\x03hi", 3);
	(void)close(terminal);
	assert_int_equal(UartWriteByte(uart, '!'), rcOk); /* nobody listens: no hang-up */
	assert_int_equal(UartClosePort(uart), rcOk);
}

static void a_line_nobody_reads_does_not_block(void **state)
{
	static rtl_uint8_t much[1 << 18];
	UartHandle uart = UART_INVALID_HANDLE;
	rtl_size_t done = 0;

	(void)state;
	assert_int_equal(UartInit(), rcOk);
	assert_int_equal(UartOpenPort("uart5", &uart), rcOk);
	assert_int_equal(UartWrite(uart, much, sizeof(much), NULL, &done), rcOk);
	assert_int_equal(done, sizeof(much));
	assert_int_equal(UartClosePort(uart), rcOk);
}

static I2cError write_then_read(I2cHandle i2c, rtl_uint16_t addr, rtl_uint8_t from,
				rtl_uint8_t *out, rtl_uint16_t size)
{
	I2cMsg messages[2] = {
		{.addr = addr, .flags = 0, .len = 1, .buf = &from},
		{.addr = addr, .flags = I2C_FLAG_RD, .len = size, .buf = out},
	};

	return I2cXfer(i2c, 400000, messages, 2);
}

static void registers_are_read_and_written(void **state)
{
	rtl_uint8_t config[] = {0xF4, 0x57, 0x90};
	I2cMsg message = {.addr = 0x76, .flags = 0, .len = sizeof(config), .buf = config};
	rtl_uint8_t out[3] = {0};
	I2cHandle i2c = I2C_INVALID_HANDLE;

	(void)state;
	assert_int_equal(I2cInit(), rcOk);
	assert_int_equal(I2cInit(), rcOk); /* twice does no harm */
	assert_int_equal(I2cOpenChannel("i2c1", &i2c), rcOk);
	assert_int_equal(write_then_read(i2c, 0x76, 0xD0, out, 1), rcOk);
	assert_int_equal(out[0], 0x58);
	assert_int_equal(I2cXfer(i2c, 400000, &message, 1), rcOk);
	assert_int_equal(write_then_read(i2c, 0x76, 0xF4, out, 3), rcOk);
	assert_int_equal(out[0], 0x57);
	assert_int_equal(out[1], 0x90);
	assert_int_equal(out[2], 0);
	assert_int_equal(I2cCloseChannel(i2c), rcOk);
}

static void nobody_answers_at_other_addresses(void **state)
{
	rtl_uint8_t out[1];
	char name[8];
	I2cHandle i2c = I2C_INVALID_HANDLE;

	(void)state;
	assert_int_equal(I2cInit(), rcOk);
	assert_int_equal(I2cOpenChannel("i2c0", &i2c), rcOk);
	assert_int_equal(write_then_read(i2c, 0x76, 0, out, 1), rcDeviceNotFound);
	assert_int_equal(write_then_read(i2c, 128, 0, out, 1), rcInvalidArgument);
	assert_int_equal(I2cXfer(i2c, 400000, NULL, 1), rcInvalidArgument);
	assert_int_equal(I2cOpenChannel("i2c9", &i2c), rcDeviceNotFound);
	for (rtl_size_t i = 0; I2cEnumChannels(i, name, sizeof(name)) != rcResourceNotFound; i++)
		assert_int_equal(I2cOpenChannel(name, &i2c), rcOk);
	assert_int_equal(I2cEnumChannels(0, name, 4), rcBufferTooSmall);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_works_before_its_init),
		cmocka_unit_test(bsp_accepts_what_programs_set_up),
		cmocka_unit_test(a_level_goes_along_the_wires),
		cmocka_unit_test(an_undriven_pin_has_the_boards_level),
		cmocka_unit_test(events_tell_of_changes_once),
		cmocka_unit_test(too_many_events_lose_the_oldest),
		cmocka_unit_test(impossible_pins_are_refused),
		cmocka_unit_test(loopback_uart_reads_what_was_written),
		cmocka_unit_test(a_terminal_talks_to_the_uart),
		cmocka_unit_test(a_line_nobody_reads_does_not_block),
		cmocka_unit_test(registers_are_read_and_written),
		cmocka_unit_test(nobody_answers_at_other_addresses),
	};
	char path[32];
	int fd = memfd_create("board", 0); /* gone with the process, however it ends */

	if (fd < 0 || write(fd, BOARD, strlen(BOARD)) != (ssize_t)strlen(BOARD))
		return 1;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	(void)setenv("KOSIX_BOARD", path, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
