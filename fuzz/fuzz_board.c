/* SPDX-License-Identifier: Apache-2.0 */

/* A board file (KOSIX_BOARD), as entities and `kosix board` read it. */

#include "board.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t pins[KX_BOARD_ALL_PINS];
	static bool levels[KX_BOARD_ALL_PINS];
	static struct kx_board board;
	char message[256] = "";
	FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;

	if (!file)
		return 0;
	if (!kx_board_parse(file, "board", &board, message, sizeof(message))) {
		/* Where, and why. */
		fuzz_require(strncmp(message, "board:", 6) == 0 && strlen(message) > 6);
	} else {
		fuzz_require(board.wire_count <= KX_BOARD_WIRES);
		fuzz_require(board.i2c_count <= KX_BOARD_I2C_MAX);
		kx_board_wire_up(&board);
		for (size_t i = 0; i < KX_BOARD_ALL_PINS; i++)
			fuzz_require(board.nets[i] < KX_BOARD_ALL_PINS);
		for (size_t i = 0; i < KX_BOARD_ALL_PINS; i++)
			pins[i] = (uint8_t)(i * 7 & KX_BOARD_PIN_BITS);
		kx_board_levels(&board, pins, levels);
	}
	(void)fclose(file);
	return 0;
}
