/* SPDX-License-Identifier: Apache-2.0 */

/* The board file's reader, and nets; board.h has its grammar. */

#include "board.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 1024
#define WORDS_MAX  64

/* One line under way; a word's column is its distance from the line's start. */
struct reader {
	const char *path;
	unsigned line;
	char text[LINE_BYTES];
	const char *words[WORDS_MAX];
	size_t count;
	char *message;
	size_t size;
	bool failed;
};

/* Says what is wrong at word @at, which may be one past the last. Returns false. */
__attribute__((format(printf, 3, 4))) static bool wrong(struct reader *r, size_t at,
							const char *format, ...)
{
	size_t column = 1;
	va_list args;
	int n;

	if (at < r->count)
		column = (size_t)(r->words[at] - r->text) + 1;
	else if (r->count > 0)
		column = (size_t)(r->words[r->count - 1] - r->text) +
			 strlen(r->words[r->count - 1]) + 1;
	n = snprintf(r->message, r->size, "%s:%u:%zu: ", r->path, r->line, column);
	if (n >= 0 && (size_t)n < r->size) {
		va_start(args, format);
		(void)vsnprintf(r->message + n, r->size - (size_t)n, format, args);
		va_end(args);
	}
	r->failed = true;
	return false;
}

static const char *word_or_nothing(const struct reader *r, size_t at)
{
	return at < r->count ? r->words[at] : "the end of the line";
}

/* Decimal or 0x..., all of @text up to @stop, at most @max. */
static bool parse_number(const char *text, char stop, unsigned max, unsigned *value)
{
	char *end = NULL;
	unsigned long n;

	if (!isdigit((unsigned char)text[0]))
		return false;
	n = strtoul(text, &end, text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10);
	if (*end != stop || n > max)
		return false;
	*value = (unsigned)n;
	return true;
}

static bool read_number(struct reader *r, size_t at, const char *what, unsigned max,
			unsigned *value)
{
	if (at < r->count && parse_number(r->words[at], '\0', max, value))
		return true;
	return wrong(r, at, "expected %s, 0 to %u, found %s", what, max, word_or_nothing(r, at));
}

static bool read_port(struct reader *r, size_t at, const char *kind, unsigned limit, unsigned *port)
{
	int n = at < r->count ? kx_board_port(r->words[at], kind, limit) : -1;

	if (n < 0)
		return wrong(r, at, "expected %s0 to %s%u, found %s", kind, kind, limit - 1,
			     word_or_nothing(r, at));
	*port = (unsigned)n;
	return true;
}

static bool read_pin(struct reader *r, size_t at, struct kx_board_pin *pin)
{
	return read_port(r, at, "gpio", KX_BOARD_GPIO_PORTS, &pin->port) &&
	       read_number(r, at + 1, "a pin", KX_BOARD_GPIO_PINS - 1, &pin->pin);
}

static bool expect_end(struct reader *r, size_t at)
{
	return at >= r->count || wrong(r, at, "%s is one word too many", r->words[at]);
}

static bool read_wire(struct reader *r, struct kx_board *board)
{
	struct kx_board_pin *ends = board->wires[board->wire_count];

	if (board->wire_count == KX_BOARD_WIRES)
		return wrong(r, 0, "more than %d wires", KX_BOARD_WIRES);
	if (!read_pin(r, 1, &ends[0]) || !read_pin(r, 3, &ends[1]))
		return false;
	board->wire_count++;
	return expect_end(r, 5);
}

static bool read_level(struct reader *r, struct kx_board *board)
{
	struct kx_board_pin pin = {0, 0};
	unsigned level = 0;

	if (!read_pin(r, 1, &pin) || !read_number(r, 3, "a level", 1, &level))
		return false;
	board->levels[pin.port][pin.pin] = (uint8_t)level;
	return expect_end(r, 4);
}

static bool read_uart(struct reader *r, struct kx_board *board)
{
	struct kx_board_uart *uart;
	const char *line;
	unsigned port = 0;

	if (!read_port(r, 1, "uart", KX_BOARD_UARTS, &port))
		return false;
	uart = &board->uarts[port];
	line = word_or_nothing(r, 2);
	if (uart->line != KX_BOARD_ABSENT)
		return wrong(r, 1, "%s has been described before", r->words[1]);
	if (strcmp(line, "pty") == 0)
		uart->line = KX_BOARD_PTY;
	else if (strcmp(line, "loopback") == 0)
		uart->line = KX_BOARD_LOOPBACK;
	else if (strcmp(line, "device") != 0)
		return wrong(r, 2, "expected pty, loopback or device, found %s", line);
	if (uart->line != KX_BOARD_ABSENT)
		return expect_end(r, 3);

	if (r->count < 4 || strlen(r->words[3]) >= sizeof(uart->path))
		return wrong(r, 3, "expected the path of a device, found %s",
			     word_or_nothing(r, 3));
	uart->line = KX_BOARD_DEVICE;
	memcpy(uart->path, r->words[3], strlen(r->words[3]) + 1);
	return expect_end(r, 4);
}

