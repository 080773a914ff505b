/* SPDX-License-Identifier: Apache-2.0 */

/* kosix board: the pins that the entities of a running solution share. */

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "board.h"
#include "kx_commands.h"
#include "solution_client.h"

#define LOOK_EVERY_MS 50

static const char help[] =
	"Usage: kosix board [--json] [--watch] [NAME]\n"
	"Shows the GPIO pins that entities of a running solution have set: direction, what is put\n"
	"out, the level of the wire, and who set the pin last. NAME may be left out where one\n"
	"solution runs. Wires are those of the board file (KOSIX_BOARD when the solution "
	"started).\n"
	"\n"
	"  --watch  then a line for each change, until the solution ends\n"
	"  --json   one JSON object; with --watch one for each change, a line each\n"
	"  --help   this text\n"
	"\n"
	"Exit status: 0 shown, 1 no such solution, or its board file is wrong,\n"
	"2 wrong arguments.\n";

/* One look at a board. */
struct view {
	struct kx_board board;
	uint8_t pins[KX_BOARD_ALL_PINS];
	const char *by[KX_BOARD_ALL_PINS]; /* in `answer`; NULL: never set */
	bool levels[KX_BOARD_ALL_PINS];
	json_t *answer;
};

static bool read_file(struct view *view)
{
	const char *text = json_string_value(json_object_get(view->answer, "file"));
	char message[512];
	bool good = true;
	FILE *file = text && text[0] ? fmemopen((void *)(uintptr_t)text, strlen(text), "r") : NULL;

	memset(&view->board, 0, sizeof(view->board));
	if (file) {
		good = kx_board_parse(file, "board", &view->board, message, sizeof(message));
		(void)fclose(file);
	}
	if (!good)
		kx_complain("%s", message);
	kx_board_wire_up(&view->board);
	return good;
}

static void read_pins(struct view *view)
{
	json_t *pins = json_object_get(view->answer, "pins");
	json_t *pin;
	size_t index;

	memset(view->pins, 0, sizeof(view->pins));
	memset(view->by, 0, sizeof(view->by));
	json_array_foreach(pins, index, pin)
	{
		json_int_t number = json_integer_value(json_object_get(pin, "pin"));

		if (number < 0 || number >= KX_BOARD_ALL_PINS)
			continue;
		view->pins[number] = (uint8_t)json_integer_value(json_object_get(pin, "bits"));
		view->by[number] = json_string_value(json_object_get(pin, "by"));
	}
	kx_board_levels(&view->board, view->pins, view->levels);
}

/* False: the solution does not answer, or its file is wrong. */
static bool look(const char *name, struct view *view)
{
	view->answer = kx_solution_ask(name, "board");
	if (!view->answer)
		return false;
	if (!read_file(view)) {
		json_decref(view->answer);
		return false;
	}
	read_pins(view);
	return true;
}

static const char *direction(uint8_t bits)
{
	return bits & KX_BOARD_PIN_OUT ? "out" : "in";
}

static json_t *describe(const struct view *view, unsigned i)
{
	return json_pack("{s:o,s:i,s:s,s:b,s:b,s:s}", "port",
			 json_sprintf("gpio%u", i / KX_BOARD_GPIO_PINS), "pin",
			 (int)(i % KX_BOARD_GPIO_PINS), "direction", direction(view->pins[i]),
			 "out", (view->pins[i] & KX_BOARD_PIN_HIGH) != 0, "level", view->levels[i],
			 "by", view->by[i]);
}

static void show_json(const char *name, const struct view *view)
{
	json_t *pins = json_array();
	json_t *all;

	for (unsigned i = 0; i < KX_BOARD_ALL_PINS; i++)
		if (view->by[i])
			json_array_append_new(pins, describe(view, i));
	all = json_pack("{s:s,s:o}", "name", name, "pins", pins);
	json_dumpf(all, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(all);
}

static void show_pin(const struct view *view, unsigned i)
{
	printf("gpio%u %3u  %-9s %3s  %5d  %s\n", i / KX_BOARD_GPIO_PINS, i % KX_BOARD_GPIO_PINS,
	       direction(view->pins[i]),
	       !(view->pins[i] & KX_BOARD_PIN_OUT) ? "-"
	       : view->pins[i] & KX_BOARD_PIN_HIGH ? "1"
						   : "0",
	       view->levels[i], view->by[i]);
}

static void show(const struct view *view)
{
	printf("PORT  PIN  DIRECTION OUT  LEVEL  SET BY\n");
	for (unsigned i = 0; i < KX_BOARD_ALL_PINS; i++)
		if (view->by[i])
			show_pin(view, i);
}

/* Pins that changed from @old to @new. */
static void show_changes(const struct view *old, const struct view *new, bool json)
{
	for (unsigned i = 0; i < KX_BOARD_ALL_PINS; i++) {
		if (!new->by[i] || (old->by[i] && old->pins[i] == new->pins[i] &&
				    old->levels[i] == new->levels[i]))
			continue;
		if (json) {
			json_t *pin = describe(new, i);

			json_dumpf(pin, stdout, JSON_COMPACT);
			putchar('\n');
			json_decref(pin);
		} else {
			show_pin(new, i);
		}
	}
	(void)fflush(stdout);
}

static int watch(const char *name, struct view *old, bool json)
{
	static struct view new;
	struct timespec pause = {.tv_nsec = LOOK_EVERY_MS * 1000000L};

	(void)fflush(stdout);
	while (!ferror(stdout) && nanosleep(&pause, NULL) == 0 && look(name, &new)) {
		show_changes(old, &new, json);
		json_decref(old->answer);
		*old = new;
	}
	return 0;
}

static int run(const char *name, bool json, bool watching)
{
	static struct view view;

	if (!look(name, &view)) {
		kx_complain("no solution named \"%s\" shows its board", name);
		return 1;
	}
	if (json)
		show_json(name, &view);
	else
		show(&view);
	if (watching)
		watch(name, &view, json);
	json_decref(view.answer);
	return 0;
}

int kx_cmd_board(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"watch", no_argument, NULL, 'w'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	bool json = false;
	bool watching = false;
	char *name;
	int status;
	int code;

	while ((code = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (code == 'h')
			return fputs(help, stdout) < 0;
		if (code == '?')
			return 2;
		json |= code == 'j';
		watching |= code == 'w';
	}
	if (argc - optind > 1) {
		kx_complain("board: one NAME at most; see --help");
		return 2;
	}
	name = optind < argc ? strdup(argv[optind]) : kx_solution_only();
	if (!name)
		return 1;
	status = run(name, json, watching);
	free(name);
	return status;
}
