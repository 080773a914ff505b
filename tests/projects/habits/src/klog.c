/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#ifndef WHOSE
#define WHOSE "QEMU"
#endif

int main(void)
{
	fprintf(stderr, "klog: of " WHOSE "\n");
	return 0;
}
