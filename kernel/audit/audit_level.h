/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_AUDIT_LEVEL_H
#define KX_AUDIT_LEVEL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Control thread. Sets the audit level to *@level (NULL: only asks), and then calls @done
 * there with {"level":N,"was":N,"set":BOOL,"levels":BOOL} and a newline, to be freed by it
 * (NULL: out of memory). "set" is false, and nothing has changed, if the module refuses;
 * "levels" is false if it has none. Never blocks: the level belongs to the module, which the
 * IPC thread asks.
 */
void kx_audit_level_ask(const uint32_t *level, void (*done)(void *context, char *text),
			void *context);

#endif /* KX_AUDIT_LEVEL_H */
