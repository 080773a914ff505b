/* SPDX-License-Identifier: Apache-2.0 */
#include <bsp/bsp.h>
#include <coresrv/thread/thread_api.h>
#include <gpio/gpio.h>
#include <rtl/countof.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uart/uart.h>

#define PIN 21

static void look(void)
{
	GpioHandle port = GPIO_INVALID_HANDLE;
	rtl_uint32_t level = 0;

	if (GpioInit() != rcOk || GpioOpenPort("gpio0", &port) != rcOk ||
	    GpioSetMode(port, PIN, GPIO_DIR_IN) != rcOk)
		exit(EXIT_FAILURE);
	while (level == 0)
		if (GpioIn(port, PIN, &level) != rcOk || KnSleep(1) != rcOk)
			exit(EXIT_FAILURE);
	fprintf(stderr, "eye: light\n");
}

static void echo(void)
{
	static const char sent[] = "GO 90";
	char got[rtl_countof(sent)] = "";
	UartHandle port = NULL;
	rtl_size_t count = 0;

	if (UartInit() != rcOk || UartOpenPort("uart2", &port) != rcOk ||
	    UartWrite(port, (const rtl_uint8_t *)sent, sizeof(sent), NULL, &count) != rcOk ||
	    UartRead(port, (rtl_uint8_t *)got, sizeof(got), NULL, &count) != rcOk)
		exit(EXIT_FAILURE);
	fprintf(stderr, "eye: %s\n", got);
}

int main(void)
{
	if (BspInit(NULL) != rcOk || BspSetConfig("gpio0", CONFIG) != rcOk)
		return EXIT_FAILURE;
	look();
	echo();
	return EXIT_SUCCESS;
}
