/* SPDX-License-Identifier: Apache-2.0 */
/* Pushes pin 20 until pin 31 of another port answers; each time with the other level. */
#include <stdio.h>

#include <bsp/bsp.h>
#include <coresrv/thread/thread_api.h>
#include <gpio/gpio.h>
#include <uart/uart.h>

#define ROUNDS 20

#define CHECK(what)                                                                                \
	do {                                                                                       \
		if (!(what)) {                                                                     \
			(void)fprintf(stderr, "button: FAIL line %d: %s\n", __LINE__, #what);      \
			return 1;                                                                  \
		}                                                                                  \
	} while (0)

static int push(GpioHandle port, GpioHandle answers, rtl_uint32_t level)
{
	rtl_uint32_t answered = !level;

	CHECK(GpioOut(port, 20, level) == rcOk);
	for (int i = 0; i < 20000 && answered != level; i++) {
		CHECK(GpioIn(answers, 31, &answered) == rcOk);
		if (answered != level)
			CHECK(KnSleep(1) == rcOk);
	}
	CHECK(answered == level);
	return 0;
}

static int check_others(void)
{
	rtl_uint32_t level = 0;
	rtl_uint8_t byte = 0;
	GpioHandle port;
	UartHandle uart;

	CHECK(GpioOpenPort("gpio2", &port) == rcOk && GpioIn(port, 5, &level) == rcOk && level);
	CHECK(UartInit() == rcOk && UartOpenPort("uart3", &uart) == rcOk);
	CHECK(UartWriteByte(uart, 'k') == rcOk && UartReadByte(uart, &byte) == rcOk);
	CHECK(byte == 'k');
	CHECK(UartOpenPort("uart4", &uart) == rcOk && UartWriteByte(uart, 'x') == rcOk);
	return 0;
}

int main(void)
{
	GpioHandle port;
	GpioHandle answers;
	int failed = 0;

	CHECK(BspInit(NULL) == BSP_EOK && GpioInit() == rcOk);
	CHECK(GpioOpenPort("gpio0", &port) == rcOk && GpioOpenPort("gpio1", &answers) == rcOk);
	CHECK(GpioSetMode(answers, 31, GPIO_DIR_IN) == rcOk);
	CHECK(GpioSetMode(port, 20, GPIO_DIR_OUT) == rcOk);
	for (rtl_uint32_t i = 1; i <= ROUNDS && !failed; i++)
		failed = push(port, answers, i & 1u);
	failed |= check_others();
	CHECK(!failed && GpioOut(port, 20, 1) == rcOk);
	(void)fprintf(stderr, "button: all well\n");
	return 0;
}
