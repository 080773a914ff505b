/* SPDX-License-Identifier: Apache-2.0 */
#include "unwind.h"

#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

/* DWARF's numbers of the registers. */
#define SP        7u
#define RETURN    16u
#define REGISTERS 17u

#define MOST_CODES 64
/* Of .eh_frame_hdr: addresses in four bytes, from its begin. */
#define TABLE_ENCODING 0x3b
/* Of .eh_frame: in four bytes, from where they stand. */
#define PLACE_ENCODING 0x1b

/* Executable memory of the process, and the file that it is of. */
struct code {
	uint64_t from, to;
	uint64_t base; /* of the file's address 0 */
	char file[256];
	const uint8_t *image;
	size_t size;
	const uint8_t *table; /* .eh_frame_hdr; NULL: has none */
	uint64_t table_at;    /* its address in the file */
};

static struct code codes[MOST_CODES];
static unsigned code_count;
static pid_t mapped; /* whose they are */

/* What is known of the callers' registers at a place of a function. */
struct row {
	uint64_t base; /* register that the frame's address is reckoned from */
	int64_t base_offset;
	bool unknown; /* in a way that compilers do not use for C */
	struct {
		bool saved;
		bool lost;
		int64_t offset; /* from the frame's address */
	} saved[REGISTERS];
};

struct entry {
	const uint8_t *first, *first_end; /* what holds at the begin of each function */
	const uint8_t *rules, *rules_end;
	uint64_t code_align;
	int64_t data_align;
	uint64_t start; /* of the function, in the file */
	uint64_t range;
};

static uint32_t read32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t read_uleb(const uint8_t **at)
{
	uint64_t value = 0;
	unsigned shift = 0;

	do
		value |= (uint64_t)(**at & 0x7f) << shift;
	while ((shift += 7) < 64 && *(*at)++ & 0x80);
	return value;
}

static int64_t read_sleb(const uint8_t **at)
{
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte;

	do {
		byte = *(*at)++;
		value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80 && shift < 64);
	if (byte & 0x40 && shift < 64)
		value |= ~0ull << shift;
	return (int64_t)value;
}

/* --- files -------------------------------------------------------------------------------- */

static void find_table(struct code *code, uint64_t file_offset)
{
	const Elf64_Ehdr *head = (const Elf64_Ehdr *)code->image;
	const Elf64_Phdr *part = (const Elf64_Phdr *)(code->image + head->e_phoff);

	for (unsigned i = 0; i < head->e_phnum; i++) {
		if (part[i].p_type == PT_LOAD && part[i].p_offset <= file_offset &&
		    file_offset < part[i].p_offset + part[i].p_filesz)
			code->base =
				code->from - (part[i].p_vaddr + file_offset - part[i].p_offset);
		if (part[i].p_type == PT_GNU_EH_FRAME) {
			code->table = code->image + part[i].p_offset;
			code->table_at = part[i].p_vaddr;
		}
	}
	if (code->table && code->table[3] != TABLE_ENCODING)
		code->table = NULL;
}

static void map_file(struct code *code, uint64_t file_offset)
{
	int fd = open(code->file, O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *image;

	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && status.st_size > (off_t)sizeof(Elf64_Ehdr)) {
		code->size = (size_t)status.st_size;
		image = mmap(NULL, code->size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (image != MAP_FAILED && memcmp(image, ELFMAG, SELFMAG) == 0) {
			code->image = image;
			find_table(code, file_offset);
		}
	}
	(void)close(fd);
}

static void read_codes(pid_t process)
{
	char path[64];
	char line[512];
	uint64_t offset;
	FILE *file;

	for (unsigned i = 0; i < code_count; i++)
		if (codes[i].image)
			(void)munmap((void *)(uintptr_t)codes[i].image, codes[i].size);
	memset(codes, 0, sizeof(codes));
	code_count = 0;
	mapped = process;
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)process);
	file = fopen(path, "re");
	while (file && code_count < MOST_CODES && fgets(line, sizeof(line), file)) {
		struct code *code = &codes[code_count];

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " r-xp %" SCNx64 " %*s %*s %255s",
			   &code->from, &code->to, &offset, code->file) != 4)
			continue;
		map_file(code, offset);
		code_count++;
	}
	if (file)
		(void)fclose(file);
}

