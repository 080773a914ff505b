/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_SOLUTION_CLIENT_H
#define KX_CLI_SOLUTION_CLIENT_H

/* Talking to kernel processes over their command sockets (kernel/tell/command.h). */

#include <stddef.h>

#include <jansson.h>

#define KX_SOLUTIONS_MOST 64

/* Names of this user's running solutions, at most @most; to be freed one by one. */
size_t kx_solution_names(char **names, size_t most);

/* "a, b, c", to be freed. */
char *kx_solution_list(char *const *names, size_t count);

/* The one solution that runs, to be freed; NULL after a message: there is none, or several. */
char *kx_solution_only(void);

/*
 * Sends @command to solution @name and returns its answer. Waits for it at most
 * two seconds. NULL: no such solution, another user's, or no answer.
 */
json_t *kx_solution_ask(const char *name, const char *command);
/* The same for who has other things to do: waits at most @ms for each part of it. */
json_t *kx_solution_ask_within(const char *name, const char *command, unsigned ms);

/*
 * The same in two steps, for several solutions at once: a descriptor, or -1, errno EAGAIN if the
 * solution has not taken the question within @ms; and what it answers, once for each descriptor.
 */
int kx_solution_begin(const char *name, const char *command, unsigned ms);
json_t *kx_solution_answer(int asked, unsigned ms);

/*
 * One of the "waits": who waits for whom to do what, on which channel. A server with one thread
 * does not mark what it has taken from a channel region: that looks like what it has not.
 */
#define KX_SOLUTION_WAIT_MAX 512
void kx_solution_wait(const json_t *wait, char *text, size_t size);

/*
 * The cycle in the "waits" of a ps answer as "A -> B -> A", to be freed; NULL if
 * there is none.
 */
char *kx_solution_cycle(const json_t *ps);

#endif /* KX_CLI_SOLUTION_CLIENT_H */
