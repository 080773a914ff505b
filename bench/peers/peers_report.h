/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_PEERS_REPORT_H
#define KX_BENCH_PEERS_REPORT_H

/*
 * Kosix beside its peers: as a table, and as pictures drawn from the JSON document,
 * so that a picture can be made again, or differently, from a file that was kept.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "measure/series.h"

/* One table; @part is its name. */
void kx_peers_table(const struct kx_series *series, const char *part, FILE *out);

/* Pictures of what @document holds, into @folder. False after a complaint. */
bool kx_peers_plot(const json_t *document, const char *folder);

#endif /* KX_BENCH_PEERS_REPORT_H */
