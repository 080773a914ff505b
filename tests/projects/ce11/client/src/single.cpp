/* SPDX-License-Identifier: Apache-2.0 */

/* Needs C++17, and the header of its class by its bare name. */

#include <cstdio>
#include <optional>

#include "Single.edl.h"

static_assert(Single_iidMax == 0, "no endpoints");

int main(int, char *argv[])
{
	std::optional<int> n = 17;

	if (auto value = n; value)
		std::fprintf(stderr, "single: C++%d %s %s\n", *value, argv[1], argv[2]);
	return 0;
}
