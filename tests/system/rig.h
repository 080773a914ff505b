/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RIG_H
#define KX_RIG_H

/*
 * Runs a solution of scenario parts under a kernel process of its own and checks
 * afterwards that nothing is left (POST): no process, no file in /dev/shm or in the
 * run's TMPDIR, no abstract socket, no System V object, no message queue; in a kernel process that
 * ended by itself no descriptor, mapping of shared memory, handle or object more than before the
 * first entity, no heap and no memory to speak of (footprint.h); of its relayed calls as many begun
 * as ended, and as many requests and replies granted as delivered or lost with their call
 * (balance.h).
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct rig {
	char folder[200]; /* of the image; removed by rig_end() */
	char image[300];
	char temp[300]; /* TMPDIR of the kernel process; empty at the end */
	pid_t kernel;
	int output; /* stdout and stderr of everything */
	char text[1 << 18];
	size_t length;
	int status;    /* of the kernel process, after rig_end() */
	char *before;  /* what /dev/shm held */
	char *objects; /* System V's, and message queues, before */
};

/*
 * Writes the image. @server_class has the endpoint; each line of @entities is
 * "task class [@program] [>target] [NAME=value] program-arguments...", clients get a
 * channel "t" to the task "server" or @target; the program is the scenarios' unless one is named.
 * @env is set for all ("NAME=value" or NULL). @policy as in an image.
 */
void rig_image(struct rig *rig, const char *const entities[], const char *env, const char *policy);

/* Options of rig_start(): the ways a message may go. */
extern const char *const rig_direct[];
extern const char *const rig_relayed[];
extern const char *const rig_sleeping[]; /* direct, and nobody looks before he sleeps */
enum { RIG_WAYS = 3 };
extern const char *const *const rig_ways[RIG_WAYS]; /* these, in this order */

/* Called in the kernel process before it begins, unless NULL: limits, a poorer machine. */
extern void (*rig_child)(void);

/* Starts the kernel process; options end with NULL. */
void rig_start(struct rig *rig, const char *const options[]);

/* Reads output until @text has come @count times; false after 60 s or at the end of it. */
bool rig_wait(struct rig *rig, const char *text, unsigned count);
bool rig_wait_ms(struct rig *rig, const char *text, unsigned count, unsigned milliseconds);

/* No more output is read: what is waited for will not come. */
bool rig_full(const struct rig *rig);

/* Waits for the kernel process to end by itself; false after 60 s. */
bool rig_wait_end(struct rig *rig);

/* Ends what runs (SIGTERM), waits for it, removes the image, checks POST. */
void rig_end(struct rig *rig);

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t rig_now_ms(void);

/* Number of times @text stands in the output. */
unsigned rig_count(const struct rig *rig, const char *text);

/* Living processes whose program lies below @folder. */
unsigned rig_processes(const char *folder);

/* Memory of the living kernel process in KiB: the line @key ("VmRSS:") of its status; 0: none. */
unsigned long rig_memory_kb(const struct rig *rig, const char *key);

#endif /* KX_RIG_H */
