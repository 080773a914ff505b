/* SPDX-License-Identifier: Apache-2.0 */
#include <env/env.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	const char *mounts[] = {"-l", "ramdisk0,0 /data ext2 0", "-l", "nodev /tmp ramfs 0"};
	const char *root[] = {"ROOTFS=ramdisk0,0 / ext2 0"};
	const char *first[] = {"ROLE=first"};
	const char *second[] = {"_VFS_FILESYSTEM_BACKEND=client:SECOND"};
	const char *paths[] = {"/greeting", "/data/greeting"};

	(void)argc;
	(void)argv;
	ENV_REGISTER_ARGS("VfsEntity", mounts);
	ENV_REGISTER_VARS("vfs.Second", root);
	ENV_REGISTER_PROGRAM_ENVIRONMENT("first", paths, first);
	ENV_REGISTER_PROGRAM_ENVIRONMENT("second", paths, second);
	envServerRun();
	return EXIT_FAILURE;
}
