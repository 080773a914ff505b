/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_FOOTPRINT_H
#define KX_FOOTPRINT_H

/*
 * What this process holds of the machine: a solution that has ended must leave as much as
 * there was before it. With KOSIX_FOOTPRINT in the environment the kernel process says at its
 * end what is too much; the tests look for that line (POST in tests/system/rig.h).
 */

#include <stdbool.h>

#define KX_FOOTPRINT_DESCRIPTORS 256

struct kx_footprint {
	bool open[KX_FOOTPRINT_DESCRIPTORS]; /* higher ones are not looked at */
	long mappings;                       /* of shared memory that it made */
};

void kx_footprint_take(struct kx_footprint *footprint);

/*
 * What there is more than @before: the number of descriptors, or of mappings. Names the
 * descriptors in the log.
 */
long kx_footprint_descriptors(const struct kx_footprint *before);
long kx_footprint_mappings(const struct kx_footprint *before);

/* Log: both, if they are not 0 and the environment asks for it. */
void kx_footprint_compare(const struct kx_footprint *before);

#endif /* KX_FOOTPRINT_H */
