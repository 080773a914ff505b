/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_STANDARD_H
#define KX_BENCH_STANDARD_H

/*
 * The standard set: which measurements are made, against which floor, and how
 * far from it Kosix may be. `must` is the bar, `aim` what the design allows.
 */

#include <stdbool.h>

#include "measure/series.h"

#define KX_STANDARD_CHECKS 4

/* Kosix divided by a floor in one measure, or its own figure, beside the bars. */
struct kx_check {
	const struct kx_subject *floor; /* NULL: none, or the figure itself is judged */
	enum kx_measure measure;
	double must; /* 0: no bar, only a figure */
	double aim;
	bool more;  /* throughput: more is better */
	bool own;   /* the figure itself is judged */
	bool times; /* how often Kosix goes into the floor, a peer */
};

struct kx_case {
	const char *number;
	const char *title;
	const char *skipped; /* why kosix-bench can't measure it at all, or NULL */
	unsigned cores;      /* it needs that many */
	enum kx_place_kind place;
	unsigned longer;         /* a turn is that many times as long as others; 0: as long */
	struct kx_config config; /* zeros: the default; policy: a file beside this program */
	struct kx_check check[KX_STANDARD_CHECKS];
};

/* Ends with a case without a number. */
extern const struct kx_case kx_standard[];

/* Is every number in @list, a text with commas between, one of a row? Else @why says which. */
bool kx_standard_known(const char *list, char *why, size_t size);

/* Is @one to be run: does @list name it? NULL names all. */
bool kx_standard_wanted(const struct kx_case *one, const char *list);

/* The most starts that a turn has in any of the cases wanted. */
unsigned kx_standard_starts(const char *list);

/* The configuration of @one on this machine, lengths as in @options. */
struct kx_config kx_standard_config(const struct kx_case *one, const struct kx_config *options);

enum kx_verdict {
	KX_VERDICT_NONE, /* no bar, or not measured */
	KX_VERDICT_AIM,
	KX_VERDICT_MUST,
	KX_VERDICT_MISSED,
	KX_VERDICT_DISTURBED, /* measured, and nothing can be said */
	KX_VERDICTS,
};

/* "-", "aim", "must", "missed", "disturbed". */
const char *kx_verdict_name(enum kx_verdict verdict);

/* How @ratio stands against the bars of @check. Not for runs that were disturbed. */
enum kx_verdict kx_standard_verdict(const struct kx_check *check, double ratio);

#endif /* KX_BENCH_STANDARD_H */
