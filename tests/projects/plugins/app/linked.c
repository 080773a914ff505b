/* SPDX-License-Identifier: Apache-2.0 */
#include <greeting.h>
#include <stdio.h>

int main(void)
{
	fprintf(stderr, "linked: hello from %s\n", greeting());
	return 0;
}
