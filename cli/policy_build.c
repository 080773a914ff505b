/* SPDX-License-Identifier: Apache-2.0 */

/* From PSL to a loadable module; see policy_build.h. */

#include "policy_build.h"

#include <dlfcn.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx_commands.h"
#include "psl.h"
#include "psl_cc.h"

bool kx_policy_is_source(const char *policy)
{
	size_t length = strlen(policy);

	return length > 4 && strcmp(policy + length - 4, ".psl") == 0;
}

/* The module of image @image; NULL with true: a built-in policy; with false: it has none. */
static bool open_module(const char *image, void **library)
{
	json_t *manifest = json_load_file(image, 0, NULL);
	const char *policy = json_string_value(json_object_get(manifest, "policy"));
	bool good = json_is_object(manifest);
	char *path;

	*library = NULL;
	if (policy && strchr(policy, '.') && asprintf(&path, "%s.d/%s", image, policy) > 0) {
		*library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
		good = *library != NULL;
		free(path);
	}
	json_decref(manifest);
	return good;
}

/*
 * Folders and definitions with which the image's own policy was read (kosix/ksm.h), those behind
 * the user's. False: there is no such image.
 */
static bool read_as_the_image(struct kx_psl *psl, const char *image)
{
	void *library;
	const char *const *words;
	const bool *preprocess;

	if (!open_module(image, &library))
		return false;
	if (!library)
		return true;
	words = dlsym(library, "kx_policy_dirs");
	for (; words && *words; words++)
		kx_psl_add_dir(psl, *words);
	words = dlsym(library, "kx_policy_defines");
	for (; words && *words; words++) /* the last one given is the first here */
		kx_psl_define_default(psl, *words);
	preprocess = dlsym(library, "kx_policy_preprocess");
	psl->preprocess |= preprocess && *preprocess;
	(void)dlclose(library);
	return true;
}

/* The interfaces of system programs that come with the SDK. */
static void add_sdk(struct kx_psl *psl)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 64);
	char *slash;

	path[length > 0 ? length : 0] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return;
	strcpy(slash, "/../../sysroot-aarch64-kos/include");
	if (access(path, R_OK) == 0)
		kx_psl_add_dir(psl, path);
}

bool kx_policy_read_as(struct kx_psl *psl, const char *image, bool must)
{
	if (image && !read_as_the_image(psl, image) && must) {
		kx_complain("--image=%s: no image, or its policy cannot be loaded", image);
		return false;
	}
	add_sdk(psl);
	return true;
}

static bool read_policy(struct kx_psl *psl, const struct kx_policy_build *build)
{
	const struct kx_diag *diag = kx_psl_diag(psl);
	bool good;

	for (int i = 0; i < build->dir_count; i++)
		kx_psl_add_dir(psl, build->dirs[i]);
	for (int i = 0; i < build->define_count; i++)
		kx_psl_define(psl, build->defines[i]);
	if (!kx_policy_read_as(psl, build->image, build->must_be_image))
		return false;
	good = kx_psl_load(psl, build->policy) && kx_psl_check(psl);
	kx_diag_print(diag, stderr, isatty(STDERR_FILENO));
	return good;
}

static bool write_module(struct kx_psl *psl, const char *path)
{
	FILE *out = fopen(path, "we");
	bool good = out != NULL;

	psl->output = path;
	good = good && kx_psl_write_module(psl, out);
	if (out && fclose(out) != 0)
		good = false;
	if (!good)
		kx_complain("cannot write %s: %s", path, strerror(errno));
	return good;
}

static bool compile(struct kx_psl *psl, struct kx_policy_build *build)
{
	const char *sources[2] = {NULL, NULL};
	char *text = NULL;
	bool good;

	build->folder = kx_psl_scratch();
	if (!build->folder || asprintf(&text, "%s/policy.c", build->folder) < 0 ||
	    asprintf(&build->module, "%s/policy.so", build->folder) < 0)
		return false;
	sources[0] = text;
	good = write_module(psl, text) && kx_psl_cc(sources, build->module, true);
	(void)unlink(text);
	free(text);
	return good;
}

bool kx_policy_build(struct kx_policy_build *build)
{
	struct kx_psl *psl = kx_psl_new();
	bool good;

	if (!psl) {
		kx_complain("no memory");
		return false;
	}
	good = read_policy(psl, build) && compile(psl, build);
	kx_psl_free(psl);
	if (!good)
		kx_policy_build_clear(build);
	return good;
}

void kx_policy_build_clear(struct kx_policy_build *build)
{
	if (build->module)
		(void)unlink(build->module);
	if (build->folder)
		kx_psl_scratch_remove(build->folder);
	free(build->module);
	build->module = build->folder = NULL;
}
