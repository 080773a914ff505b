/* SPDX-License-Identifier: Apache-2.0 */

/* That this program could be linked is the test (public_headers.cmake). */

int main(void)
{
	return 0;
}
