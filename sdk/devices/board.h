/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BOARD_H
#define KX_BOARD_H

/*
 * The board file: what the device stand-ins are wired to. Read once, on first
 * use, constant afterwards. An entity gets it from the kernel process, which reads the
 * file that KOSIX_BOARD names; any other program reads that file itself.
 *
 *   wire PORT PIN PORT PIN       two pins are one wire
 *   level PORT PIN 0|1           a pin's level while nothing drives it
 *   uart NAME pty|loopback|device PATH
 *   i2c BUS ADDRESS [REGISTER=VALUE]...
 *   # a comment
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kx_calls.h"

#define KX_BOARD_GPIO_PORTS 8
#define KX_BOARD_GPIO_PINS  64
#define KX_BOARD_ALL_PINS   (KX_BOARD_GPIO_PORTS * KX_BOARD_GPIO_PINS)
#define KX_BOARD_UARTS      16
#define KX_BOARD_I2C_BUSES  8
#define KX_BOARD_WIRES      128
#define KX_BOARD_I2C_MAX    32
#define KX_BOARD_PATH_MAX   256

struct kx_board_pin {
	unsigned port;
	unsigned pin;
};

enum kx_board_line {
	KX_BOARD_ABSENT = 0,
	KX_BOARD_PTY,
	KX_BOARD_LOOPBACK,
	KX_BOARD_DEVICE,
};

struct kx_board_uart {
	enum kx_board_line line;
	char path[KX_BOARD_PATH_MAX]; /* KX_BOARD_DEVICE only */
};

struct kx_board_i2c {
	unsigned bus;
	unsigned address; /* 7 bits */
	uint8_t registers[256];
};

struct kx_board {
	bool from_file; /* false: no file, every port exists with its default */
	struct kx_board_pin wires[KX_BOARD_WIRES][2];
	size_t wire_count;
	uint8_t levels[KX_BOARD_GPIO_PORTS][KX_BOARD_GPIO_PINS];
	struct kx_board_uart uarts[KX_BOARD_UARTS];
	struct kx_board_i2c i2c[KX_BOARD_I2C_MAX];
	size_t i2c_count;
	uint16_t nets[KX_BOARD_ALL_PINS]; /* after kx_board_wire_up(): pins of one net have one
					     number */
};

_Static_assert(KX_BOARD_ALL_PINS == KX_BOARD_PINS, "the kernel process keeps as many pins");

/* The board, or NULL if its file has a mistake, said on standard error once. */
const struct kx_board *kx_board_get(void);

/*
 * Reads @path into @board (which becomes empty first). Returns whether it could;
 * if not, @message of @size says where and why ("board:3:7: ...").
 */
bool kx_board_read(const char *path, struct kx_board *board, char *message, size_t size);

/* The same from an open file, which messages call @label. */
bool kx_board_parse(FILE *file, const char *label, struct kx_board *board, char *message,
		    size_t size);

/* Finds out which pins are one net. */
void kx_board_wire_up(struct kx_board *board);

/*
 * The level of every pin: 1 if an output of its net puts out 1, 0 if there are only outputs
 * with 0, else what the board file says. @pins: KX_BOARD_PIN_... of each.
 */
void kx_board_levels(const struct kx_board *board, const uint8_t *pins, bool *levels);

/*
 * The number of port @name, which is @kind and a decimal number below @limit
 * ("gpio0"); -1 if it is not.
 */
int kx_board_port(const char *name, const char *kind, unsigned limit);

#endif /* KX_BOARD_H */
