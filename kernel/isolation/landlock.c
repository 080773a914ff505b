/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Landlock rules, best effort by ABI: a right this Linux does not know is left
 * out, never the whole layer. The ruleset is built by the kernel process and
 * kept as a descriptor; a child needs one system call to enter it.
 *
 * The system headers of Debian 12 stop at ABI 2, so the rest of the interface
 * is defined here.
 *
 * Rights for a program: itself and its loader may be executed and read; the
 * library folders may be read (mapping code needs no execute right); declared
 * exceptions. Everything else is denied, as are all TCP ports, device ioctl,
 * and signals and abstract sockets that leave the process's domain.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#define FS_EXECUTE   (1ull << 0)
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR  (1ull << 3)
#define FS_ABI1      ((1ull << 13) - 1)
#define FS_REFER     (1ull << 13) /* ABI 2 */
#define FS_TRUNCATE  (1ull << 14) /* ABI 3 */
#define FS_IOCTL_DEV (1ull << 15) /* ABI 5 */
#define NET_BIND     (1ull << 0)  /* ABI 4 */
#define NET_CONNECT  (1ull << 1)
#define SCOPE_ALL    3ull /* ABI 6: abstract unix sockets, signals */

#define RULE_PATH 1
#define RULE_PORT 2

/* Rights that make sense on something that is not a folder. */
#define FS_OF_FILE (FS_EXECUTE | (1ull << 1) | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

#define READ_RIGHTS  (FS_READ_FILE | FS_READ_DIR)
#define WRITE_RIGHTS ((FS_ABI1 | FS_REFER | FS_TRUNCATE) & ~FS_EXECUTE)

struct ruleset_attributes {
	uint64_t handled_fs;
	uint64_t handled_net;
	uint64_t scoped;
};

struct port_attributes {
	uint64_t allowed;
	uint64_t port;
};

struct path_attributes {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

struct ruleset {
	int fd;
	uint64_t handled_fs;
	char *error;
};

int kx_landlock_probe(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1u /* version */);

	return abi < 0 ? 0 : (int)abi;
}

static int create(struct ruleset *set, int abi)
{
	struct ruleset_attributes attributes = {.handled_fs = FS_ABI1};
	size_t size = sizeof(attributes);

	if (abi >= 2)
		attributes.handled_fs |= FS_REFER;
	if (abi >= 3)
		attributes.handled_fs |= FS_TRUNCATE;
	if (abi >= 4)
		attributes.handled_net = NET_BIND | NET_CONNECT;
	if (abi >= 5)
		attributes.handled_fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		attributes.scoped = SCOPE_ALL;
	if (abi < 4)
		size = sizeof(attributes.handled_fs);
	else if (abi < 6)
		size = offsetof(struct ruleset_attributes, scoped);
	set->handled_fs = attributes.handled_fs;
	set->fd = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0u);
	if (set->fd >= 0)
		return 0;
	kx_isolation_error(set->error, "Landlock: cannot create rules: %s", strerrordesc_np(errno));
	return -errno;
}

static int allow_fd(const struct ruleset *set, int fd, uint64_t rights)
{
	struct path_attributes rule = {.allowed = rights & set->handled_fs, .parent_fd = fd};
	struct stat status;

	if (fstat(fd, &status) != 0)
		return -errno;
	if (!S_ISDIR(status.st_mode))
		rule.allowed &= FS_OF_FILE;
	if (syscall(SYS_landlock_add_rule, set->fd, RULE_PATH, &rule, 0) != 0)
		return -errno;
	return 0;
}

static int allow_path(const struct ruleset *set, const char *path, uint64_t rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return -errno;
	rc = allow_fd(set, fd, rights);
	(void)close(fd);
	return rc;
}

/* A folder that this machine does not have needs no rule. */
static int allow_if_there(const struct ruleset *set, const char *path, uint64_t rights)
{
	int rc = allow_path(set, path, rights);

	return rc == -ENOENT || rc == -ENOTDIR || rc == -EACCES ? 0 : rc;
}

static int allow_declared(const struct ruleset *set, char *const *paths, size_t count,
			  uint64_t rights, const char *what)
{
	for (size_t i = 0; i < count; i++) {
		int rc = allow_path(set, paths[i], rights);

		if (rc != 0) {
			kx_isolation_error(set->error, "exception %s %s: %s", what, paths[i],
					   strerrordesc_np(-rc));
			return rc;
		}
	}
	return 0;
}