/* REGISTER=VALUE */
static bool read_register(struct reader *r, size_t at, struct kx_board_i2c *device)
{
	const char *equals = strchr(r->words[at], '=');
	unsigned number;
	unsigned value;

	if (!equals || !parse_number(r->words[at], '=', 255, &number) ||
	    !parse_number(equals + 1, '\0', 255, &value))
		return wrong(r, at, "expected REGISTER=VALUE, each 0 to 255, found %s",
			     r->words[at]);
	device->registers[number] = (uint8_t)value;
	return true;
}

static bool read_i2c(struct reader *r, struct kx_board *board)
{
	struct kx_board_i2c *device = &board->i2c[board->i2c_count];

	if (board->i2c_count == KX_BOARD_I2C_MAX)
		return wrong(r, 0, "more than %d i2c devices", KX_BOARD_I2C_MAX);
	if (!read_port(r, 1, "i2c", KX_BOARD_I2C_BUSES, &device->bus) ||
	    !read_number(r, 2, "an address", 127, &device->address))
		return false;
	for (size_t i = 0; i < board->i2c_count; i++)
		if (board->i2c[i].bus == device->bus && board->i2c[i].address == device->address)
			return wrong(r, 2, "there is a device at this address before");
	for (size_t at = 3; at < r->count; at++)
		if (!read_register(r, at, device))
			return false;
	board->i2c_count++;
	return true;
}

static bool read_statement(struct reader *r, struct kx_board *board)
{
	if (strcmp(r->words[0], "wire") == 0)
		return read_wire(r, board);
	if (strcmp(r->words[0], "level") == 0)
		return read_level(r, board);
	if (strcmp(r->words[0], "uart") == 0)
		return read_uart(r, board);
	if (strcmp(r->words[0], "i2c") == 0)
		return read_i2c(r, board);
	return wrong(r, 0, "expected wire, level, uart or i2c, found %s", r->words[0]);
}

/* Cuts the line at hand into words; a comment ends it. */
static bool split(struct reader *r)
{
	char *at = r->text;

	r->count = 0;
	at[strcspn(at, "#\n")] = '\0';
	for (;;) {
		at += strspn(at, " \t\r");
		if (*at == '\0')
			return true;
		if (r->count == WORDS_MAX)
			return wrong(r, 0, "more than %d words in a line", WORDS_MAX);
		r->words[r->count++] = at;
		at += strcspn(at, " \t\r");
		if (*at != '\0')
			*at++ = '\0';
	}
}

bool kx_board_parse(FILE *file, const char *label, struct kx_board *board, char *message,
		    size_t size)
{
	struct reader r = {.path = label, .message = message, .size = size};

	memset(board, 0, sizeof(*board));
	board->from_file = true;
	while (!r.failed && fgets(r.text, sizeof(r.text), file)) {
		r.line++;
		if (!strchr(r.text, '\n') && !feof(file))
			(void)wrong(&r, 0, "a line longer than %d characters", LINE_BYTES - 2);
		else if (split(&r) && r.count > 0)
			(void)read_statement(&r, board);
	}
	return !r.failed;
}

bool kx_board_read(const char *path, struct kx_board *board, char *message, size_t size)
{
	FILE *file = fopen(path, "re");
	bool good;

	if (!file) {
		(void)snprintf(message, size, "%s: cannot be opened (%m)", path);
		return false;
	}
	good = kx_board_parse(file, path, board, message, size);
	(void)fclose(file);
	return good;
}

int kx_board_port(const char *name, const char *kind, unsigned limit)
{
	size_t prefix = strlen(kind);
	unsigned port;

	if (strncmp(name, kind, prefix) != 0 || (name[prefix] == '0' && name[prefix + 1]) ||
	    !parse_number(name + prefix, '\0', limit - 1, &port))
		return -1;
	return (int)port;
}

static void join_nets(struct kx_board *board, unsigned from, unsigned to)
{
	for (unsigned i = 0; i < KX_BOARD_ALL_PINS; i++)
		if (board->nets[i] == from)
			board->nets[i] = (uint16_t)to;
}

static unsigned number_of(struct kx_board_pin at)
{
	return at.port * KX_BOARD_GPIO_PINS + at.pin;
}

void kx_board_wire_up(struct kx_board *board)
{
	for (unsigned i = 0; i < KX_BOARD_ALL_PINS; i++)
		board->nets[i] = (uint16_t)i;
	for (size_t i = 0; i < board->wire_count; i++)
		join_nets(board, board->nets[number_of(board->wires[i][0])],
			  board->nets[number_of(board->wires[i][1])]);
}

void kx_board_levels(const struct kx_board *board, const uint8_t *pins, bool *levels)
{
	enum { DRIVEN = 1, HIGH = 2, PULLED = 4 };
	uint8_t nets[KX_BOARD_ALL_PINS] = {0};

	for (unsigned i = 0; i < KX_BOARD_ALL_PINS; i++) {
		uint8_t *net = &nets[board->nets[i]];

		if (pins[i] & KX_BOARD_PIN_OUT)
			*net |= pins[i] & KX_BOARD_PIN_HIGH ? DRIVEN | HIGH : DRIVEN;
		if (board->levels[i / KX_BOARD_GPIO_PINS][i % KX_BOARD_GPIO_PINS])
			*net |= PULLED;
	}
	for (unsigned i = 0; i < KX_BOARD_ALL_PINS; i++) {
		uint8_t net = nets[board->nets[i]];

		levels[i] = net & DRIVEN ? (net & HIGH) != 0 : (net & PULLED) != 0;
	}
}