static const struct code *find_code(pid_t process, uint64_t pc)
{
	for (unsigned again = 0; again < 2; again++) {
		if (again || mapped != process)
			read_codes(process);
		for (unsigned i = 0; i < code_count; i++)
			if (pc >= codes[i].from && pc < codes[i].to)
				return &codes[i];
	}
	return NULL;
}

/* --- tables ------------------------------------------------------------------------------- */

/* CIE: what all functions of a group have in common. */
static bool read_group(const uint8_t *at, struct entry *entry)
{
	const uint8_t *end = at + 4 + read32(at);
	const char *kind = (const char *)at + 9;
	const uint8_t *next = at + 9 + strlen(kind) + 1;
	uint64_t length;

	if (at[8] != 1 || kind[0] != 'z')
		return false;
	entry->code_align = read_uleb(&next);
	entry->data_align = read_sleb(&next);
	if (read_uleb(&next) != RETURN)
		return false;
	length = read_uleb(&next);
	entry->first = next + length;
	entry->first_end = end;
	return true;
}

/* FDE: one function. */
static bool read_entry(const struct code *code, const uint8_t *at, struct entry *entry)
{
	const uint8_t *next = at + 16;
	uint64_t length;

	if (!read_group(at + 4 - read32(at + 4), entry))
		return false;
	entry->start = code->table_at + (uint64_t)(at + 8 - code->table) +
		       (uint64_t)(int64_t)(int32_t)read32(at + 8);
	entry->range = read32(at + 12);
	length = read_uleb(&next);
	entry->rules = next + length;
	entry->rules_end = at + 4 + read32(at);
	return true;
}

/* The last function that begins at @at or before. */
static bool find_entry(const struct code *code, uint64_t at, struct entry *entry)
{
	const uint8_t *rows = code->table + 12;
	int32_t wanted = (int32_t)(at - code->table_at);
	uint32_t low = 0;
	uint32_t high = read32(code->table + 8);

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if ((int32_t)read32(rows + 8 * (size_t)middle) <= wanted)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return false;
	return read_entry(code, code->table + (int32_t)read32(rows + 8 * (size_t)(low - 1) + 4),
			  entry) &&
	       at - entry->start < entry->range;
}

static void save(struct row *row, uint64_t number, int64_t offset)
{
	if (number >= REGISTERS)
		return;
	row->saved[number].saved = true;
	row->saved[number].lost = false;
	row->saved[number].offset = offset;
}

static void lose(struct row *row, uint64_t number)
{
	if (number >= REGISTERS)
		return;
	row->saved[number].saved = false;
	row->saved[number].lost = true;
}

static void restore(struct row *row, const struct row *first, uint64_t number)
{
	if (number < REGISTERS)
		row->saved[number] = first->saved[number];
}

static void skip_block(const uint8_t **at)
{
	uint64_t length = read_uleb(at);

	*at += length;
}

/* How far an instruction moves on; 0: it is of another kind. */
static uint64_t read_advance(const uint8_t **at)
{
	const uint8_t *next = *at;
	uint64_t delta = 0;
	size_t bytes = *next >= 2 && *next <= 4 ? (size_t)1 << (*next - 2) : 0;

	if (*next >> 6 == 1) {
		*at = next + 1;
		return *next & 0x3f;
	}
	memcpy(&delta, next + 1, bytes);
	*at = bytes ? next + 1 + bytes : next;
	return delta;
}

/* Those with their register in themselves; false: of another kind. */
static bool run_short_rule(const struct entry *entry, struct row *row, const struct row *first,
			   const uint8_t **at)
{
	uint64_t number = **at & 0x3f;
	unsigned kind = **at >> 6;

	if (kind != 2 && kind != 3)
		return false;
	(*at)++;
	if (kind == 2)
		save(row, number, (int64_t)read_uleb(at) * entry->data_align);
	else
		restore(row, first, number);
	return true;
}

