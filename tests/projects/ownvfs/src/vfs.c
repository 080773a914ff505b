/* SPDX-License-Identifier: Apache-2.0 */

/* What runs before the main() of the SDK's library. */

#include <kos_net.h>

__attribute__((constructor)) static void up(void)
{
	fprintf(stderr, "vfs: up\n");
}
