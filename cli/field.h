/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_FIELD_H
#define KX_CLI_FIELD_H

/* Fields of what kernel processes tell, and of audit records: "" and 0 where there is none. */

#include <jansson.h>

static inline const char *kx_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static inline long long kx_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

#endif /* KX_CLI_FIELD_H */
