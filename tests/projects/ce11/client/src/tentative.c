/* SPDX-License-Identifier: Apache-2.0 */

/* The same global in two files, and an inline function with no other definition. */

int tentative;
inline int twice(int n)
{
	return 2 * n;
}
int four(void);
int four(void)
{
	return twice(2) + tentative;
}