/* The others that say where something is. */
static void run_rule(const struct entry *entry, struct row *row, const struct row *first,
		     const uint8_t **at)
{
	uint8_t code = *(*at)++;
	uint64_t number;

	switch (code) {
	case 0x00: /* nop */
		return;
	case 0x05: /* offset_extended */
		number = read_uleb(at);
		save(row, number, (int64_t)read_uleb(at) * entry->data_align);
		return;
	case 0x06: /* restore_extended */
		restore(row, first, read_uleb(at));
		return;
	case 0x07: /* undefined */
		lose(row, read_uleb(at));
		return;
	case 0x08: /* same_value */
		number = read_uleb(at);
		if (number < REGISTERS)
			row->saved[number].saved = row->saved[number].lost = false;
		return;
	case 0x0c: /* def_cfa */
		row->base = read_uleb(at);
		row->base_offset = (int64_t)read_uleb(at);
		row->unknown = false;
		return;
	case 0x0d: /* def_cfa_register */
		row->base = read_uleb(at);
		return;
	case 0x0e: /* def_cfa_offset */
		row->base_offset = (int64_t)read_uleb(at);
		return;
	case 0x0f: /* def_cfa_expression */
		skip_block(at);
		row->unknown = true;
		return;
	case 0x10: /* expression */
	case 0x16: /* val_expression */
		lose(row, read_uleb(at));
		skip_block(at);
		return;
	case 0x2e: /* GNU_args_size */
		(void)read_uleb(at);
		return;
	default:
		row->unknown = true;
		*at = entry->rules_end;
	}
}

static struct row find_row(const struct entry *entry, uint64_t at)
{
	struct row row = {0};
	struct row first;
	struct row kept[8];
	unsigned depth = 0;
	uint64_t place = entry->start;

	for (const uint8_t *next = entry->first; next < entry->first_end;)
		if (!run_short_rule(entry, &row, &row, &next))
			run_rule(entry, &row, &row, &next);
	first = row;
	for (const uint8_t *next = entry->rules; next < entry->rules_end && !row.unknown;) {
		uint64_t advance = read_advance(&next);

		place += advance * entry->code_align;
		if (place > at)
			break;
		if (advance)
			continue;
		if (*next == 0x0a && depth < 8) /* remember_state */
			kept[depth++] = row;
		else if (*next == 0x0b && depth) /* restore_state */
			row = kept[--depth];
		else {
			if (!run_short_rule(entry, &row, &first, &next))
				run_rule(entry, &row, &first, &next);
			continue;
		}
		next++;
	}
	return row;
}

/* --- the stack ---------------------------------------------------------------------------- */

static bool read_word(pid_t process, uint64_t at, uint64_t *word)
{
	struct iovec here = {word, sizeof(*word)};
	struct iovec there = {(void *)(uintptr_t)at, sizeof(*word)};

	return process_vm_readv(process, &here, 1, &there, 1, 0) == (ssize_t)sizeof(*word);
}

/* @registers of a function become those of its caller; false: there is none to be found. */
static bool go_up(pid_t process, const struct code *code, uint64_t *registers)
{
	uint64_t at = registers[RETURN] - 1 - code->base; /* within the call */
	struct entry entry;
	uint64_t frame;
	struct row row;

	if (!code->table || !find_entry(code, at, &entry))
		return false;
	row = find_row(&entry, at);
	if (row.unknown || row.base >= RETURN || !row.saved[RETURN].saved)
		return false;
	frame = registers[row.base] + (uint64_t)row.base_offset;
	for (unsigned i = 0; i < REGISTERS; i++)
		if (row.saved[i].saved &&
		    !read_word(process, frame + (uint64_t)row.saved[i].offset, &registers[i]))
			return false;
	registers[SP] = frame;
	return true;
}

static bool read_registers(pid_t thread, uint64_t *registers)
{
#ifdef __x86_64__
	struct user_regs_struct user;
	struct iovec all = {&user, sizeof(user)};

	if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &all) != 0)
		return false;
	memcpy(registers,
	       (const uint64_t[]){user.rax, user.rdx, user.rcx, user.rbx, user.rsi, user.rdi,
				  user.rbp, user.rsp, user.r8, user.r9, user.r10, user.r11,
				  user.r12, user.r13, user.r14, user.r15, user.rip},
	       REGISTERS * sizeof(*registers));
	return true;
#else
	(void)thread;
	(void)registers;
	return false;
#endif
}

unsigned kx_unwind(pid_t process, pid_t thread, struct kx_frame *frames, unsigned room)
{
	uint64_t registers[REGISTERS];
	const struct code *code;
	unsigned count = 0;

	if (!read_registers(thread, registers))
		return 0;
	while (count < room) {
		code = find_code(process, registers[RETURN]);
		frames[count].pc = registers[RETURN];
		frames[count].file = code ? code->file : NULL;
		frames[count++].offset = code ? registers[RETURN] - code->base : 0;
		if (!code || !go_up(process, code, registers))
			break;
	}
	return count;
}
