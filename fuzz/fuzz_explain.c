/* SPDX-License-Identifier: Apache-2.0 */

/* A line of an audit file or of a run's standard error, as `kosix explain` prints it. */

#include "explain.h"
#include "fuzz.h"

/* What it prints is not for here. */
static void be_quiet(void)
{
	static FILE *nowhere;

	if (!nowhere)
		fuzz_require((nowhere = freopen("/dev/null", "w", stdout)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1);
	json_t *record;

	be_quiet();
	if (!line)
		return 0;
	memcpy(line, data, size);
	line[size] = '\0';
	record = json_loads(line, 0, NULL);
	if (record)
		kx_explain_record(record);
	else
		(void)kx_explain_line(line);
	json_decref(record);
	free(line);
	return 0;
}