/* One entry of a run path; $ORIGIN is the folder of the program. */
static int allow_run_folder(const struct ruleset *set, const char *entry, const char *program)
{
	static const char *const origins[] = {"$ORIGIN", "${ORIGIN}"};
	char folder[PATH_MAX];
	char real[PATH_MAX];
	char *slash;

	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		size_t length = strlen(origins[i]);

		if (strncmp(entry, origins[i], length) != 0)
			continue;
		if (!realpath(program, real))
			return 0;
		slash = strrchr(real, '/');
		*slash = 0;
		if ((size_t)snprintf(folder, sizeof(folder), "%s%s", real, entry + length) >=
		    sizeof(folder))
			return -ENAMETOOLONG;
		return allow_if_there(set, folder, READ_RIGHTS);
	}
	/* A relative or empty entry means the working directory: not for an entity. */
	return entry[0] == '/' ? allow_if_there(set, entry, READ_RIGHTS) : 0;
}

static int allow_run_path(const struct ruleset *set, const char *run_path, const char *program)
{
	char *copy = strdup(run_path);
	char *rest = copy;
	char *entry;
	int rc = copy ? 0 : -ENOMEM;

	while (rc == 0 && (entry = strsep(&rest, ":")))
		rc = allow_run_folder(set, entry, program);
	free(copy);
	return rc;
}

static int allow_libraries(const struct ruleset *set, const struct kx_program *elf,
			   const char *program)
{
	static const char *const folders[] = {
		"/lib64",
		"/usr/lib64",
		"/usr/local/lib",
		"/usr/lib/x86_64-linux-gnu",
		"/usr/lib/aarch64-linux-gnu",
		"/etc/ld.so.cache",
	};
	char real[PATH_MAX];
	int rc = allow_path(set, elf->loader, FS_EXECUTE | FS_READ_FILE);

	if (rc != 0) {
		kx_isolation_error(set->error, "%s: its loader %s: %s", program, elf->loader,
				   strerrordesc_np(-rc));
		return rc;
	}
	if (realpath(elf->loader, real)) {
		*strrchr(real, '/') = 0;
		rc = allow_if_there(set, real[0] ? real : "/lib", READ_RIGHTS);
	}
	for (size_t i = 0; rc == 0 && i < sizeof(folders) / sizeof(folders[0]); i++)
		rc = allow_if_there(set, folders[i], READ_RIGHTS);
	if (rc == 0 && elf->run_path)
		rc = allow_run_path(set, elf->run_path, program);
	return rc;
}

/* What the C library of any program reads: devices without state, and locales. */
static int allow_common(const struct ruleset *set)
{
	static const char *const readable[] = {"/dev/zero", "/dev/random", "/dev/urandom",
					       "/usr/lib/locale"};
	int rc = allow_if_there(set, "/dev/null", FS_READ_FILE | (1ull << 1));

	for (size_t i = 0; rc == 0 && i < sizeof(readable) / sizeof(readable[0]); i++)
		rc = allow_if_there(set, readable[i], READ_RIGHTS);
	return rc;
}

static int allow_ports(const struct ruleset *set, const uint16_t *ports, size_t count,
		       uint64_t right)
{
	for (size_t i = 0; i < count; i++) {
		struct port_attributes rule = {.allowed = right, .port = ports[i]};

		if (syscall(SYS_landlock_add_rule, set->fd, RULE_PORT, &rule, 0) != 0) {
			kx_isolation_error(set->error, "exception tcp port %u: %s", ports[i],
					   strerrordesc_np(errno));
			return -errno;
		}
	}
	return 0;
}

static int allow_exceptions(const struct ruleset *set, const struct kx_isolation_profile *profile,
			    int abi)
{
	int rc = allow_declared(set, profile->read_paths, profile->read_count, READ_RIGHTS, "read");

	if (rc == 0)
		rc = allow_declared(set, profile->write_paths, profile->write_count, WRITE_RIGHTS,
				    "write");
	if (rc == 0)
		rc = allow_declared(set, profile->exec_paths, profile->exec_count,
				    FS_EXECUTE | READ_RIGHTS, "exec");
	if (rc == 0 && abi >= 4)
		rc = allow_ports(set, profile->connect_ports, profile->connect_count, NET_CONNECT);
	if (rc == 0 && abi >= 4)
		rc = allow_ports(set, profile->bind_ports, profile->bind_count, NET_BIND);
	return rc;
}

int kx_landlock_build(const struct kx_isolation_machine *machine,
		      const struct kx_isolation_profile *profile, const char *program, int exe_fd,
		      const struct kx_program *elf, char *error)
{
	struct ruleset set = {.fd = -1, .error = error};
	int rc = create(&set, machine->landlock_abi);

	if (rc != 0)
		return rc;
	kx_isolation_error(error, "%s", "");
	rc = allow_fd(&set, exe_fd, FS_EXECUTE | FS_READ_FILE);
	if (rc == 0 && elf->loader)
		rc = allow_libraries(&set, elf, program);
	if (rc == 0)
		rc = allow_common(&set);
	if (rc == 0)
		rc = allow_exceptions(&set, profile, machine->landlock_abi);
	if (rc == 0)
		return set.fd;
	if (error && !error[0])
		kx_isolation_error(error, "%s: Landlock rules: %s", program, strerrordesc_np(-rc));
	(void)close(set.fd);
	return rc;
}
