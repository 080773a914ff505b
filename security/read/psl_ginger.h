/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PSL_GINGER_H
#define KX_PSL_GINGER_H

/*
 * The preprocessor of CE 1.3 and later: {% if X == "y" %} {% elif %} {% else %}
 * {% endif %}, {{ NAME }} and {# comments #}. A name without a definition is
 * the empty text. Lines keep their numbers.
 */

#include "psl.h"

/* Replaces the text of @source; false after an error. */
bool kx_psl_ginger(struct kx_psl *psl, struct kx_source *source);

#endif /* KX_PSL_GINGER_H */
