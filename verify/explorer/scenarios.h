/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SCENARIOS_H
#define KX_SCENARIOS_H

/* One list for each file in scenarios/, ended by an entry without a name. */

#include "stage.h"

extern const struct kx_scenario kx_direct[];
extern const struct kx_scenario kx_relay[];
extern const struct kx_scenario kx_roles[];
extern const struct kx_scenario kx_unwatched[];
extern const struct kx_scenario kx_giving_up[];
extern const struct kx_scenario kx_death[];
extern const struct kx_scenario kx_hostile[];

#endif /* KX_SCENARIOS_H */
