/* SPDX-License-Identifier: Apache-2.0 */

/*
 * main() with the arguments that an Env program gave (kx_env.c). They are known only after
 * the constructors have run, when the C library is about to call main with its own; so the
 * C library is given start() in its place. It calls whichever __libc_start_main the linker
 * finds first, and that of the program stands before its own.
 */

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "kx_env.h"

typedef int main_function(int, char **, char **);
typedef int start_function(main_function *, int, char **, void (*)(void), void (*)(void),
			   void (*)(void), void *);

int __libc_start_main(main_function *main, int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack_end);

static main_function *program_main;

static int start(int argc, char **argv, char **envp)
{
	int count = argc;
	char **given = kx_env_arguments(argc > 0 ? argv[0] : NULL, &count);

	return given ? program_main(count, given, environ) : program_main(argc, argv, envp);
}

int __libc_start_main(main_function *main, int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	start_function *real = (start_function *)(uintptr_t)dlsym(RTLD_NEXT, "__libc_start_main");

	if (!real)
		abort();
	program_main = main;
	return real(start, argc, argv, init, fini, rtld_fini, stack_end);
}
