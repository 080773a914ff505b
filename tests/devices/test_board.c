/* SPDX-License-Identifier: Apache-2.0 */

/* The board file: what it says, and that a mistake is named with its place. */

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

#include "board.h"

static struct kx_board board;
static char message[256];

/* Reads @text as a board file; cuts its name off the message. */
static bool read_text(const char *text)
{
	int fd = memfd_create("board", 0);
	char path[32];
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ok = kx_board_read(path, &board, message, sizeof(message));
	(void)close(fd);
	if (!ok)
		memmove(message, message + strlen(path), strlen(message + strlen(path)) + 1);
	return ok;
}

static void every_statement_arrives(void **state)
{
	(void)state;
	assert_true(read_text("# board\n"
			      "\twire gpio0 20 gpio1 0x15 # a wire\n"
			      "level gpio0 22 1\n"
			      "uart uart3 pty\nuart uart5 loopback\nuart uart1 device /dev/null\n"
			      "i2c i2c1 0x76 0x88=111 255=0xff"));
	assert_int_equal(board.wire_count, 1);
	assert_int_equal(board.wires[0][0].pin, 20);
	assert_int_equal(board.wires[0][1].port, 1);
	assert_int_equal(board.wires[0][1].pin, 21);
	assert_int_equal(board.levels[0][22], 1);
	assert_int_equal(board.uarts[3].line, KX_BOARD_PTY);
	assert_int_equal(board.uarts[5].line, KX_BOARD_LOOPBACK);
	assert_int_equal(board.uarts[1].line, KX_BOARD_DEVICE);
	assert_string_equal(board.uarts[1].path, "/dev/null");
	assert_int_equal(board.uarts[0].line, KX_BOARD_ABSENT);
	assert_int_equal(board.i2c_count, 1);
	assert_int_equal(board.i2c[0].registers[0x88], 111);
	assert_int_equal(board.i2c[0].registers[255], 255);
}

static void the_example_is_right(void **state)
{
	const char *path = getenv("KX_BOARD_EXAMPLE");

	(void)state;
	assert_non_null(path);
	assert_true(kx_board_read(path, &board, message, sizeof(message)));
	assert_int_equal(board.wire_count, 1);
	assert_int_equal(board.i2c_count, 1);
}

static void mistakes_are_named_with_their_place(void **state)
{
	static const struct {
		const char *text;
		const char *said;
	} cases[] = {
		{"wired gpio0 1\n", ":1:1: expected wire, level, uart or i2c, found wired"},
		{"\nwire gpio0 20 gpio9 1\n", ":2:15: expected gpio0 to gpio7, found gpio9"},
		{"wire gpio0 64 gpio0 1", ":1:12: expected a pin, 0 to 63, found 64"},
		{"wire gpio0 1 gpio0", ":1:19: expected a pin, 0 to 63, found the end of the line"},
		{"level gpio0 1 2", ":1:15: expected a level, 0 to 1, found 2"},
		{"level gpio0 1 0 0", ":1:17: 0 is one word too many"},
		{"uart uart3 usb", ":1:12: expected pty, loopback or device, found usb"},
		{"uart uart3 device", ":1:18: expected the path of a device, found the end"},
		{"uart uart3 pty\nuart uart3 pty", ":2:6: uart3 has been described before"},
		{"uart uart03 pty", ":1:6: expected uart0 to uart15, found uart03"},
		{"i2c i2c1 128", ":1:10: expected an address, 0 to 127, found 128"},
		{"i2c i2c1 1 5=256", ":1:12: expected REGISTER=VALUE, each 0 to 255, found 5=256"},
		{"i2c i2c1 1\ni2c i2c1 1", ":2:10: there is a device at this address before"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(read_text(cases[i].text));
		assert_memory_equal(message, cases[i].said, strlen(cases[i].said));
	}
}

static void endless_lines_and_missing_files_are_refused(void **state)
{
	char text[2000];

	(void)state;
	memset(text, ' ', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(read_text(text));
	assert_non_null(strstr(message, "longer than"));
	for (size_t i = 0; i + 1 < 400; i += 2)
		memcpy(text + i, "1 ", 2);
	text[400] = '\0';
	assert_false(read_text(text));
	assert_non_null(strstr(message, "words in a line"));
	assert_false(kx_board_read("/nonexistent/board", &board, message, sizeof(message)));
	assert_non_null(strstr(message, "cannot be opened"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_arrives),
		cmocka_unit_test(the_example_is_right),
		cmocka_unit_test(mistakes_are_named_with_their_place),
		cmocka_unit_test(endless_lines_and_missing_files_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
