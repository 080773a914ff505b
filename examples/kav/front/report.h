/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_REPORT_H
#define KX_KAV_REPORT_H

/*
 * What a check has found: one code for all objects and one line for each. Lines about found
 * viruses go first, since some clients read no more than the beginning.
 */

#include <stdbool.h>
#include <stddef.h>

#include "engine/kx_kav_scan.h"

struct kx_kav_lines {
	char *text;
	size_t len;
	size_t room;
};

struct kx_kav_report {
	int code;
	size_t max; /* bytes of all lines */
	bool cut;   /* lines were left out */
	bool told;  /* a line with the words for code is among them */
	struct kx_kav_lines found;
	struct kx_kav_lines other;
};

/*
 * Adds one object: @name, a tab, and the words for @verdict. Control bytes in @name become "?",
 * so that a file name can't forge a line. A line that does not fit is left out, never its code.
 */
void kx_kav_report_add(struct kx_kav_report *report, const char *name,
		       const struct kx_kav_verdict *verdict);
/* Adds "NAME<tab>WORDS" with @code. */
void kx_kav_report_note(struct kx_kav_report *report, const char *name, const char *words,
			int code);

/* All lines in one malloc()ed piece with a NUL; NULL if there are none or no memory. */
char *kx_kav_report_text(const struct kx_kav_report *report, size_t *len);
void kx_kav_report_free(struct kx_kav_report *report);

#endif /* KX_KAV_REPORT_H */
