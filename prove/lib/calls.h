/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_CALLS_H
#define KX_PROVE_CALLS_H

/*
 * The system calls of a kernel process, or of one entity that it starts, under ptrace:
 * the n-th one fails (K-05), or the process is killed before it (C-07). Needs root,
 * and x86-64 for the failures.
 *
 *	kx_calls_open();
 *	kx_fault_run(rig, kx_calls_hold, kx_calls_follow);
 *	kx_calls_end();
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define KX_CALLS_NOTED 4096u

struct kx_calls {
	/* What to do. */
	unsigned victim;  /* 0: the kernel process and its threads; n: its n-th child alone */
	unsigned long at; /* from 1; 0: only count */
	uint32_t place;   /* count calls of that place only; 0: all */
	unsigned choice;  /* which of the errors that are plausible at that call */
	/* What came of it. */
	unsigned long count; /* calls that could have failed, or that the child made */
	unsigned choices;    /* how many errors were plausible there */
	long number;         /* the call that failed or was not made; -1: none */
	int error;
	/* Of the kernel process: where each of them came from, which call and whose. */
	uint32_t places[KX_CALLS_NOTED];
};

/* In memory that the tracer shares; NULL: no memory. One at a time. */
struct kx_calls *kx_calls_open(void);

/* In the process to be traced: waits for its tracer. */
void kx_calls_hold(void);

/* Starts the tracer of @kernel, which goes on until all that it traces has ended. */
void kx_calls_follow(pid_t kernel);

/* Waits for the tracer. False: it could not trace; nothing was done then. */
bool kx_calls_end(void);

/* "openat", or the number. */
const char *kx_call_name(long number);

#endif /* KX_PROVE_CALLS_H */
