/* SPDX-License-Identifier: Apache-2.0 */

/* Kernel calls about the board. */

#include "board_kernel.h"

#include <stdlib.h>
#include <string.h>

#include "rt.h"

#define TEXT_MAX (64u << 10)

bool kx_board_is_shared(void)
{
	return kx_rt_attached();
}

char *kx_board_text(void)
{
	uint32_t args[KX_CALL_ARGS] = {0};
	char *text = calloc(1, TEXT_MAX + 1);
	uint32_t size = TEXT_MAX;

	if (text && kx_rt_kcall(KX_CALL_BOARD_TEXT, args, NULL, 0, text, &size) == rcOk && args[0])
		return text;
	free(text);
	return NULL;
}

void kx_board_set(unsigned pin, uint8_t bits)
{
	uint32_t args[KX_CALL_ARGS] = {pin, bits};

	(void)kx_rt_kcall(KX_CALL_BOARD_SET, args, NULL, 0, NULL, NULL);
}

uint32_t kx_board_fetch(uint8_t *pins)
{
	uint32_t args[KX_CALL_ARGS] = {0};
	uint8_t all[KX_BOARD_PINS];
	uint32_t size = sizeof(all);

	if (kx_rt_kcall(KX_CALL_BOARD_GET, args, NULL, 0, all, &size) == rcOk &&
	    size == sizeof(all))
		memcpy(pins, all, sizeof(all));
	return args[0];
}

bool kx_board_wait(uint32_t seen)
{
	uint32_t args[KX_CALL_ARGS] = {seen, KX_TIMEOUT_NONE};

	return kx_rt_kcall(KX_CALL_BOARD_WAIT, args, NULL, 0, NULL, NULL) == rcOk;
}
