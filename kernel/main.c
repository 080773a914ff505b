/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix-kernel: the kernel process of one solution. This file only puts the
 * parts together, in the order in which they need each other; the thread that
 * runs main becomes the control thread.
 */

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <urcu/urcu-memb.h>

#include "audit_log.h"
#include "balance.h"
#include "board.h"
#include "command.h"
#include "control.h"
#include "control_time.h"
#include "exception.h"
#include "executable.h"
#include "files.h"
#include "footprint.h"
#include "hooks.h"
#include "ipc/wait.h"
#include "ipc_thread.h"
#include "log.h"
#include "machine.h"
#include "module.h"
#include "module_watch.h"
#include "options.h"
#include "ps.h"
#include "record.h"
#include "registry.h"
#include "report.h"
#include "solution.h"
#include "stranger.h"
#include "tool.h"

#define EXIT_NOT_WRITTEN 1

static struct kx_source signal_source = {.fd = -1};

static void signal_ready(struct kx_source *source, uint32_t events)
{
	struct signalfd_siginfo info;

	(void)events;
	if (read(source->fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		kx_solution_end();
}

/* Before any thread starts, so that all of them leave these signals to the control thread. */
static int init_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* memory files count too (ulimit -f): an error, no death */
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	return kx_source_add(&signal_source, fd, EPOLLIN, signal_ready);
}

/* Two descriptors for each entity and more while it starts: as many as we may have. */
static void raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		kx_log("cannot raise the limit of open files: %m");
}

