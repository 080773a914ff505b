/* SPDX-License-Identifier: Apache-2.0 */
#include <bsp/bsp.h>
#include <gpio/gpio.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>

#define PIN 20

static void must(Retcode rc, const char *what)
{
	if (rc == rcOk)
		return;
	fprintf(stderr, "lamps: %s: " RETCODE_HR_FMT "\n", what, RETCODE_HR_PARAMS(rc));
	exit(EXIT_FAILURE);
}

int main(void)
{
	GpioHandle port = GPIO_INVALID_HANDLE;

	must(BspInit(NULL), "BspInit");
	must(BspSetConfig("gpio0", CONFIG), "BspSetConfig");
	must(GpioInit(), "GpioInit");
	must(GpioOpenPort("gpio0", &port), "GpioOpenPort");
	must(GpioSetMode(port, PIN, GPIO_DIR_OUT), "GpioSetMode");
	must(GpioOut(port, PIN, 1), "GpioOut");
	fprintf(stderr, "lamps: on\n");
	return EXIT_SUCCESS;
}
