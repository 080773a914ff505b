/* SPDX-License-Identifier: Apache-2.0 */
/* Puts out on pin 30 what it was told of pin 21, by events; then stays, so that people can look. */
#include <stdio.h>

#include <coresrv/thread/thread_api.h>
#include <gpio/gpio.h>

int main(void)
{
	rtl_uint32_t pin;
	rtl_uint32_t event;
	GpioHandle port;

	if (GpioInit() != rcOk || GpioOpenPort("gpio0", &port) != rcOk ||
	    GpioSetMode(port, 30, GPIO_DIR_OUT) != rcOk ||
	    GpioSetMode(port, 21, GPIO_DIR_IN | GPIO_EVENT_RISE | GPIO_EVENT_FALL) != rcOk) {
		(void)fprintf(stderr, "lamp: FAIL no pins\n");
		return 1;
	}
	/* Pushed before this program was ready: no event tells. */
	if (GpioIn(port, 21, &event) == rcOk)
		(void)GpioOut(port, 30, event);
	while (GpioGetEvent(port, &pin, &event, INFINITE_TIMEOUT) == rcOk)
		if (pin == 21)
			(void)GpioOut(port, 30, event == GPIO_EVENT_RISE);
	return 1;
}
