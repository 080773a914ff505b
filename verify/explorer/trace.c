/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A path that went wrong, as a list a person can read. Modelled threads have small
 * stacks, so they only leave records here; what is printed is printed between steps.
 */

#include "machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kx_channel.h"

#define NAMES   64u
#define NAME    32u
#define RECORDS 16u

bool kx_tracing;

static struct {
	const void *word;
	char name[NAME];
} names[NAMES];
static unsigned name_count;

static struct {
	enum kx_trace_op op;
	const void *word;
	const char *text;
	uint32_t old;
	uint32_t value;
} records[RECORDS];
static unsigned record_count;

void kx_sim_name(const void *word, const char *format, ...)
{
	va_list arguments;
	unsigned at = 0;

	while (at < name_count && names[at].word != word)
		at++;
	if (at == NAMES)
		return;
	if (at == name_count)
		name_count++;
	names[at].word = word;
	va_start(arguments, format);
	(void)vsnprintf(names[at].name, NAME, format, arguments);
	va_end(arguments);
}

void kx_trace(enum kx_trace_op op, const void *word, uint32_t old, uint32_t value)
{
	if (!kx_tracing || record_count == RECORDS)
		return;
	records[record_count].op = op;
	records[record_count].word = word;
	records[record_count].old = old;
	records[record_count++].value = value;
}

void kx_trace_note(const char *text, uint32_t number)
{
	if (!kx_tracing || record_count == RECORDS)
		return;
	records[record_count].op = TRACE_NOTE;
	records[record_count].text = text;
	records[record_count++].value = number;
}

static const char *name_of(const void *word)
{
	static char unknown[NAME];

	for (unsigned i = 0; i < name_count; i++)
		if (names[i].word == word)
			return names[i].name;
	(void)snprintf(unknown, NAME, "word at %zu", (size_t)((const uint8_t *)word - kx_memory));
	return unknown;
}

/* A slot's word by its parts, an arm by its name, anything else as a number. */
static const char *value_of(const void *word, uint32_t value, char text[NAME])
{
	static const char *const states[] = {"FREE",      "POSTED", "TAKEN",  "REPLIED",
					     "ABANDONED", "POISON", "JUDGED", "TIMED"};
	static const char *const arms[] = {"AWAKE", "RING", "LATER", "KERNEL", "KERNEL_LATER"};
	const char *name = name_of(word);

	if (strstr(name, "slot"))
		(void)snprintf(text, NAME, "%u %s%s", KX_SLOT_GEN(value),
			       states[KX_SLOT_STATE(value)], value & KX_SLOT_SLEEP ? "+SLEEP" : "");
	else if (strstr(name, ".arm") && value < 5)
		(void)snprintf(text, NAME, "%s", arms[value]);
	else
		(void)snprintf(text, NAME, "%u", value);
	return text;
}

static void print_record(unsigned at)
{
	const void *word = records[at].word;
	char old[NAME];
	char value[NAME];

	if (records[at].op == TRACE_NOTE) {
		(void)printf("%s %u", records[at].text, records[at].value);
		return;
	}
	if (word) {
		(void)value_of(word, records[at].old, old);
		(void)value_of(word, records[at].value, value);
	}
	switch (records[at].op) {
	case TRACE_LOAD:
		(void)printf("reads %s: %s", name_of(word), value);
		break;
	case TRACE_STORE:
		(void)printf("stores %s: %s (memory still %s)", name_of(word), value, old);
		break;
	case TRACE_EXCHANGE:
		(void)printf("exchanges %s: %s -> %s", name_of(word), old, value);
		break;
	case TRACE_CAS:
		(void)printf("CAS %s: %s -> %s", name_of(word), old, value);
		break;
	case TRACE_CAS_FAILED:
		(void)printf("CAS %s to %s fails: it is %s", name_of(word), value, old);
		break;
	case TRACE_ADD:
		(void)printf("adds to %s: %s -> %s", name_of(word), old, value);
		break;
	case TRACE_FENCE:
		(void)printf("fence");
		break;
	case TRACE_SLEEP:
		(void)printf("sleeps on %s = %s", name_of(word), old);
		break;
	case TRACE_NO_SLEEP:
		(void)printf("does not sleep: %s is %s, no longer %s", name_of(word), old, value);
		break;
	case TRACE_WOKEN:
		(void)printf("%s", records[at].old ? "wakes: deadline" : "is awake");
		break;
	case TRACE_WAKE:
		(void)printf("wakes %u on %s", records[at].old, name_of(word));
		break;
	case TRACE_LOCK:
		(void)printf("locks %s", name_of(word));
		break;
	default:
		(void)printf("unlocks %s", name_of(word));
		break;
	}
}

static void print_move(size_t step, struct kx_sim_move move)
{
	static const char *const kinds[] = {
		"", "a store arrives in memory", "its deadline passes", "",
		"", "woken for no reason"};

	if (move.kind == SIM_KILL || move.kind == SIM_ORPHAN) {
		(void)printf("%4zu  process %u dies%s\n", step, move.thread,
			     move.kind == SIM_ORPHAN ? " of its parent's death" : "");
		return;
	}
	(void)printf("%4zu  %-10s ", step, kx_cast[move.thread].name);
	if (move.kind != SIM_STEP)
		(void)printf("(%s)", kinds[move.kind]);
	for (unsigned i = 0; i < record_count; i++) {
		if (i)
			(void)printf("; ");
		print_record(i);
	}
	(void)printf("\n");
}

static void print_ends(void)
{
	static const char *const states[] = {"none", "can go on", "asleep", "done", "dead"};

	for (unsigned i = 0; i < kx_threads; i++) {
		const struct kx_sim_thread *thread = &kx_machine.threads[i];

		(void)printf("      %-10s %s", kx_cast[i].name,
			     thread->status == SIM_READY && thread->condition
				     ? "waits for its condition"
				     : states[thread->status]);
		for (unsigned w = 0; thread->status == SIM_ASLEEP && w < thread->watching; w++)
			(void)printf(" %s %s", w ? "," : "on",
				     name_of(kx_memory + thread->watches[w]));
		(void)printf("\n");
	}
}

/* The machine is at its start; leaves it at the end of the path. */
void kx_trace_path(const struct kx_sim_move *moves, size_t count, const char *failure)
{
	kx_tracing = true;
	for (size_t i = 0; i < count; i++) {
		record_count = 0;
		kx_machine_apply(moves[i]);
		print_move(i + 1, moves[i]);
	}
	kx_tracing = false;
	(void)printf("      => %s\n", failure);
	print_ends();
}
