/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The escape battery (I-01, M-12). Runs inside a profile against a victim
 * (victim.h) and prints one line a probe: "NAME open" or "NAME blocked ERRNO".
 *
 *   battery         all probes that let the program live
 *   battery exec    executes another program, the last way that can be tried
 *   battery i386    a system call by the 32-bit door; may end the process
 *   battery x32     a system call by an x32 number; may end the process
 *
 * The probes really pin, renice and signal their target, so it runs only with
 * the facts of a victim that was started to be attacked.
 */

#include "battery.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct target target;

int outcome(long result)
{
	return result < 0 ? errno : 0;
}

int outcome_fd(long fd)
{
	if (fd < 0)
		return errno;
	(void)close((int)fd);
	return 0;
}

static unsigned long fact(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : 0;
}

static void show(const char *name, int error)
{
	if (error == 0)
		printf("%s open\n", name);
	else
		printf("%s blocked %s\n", name, strerrorname_np(error));
	(void)fflush(stdout);
}

static void run(const struct probe *probe)
{
	for (; probe->name; probe++)
		show(probe->name, probe->attempt());
}

/* On success the new program prints the line. */
static int execute(void)
{
	char *echo[] = {(char *)"echo", (char *)"exec_other open", NULL};
	char *none[] = {NULL};
	int fd = open("/bin/echo", O_PATH | O_CLOEXEC);

	(void)execve("/bin/echo", echo, none);
	show("exec_other", errno);
	echo[1] = (char *)"exec_by_descriptor open";
	(void)syscall(SYS_execveat, fd, "", echo, none, AT_EMPTY_PATH, 0ul);
	show("exec_by_descriptor", errno);
	return 0;
}

static int i386(void)
{
#if defined(__x86_64__)
	long result;

	/* 20 is getpid there. */
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
	show("i386_call", result > 0 ? 0 : ENOSYS);
#else
	show("i386_call", ENOSYS);
#endif
	return 0;
}

static int x32(void)
{
	show("x32_call", outcome(syscall(0x40000000L + SYS_getpid)));
	return 0;
}

int main(int argc, char **argv)
{
	target.pid = (pid_t)fact("V_PID");
	target.address = fact("V_ADDRESS");
	target.memfd = (int)fact("V_MEMFD");
	target.tcp_port = (unsigned int)fact("V_TCP");
	target.udp_port = (unsigned int)fact("V_UDP");
	if (target.pid <= 1 || target.address == 0 || target.tcp_port == 0) {
		(void)fputs("battery: no victim given; test_isolation_battery starts one\n",
			    stderr);
		return 2;
	}
	if (argc > 1 && strcmp(argv[1], "exec") == 0)
		return execute();
	if (argc > 1 && strcmp(argv[1], "i386") == 0)
		return i386();
	if (argc > 1 && strcmp(argv[1], "x32") == 0)
		return x32();
	run(process_probes);
	run(object_probes);
	run(call_probes);
	return 0;
}
