/* SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
	void *library = dlopen("/libgreeting.so.1.2.3", RTLD_NOW);
	const char *(*greeting)(void);

	if (!library) {
		fprintf(stderr, "loading: %s\n", dlerror());
		return 1;
	}
	*(void **)&greeting = dlsym(library, "greeting");
	fprintf(stderr, "loading: hello from %s\n", greeting ? greeting() : "nowhere");
	return 0;
}