/* No other process of this user may read our memory. A leak checker must. */
static void harden(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int not_started(const char *text)
{
	kx_report_failed(text);
	return KX_EXIT_NOT_STARTED;
}

static void log_diagnostics(const struct kx_diagnostics *diagnostics)
{
	size_t index;

	for (index = 0; index < diagnostics->count; index++)
		kx_log("%s", diagnostics->texts[index]);
}

/* Reads image and init file; every error and warning is logged. */
static int read_inputs(const struct kx_options *options, struct kx_image *image,
		       struct kx_init *init)
{
	struct kx_diagnostics diagnostics = {0};
	int result = kx_image_read(options->image, image, &diagnostics);

	if (!result && image->init)
		result = kx_init_read(image->init, init, &diagnostics);
	log_diagnostics(&diagnostics);
	kx_diagnostics_clear(&diagnostics);
	return result;
}

/*
 * Takes the solution's name. Two runs of one image whose names nobody chose are told
 * apart by a number; a name asked for is had or refused.
 */
static int take_name(const struct kx_options *options, struct kx_image *image)
{
	int error = kx_command_init(options->name ? options->name : image->name);
	char *numbered;

	for (int number = 2; error == -EADDRINUSE && !options->name && number < 1000; number++) {
		if (asprintf(&numbered, "%s-%d", image->name, number) < 0)
			return -ENOMEM;
		error = kx_command_init(numbered);
		if (error) {
			free(numbered);
		} else {
			free(image->name);
			image->name = numbered;
		}
	}
	return error;
}

static int listen_for_commands(const struct kx_options *options, struct kx_image *image)
{
	int error = take_name(options, image);
	const char *name = options->name ? options->name : image->name;
	char text[256];

	if (!error)
		return 0;
	if (error == -EADDRINUSE)
		(void)snprintf(
			text, sizeof(text),
			"a solution named \"%s\" is running already: end it, or give this one "
			"another --name",
			name);
	else
		(void)snprintf(text, sizeof(text), "cannot listen as \"%s\": %s", name,
			       strerror(-error));
	return not_started(text);
}

static int load_policy(const struct kx_options *options, const struct kx_image *image)
{
	const char *policy = options->policy ? options->policy : image->policy;
	char error[KX_MODULE_ERROR_MAX];

	if (!kx_module_load(policy, error))
		return not_started(error);
	if (options->audit_level >= 0 && !kx_module_set_audit_level((uint32_t)options->audit_level))
		return not_started("--audit-level: this policy has no audit levels");
	kx_ps_init(options->name ? options->name : image->name, image->version, kx_module_name());
	return 0;
}

/* The files that decisions are written to. */
static int open_records(const struct kx_options *options)
{
	char text[PATH_MAX + 128];
	const char *path = options->audit;
	int error = path ? kx_audit_file_open(path) : 0;

	if (!error && options->record) {
		path = options->record;
		error = kx_record_open(path);
	}
	if (!error)
		return 0;
	if (error == -EEXIST) /* no file of ours; that has been said */
		return KX_EXIT_NOT_STARTED;
	(void)snprintf(text, sizeof(text), "cannot write %s: %s", path, strerror(-error));
	return not_started(text);
}

static int close_records(void)
{
	kx_audit_file_close();
	return kx_record_close();
}

static int run(const char *name, const struct kx_image *image, const struct kx_init *init)
{
	char text[PATH_MAX + 256];
	char *rom;
	int error;

	if (asprintf(&rom, "%s/rom", image->folder) < 0)
		return not_started("out of memory");
	kx_files_init(rom);
	free(rom);
	if (kx_board_load(getenv("KOSIX_BOARD"), text, sizeof(text)) < 0)
		return not_started(text);
	kx_ipc_install_hooks();
	error = kx_ipc_start();
	if (error) {
		(void)snprintf(text, sizeof(text),
			       "cannot start the IPC thread: %s; the limits of memory, threads or "
			       "descriptors are too low (ulimit -v, -u, -n)",
			       strerror(error < 0 ? -error : error));
		return not_started(text);
	}
	kx_solution_start(name, image, init);
	kx_control_run();
	kx_solution_clear();
	kx_files_fini();
	kx_board_clear();
	kx_ipc_stop();
	error = close_records();
	kx_report_audit();
	kx_audit_log_clear();
	if (kx_solution_failed())
		return KX_EXIT_NOT_STARTED;
	return error ? EXIT_NOT_WRITTEN : 0;
}

static int prepare_and_run(const struct kx_options *options)
{
	struct kx_image image = {0};
	struct kx_init init = {0};
	char text[KX_ISOLATION_ERROR_MAX];
	static char programs[PATH_MAX];
	struct kx_footprint before;
	int status;

	kx_log_open();
	kx_footprint_take(&before);

	if (kx_machine_check(text, sizeof(text)) < 0)
		return not_started(text);
	if (*text)
		kx_log("%s", text);
	if (read_inputs(options, &image, &init) < 0) {
		status = not_started("the solution cannot be started; see the errors above");
		goto undo_inputs;
	}
	if (kx_stranger_check(&init, image.programs, text, sizeof(text)) < 0) {
		status = not_started(text);
		goto undo_inputs;
	}
	status = listen_for_commands(options, &image);
	if (status)
		goto undo_inputs;
	/* Entities and tools run elsewhere: a relative path would mean nothing to them. */
	if (realpath(image.programs, programs))
		kx_settings.program_dir = programs;
	else
		kx_settings.program_dir = image.programs;
	if (kx_executable_init(options->isolation, text, sizeof(text)) < 0) {
		status = not_started(text);
		goto undo_executables;
	}
	if (*text)
		kx_log("%s", text);
	kx_module_watch_me();
	status = load_policy(options, &image);
	if (!status)
		status = open_records(options);
	if (!status)
		status = run(options->name ? options->name : image.name, &image, &init);
	(void)close_records(); /* of a start that failed */
	kx_module_watch_me();  /* again: the IPC thread has ended */
	kx_module_unload();
	kx_module_watch_end();
undo_executables:
	kx_executable_fini();
	kx_tool_fini();
	kx_exception_fini();
	kx_command_fini();
undo_inputs:
	kx_init_clear(&init);
	kx_image_clear(&image);
	kx_footprint_compare(&before);
	kx_balance_check();
	return status;
}

static void set_settings(const struct kx_options *options)
{
	kx_settings.message_max = options->message_max;
	/* What is not relayed is not seen, so not recorded. */
	kx_settings.mediate_all = options->mediate_all || options->record;
	kx_settings.spin_off = options->spin_off;
	kx_settings.crowded = sysconf(_SC_NPROCESSORS_ONLN) < 3;
	kx_settings.pause_ps = kx_wait_measure_pause();
	kx_settings.start_ns = kx_now_ns();
}

static int start_up(const struct kx_options *options)
{
	int error = kx_control_init();

	if (!error)
		error = kx_calls_init();
	if (!error)
		error = init_signals();
	if (!error)
		error = kx_report_init(options->report_fd, kx_solution_end);
	if (error)
		kx_log("cannot start: %s", strerror(-error));
	return error;
}

/* Objects that wait for a grace period are freed, so that a leak checker sees none. */
static void settle(void)
{
#if defined(__SANITIZE_ADDRESS__)
	kx_ipc_settle();
#endif
}

int main(int argc, char **argv)
{
	struct kx_options options;
	char error[256];
	int status = KX_EXIT_NOT_STARTED;

	if (kx_options_read(argc, argv, &options, error, sizeof(error)) < 0) {
		kx_log("%s", error);
		return KX_EXIT_NOT_STARTED;
	}
	if (options.help)
		return 0;
	harden();
	raise_limits();
	set_settings(&options);
	urcu_memb_register_thread();
	if (start_up(&options) == 0)
		status = prepare_and_run(&options);
	kx_report_fini();
	kx_calls_fini();
	kx_control_fini();
	settle();
	kx_registry_clear();
	urcu_memb_unregister_thread();
	return status;
}
