/* SPDX-License-Identifier: Apache-2.0 */

/* A program and the layers prepared for it; see profile.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

static int open_program(const char *program, char *error)
{
	struct stat status;
	int fd = open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc;

	if (fd < 0) {
		rc = -errno;
		kx_isolation_error(error, "%s: cannot open the program: %s", program,
				   strerrordesc_np(errno));
		return rc;
	}
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111))
		return fd;
	kx_isolation_error(error, "%s: not an executable file (try chmod +x)", program);
	(void)close(fd);
	return -EACCES;
}

static void take_profile(struct kx_sandbox *sandbox, const struct kx_isolation *isolation,
			 const struct kx_isolation_profile *profile)
{
	sandbox->machine = &isolation->machine;
	sandbox->desk = &isolation->desk;
	sandbox->exec_secret = isolation->exec_secret;
	sandbox->harden = profile->level != KX_ISOLATION_OFF;
	sandbox->notify = (profile->allow & KX_ALLOW_NOTIFY) &&
			  kx_layer_on(isolation, profile, KX_LAYER_SECCOMP);
	sandbox->switch_user = kx_layer_on(isolation, profile, KX_LAYER_UID);
	sandbox->uid = profile->uid;
	sandbox->gid = profile->gid;
	memcpy(sandbox->limits, profile->limits, sizeof(sandbox->limits));
}

static int build_layers(struct kx_sandbox *sandbox, struct kx_isolation *isolation,
			const struct kx_isolation_profile *profile, const char *program,
			char *error)
{
	struct kx_program elf;
	int rc = kx_program_read(&elf, sandbox->exe_fd);

	if (rc != 0) {
		kx_isolation_error(error, "%s: %s", program,
				   rc == -ENOEXEC ? "not a 64-bit ELF program"
						  : strerrordesc_np(-rc));
		return rc;
	}
	if (kx_layer_on(isolation, profile, KX_LAYER_LANDLOCK)) {
		rc = kx_landlock_build(&isolation->machine, profile, program, sandbox->exe_fd, &elf,
				       error);
		sandbox->ruleset_fd = rc < 0 ? -1 : rc;
	}
	kx_program_fini(&elf);
	if (rc < 0 || !kx_layer_on(isolation, profile, KX_LAYER_SECCOMP))
		return rc < 0 ? rc : 0;
	sandbox->filter = kx_filter_get(isolation, profile->allow);
	if (sandbox->filter)
		return 0;
	kx_isolation_error(error, "%s: out of memory for the system call filter", program);
	return -ENOMEM;
}

int kx_sandbox_create(struct kx_sandbox **out, struct kx_isolation *isolation,
		      const struct kx_isolation_profile *profile, const char *program, char *error)
{
	struct kx_sandbox *sandbox;
	int rc = kx_isolation_check(isolation, profile, error);

	if (rc != 0)
		return rc;
	sandbox = calloc(1, sizeof(*sandbox));
	if (!sandbox)
		return -ENOMEM;
	sandbox->ruleset_fd = -1;
	take_profile(sandbox, isolation, profile);
	sandbox->exe_fd = open_program(program, error);
	rc = sandbox->exe_fd < 0 ? sandbox->exe_fd : 0;
	if (rc == 0)
		rc = build_layers(sandbox, isolation, profile, program, error);
	if (rc == 0)
		*out = sandbox;
	else
		kx_sandbox_destroy(sandbox);
	return rc;
}

void kx_sandbox_destroy(struct kx_sandbox *sandbox)
{
	if (!sandbox)
		return;
	if (sandbox->exe_fd >= 0)
		(void)close(sandbox->exe_fd);
	if (sandbox->ruleset_fd >= 0)
		(void)close(sandbox->ruleset_fd);
	free(sandbox);
}
