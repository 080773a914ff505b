/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <env/env.h>

int main(int argc, char **argv)
{
	const char *args[] = {"-l", "devfs /dev devfs 0"};
	const char *vars[] = {"FROM_ENV=env", "FROM_BOTH=env", "EMPTY=", "=odd", "odd"};
	const char *other[] = {"FROM_ENV=other"};

	(void)argc;
	(void)argv;
	ENV_REGISTER_ARGS("Asker", args);
	ENV_REGISTER_VARS("Other", other);
	ENV_REGISTER_VARS("Asker", other);
	ENV_REGISTER_PROGRAM_ENVIRONMENT("Asker", args, vars); /* replaces */
	ENV_REGISTER_VARS("Last", other);
	ENV_REGISTER_ARGS("OtherFile", args);
	envServerRun();
	return EXIT_FAILURE;
}
