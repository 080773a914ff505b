/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KOS_CC_FLAGS_H
#define KX_KOS_CC_FLAGS_H

/*
 * Translation of a KasperskyOS compiler command line into one for the host.
 *
 * Three kinds of call: *compile* and *link* of a program, told apart by -c, -S,
 * -E and the like; *module*, the link of a security module, recognised by
 * -lksm_kss*: the result is a shared object that the kernel process loads.
 */

#include <stdbool.h>
#include <stddef.h>

struct kx_cc_args {
	char **argv; /* NULL-terminated; strings are borrowed, or in `owned` */
	size_t count;
	size_t room;
	char **owned; /* strings made by the translation */
	size_t owned_count;
	bool cxx;
	bool clang;
};

/* Starts a list with the compiler's name. False: out of memory. */
bool kx_cc_args_init(struct kx_cc_args *args, const char *compiler, int argc);

/* Fills @args from @argv[1..]. @sdk is the SDK folder. False: out of memory. */
bool kx_cc_translate(struct kx_cc_args *args, const char *sdk, int argc, char **argv);

/* Frees the list; the strings given in @argv stay. Not needed before exec. */
void kx_cc_args_free(struct kx_cc_args *args);

#endif /* KX_KOS_CC_FLAGS_H */
