/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The main() of a VFS program that a project links together from the SDK's libraries
 * (vfs_server and others) without one of its own. Files and sockets of its clients are
 * served by the kernel process, so there is nothing to do but to be there.
 */

#include <unistd.h>

int main(void);

int main(void)
{
	for (;;)
		pause();
}
