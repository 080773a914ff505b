/* SPDX-License-Identifier: Apache-2.0 */

/* Audit records for the command socket; see audit_answer.h. */

#include "audit_answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit_log.h"

#define AT_A_TIME 64u

char *kx_audit_answer_from(uint64_t position)
{
	struct kx_audit_record record;
	uint64_t all_lost = 0;
	uint64_t lost;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("{\"records\":[", out);
	for (unsigned n = 0; n < AT_A_TIME && kx_audit_log_get(&position, &record, &lost); n++) {
		fprintf(out, "%s%s", n ? "," : "", record.json);
		all_lost += lost;
		kx_audit_record_clear(&record);
	}
	fprintf(out, "],\"next\":%" PRIu64 ",\"lost\":%" PRIu64 "}\n", position, all_lost);
	return fclose(out) == 0 ? text : NULL;
}

char *kx_audit_answer_event(uint64_t event)
{
	struct kx_audit_record record;
	char *text = NULL;

	if (!kx_audit_log_find(event, &record))
		return strdup("{}\n");
	if (asprintf(&text, "%s\n", record.json) < 0)
		text = NULL;
	kx_audit_record_clear(&record);
	return text;
}
