/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_DIAGNOSTICS_H
#define KX_DIAGNOSTICS_H

/*
 * Messages about an input file, "FILE:LINE:COL: error: TEXT", collected so that
 * one look shows all of them. Control thread, before the solution starts.
 */

#include <stdbool.h>
#include <stddef.h>

#define KX_DIAGNOSTICS_MAX 50u /* further ones are counted, not kept */

struct kx_diagnostics {
	const char *file;
	char *texts[KX_DIAGNOSTICS_MAX];
	size_t count;
	size_t errors; /* of all, kept or not */
};

/* @line and @column from 1; 0: the file as a whole. */
void kx_diagnose(struct kx_diagnostics *diagnostics, bool error, size_t line, size_t column,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

void kx_diagnostics_clear(struct kx_diagnostics *diagnostics);

/* The candidate nearest to @word, or NULL when none is near enough to be meant. */
const char *kx_did_you_mean(const char *word, const char *const *candidates, size_t count);

#endif /* KX_DIAGNOSTICS_H */
