/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kosix as a subject. This build has no kernel process to start, and says so
 * instead of measuring something else.
 */

#include "subject.h"

static bool kosix_fits(const struct kx_subject *self, const struct kx_config *config, char *why,
		       size_t size)
{
	(void)self;
	(void)config;
	(void)snprintf(why, size, "not built: this program was built without the kosix runtime");
	return false;
}

const struct kx_subject kx_subject_kosix = {
	.name = "kosix",
	.what = "Call, Recv, Reply between two entities",
	.fits = kosix_fits,
};

const struct kx_subject kx_subject_kosix_alone = {
	.name = "alone",
	.what = "the same without idle clients",
	.floor = true,
	.fits = kosix_fits,
};
