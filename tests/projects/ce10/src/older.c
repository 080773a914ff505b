/* SPDX-License-Identifier: Apache-2.0 */

int older(void);
int older(void)
{
	return 1;
}
