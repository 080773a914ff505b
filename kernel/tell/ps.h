/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PS_H
#define KX_PS_H

/*
 * What `kosix ps` shows, as one JSON text with a newline:
 *
 *   {"name","version","policy","mediate_all","uptime_ms",
 *    "entities":[{"task","name","class","pid","state","handles","counters":{}}],
 *    "waits":[{"client","server","kind":"posted"|"taken","path":"direct"|"relay"},
 *             {"client","server","kind":"mounts","path":"files"}]}
 */

/* Control thread, once at start: texts that stay valid. */
void kx_ps_init(const char *name, const char *version, const char *policy);

/*
 * Control thread. Asks the IPC thread for its calls in progress and then calls
 * @done with the text, to be freed by it (NULL: out of memory).
 */
void kx_ps(void (*done)(void *context, char *text), void *context);

#endif /* KX_PS_H */
