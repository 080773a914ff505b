/* SPDX-License-Identifier: Apache-2.0 */

/* Clocks, boot variables, random bytes and trace lines. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <coresrv/hal/hal_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/io/io_dma.h>
#include <coresrv/io/io_irq.h>
#include <coresrv/thread/thread_api.h>
#include <coresrv/time/time_api.h>
#include <dcm/groups/pub.h>
#include <dcm/groups/subscr.h>
#include <kos/random/random_api.h>
#include <kos/trace.h>

static void up_time_grows_and_both_forms_agree(void **state)
{
	rtl_size_t before = KnGetMSecSinceStart();
	RtlTimeSpec now;
	rtl_size_t msec;

	(void)state;
	assert_int_equal(KnGetUpTime(&now), rcOk);
	msec = (rtl_size_t)(now.sec * RTL_MSEC_PER_SEC + now.nsec / RTL_NSEC_PER_MSEC);
	assert_true(before <= msec);
	assert_true(msec <= KnGetMSecSinceStart());
	/* main() said that the solution started 5 s before. */
	assert_true(before >= 5000 && before < 5000 + 60000);
}

static void system_time_is_linuxs_until_set(void **state)
{
	RtlTimeSpec now;
	RtlTimeSpec past = {1000000, 500};
	RtlTimeSpec bad = {0, RTL_NSEC_PER_SEC};
	time_t linux_now = time(NULL);

	(void)state;
	assert_int_equal(KnGetSystemTime(&now), rcOk);
	assert_in_range(now.sec, linux_now - 1, linux_now + 60);
	assert_int_equal(KnSetSystemTime(&past), rcOk);
	assert_int_equal(KnGetSystemTime(&now), rcOk);
	assert_in_range(now.sec, 1000000, 1000060);
	assert_true(time(NULL) >= linux_now); /* the machine's clock has not moved */
	assert_int_equal(KnSetSystemTime(&bad), rcInvalidArgument);
	assert_int_equal(KnGetSystemTime(RTL_NULL), rcInvalidArgument);
}

static void rtc_time_counts_like_struct_tm(void **state)
{
	RtlTimeSpec leap_day = {951782400, 250 * RTL_NSEC_PER_MSEC}; /* 2000-02-29 00:00:00 */
	RtlRtcTime rt;

	(void)state;
	assert_int_equal(KnSetSystemTime(&leap_day), rcOk);
	assert_int_equal(KnGetRtcTime(&rt), rcOk);
	assert_int_equal(rt.year + RTL_INITIAL_YEAR, 2000);
	assert_int_equal(rt.month, 1);
	assert_int_equal(rt.mday, 29);
	assert_int_equal(rt.wday, 2);
	assert_int_equal(rt.hour, 0);
	assert_in_range(rt.msec, 0, 999);
	assert_int_equal(KnGetRtcTime(RTL_NULL), rcFail);
}

static void clocks_have_a_resolution(void **state)
{
	RtlTimeSpec res = {-1, -1};

	(void)state;
	assert_int_equal(KnGetSystemTimeRes(&res), rcOk);
	assert_true(res.sec == 0 && res.nsec > 0);
	assert_int_equal(KnGetUpTimeRes(&res), rcOk);
	assert_true(res.sec == 0 && res.nsec > 0);
}

static void board_is_a_raspberry_unless_set(void **state)
{
	char value[32] = "";

	(void)state;
	(void)unsetenv("KOSIX_HAL_BOARD");
	assert_int_equal(KnHalGetEnv("board", value, sizeof(value)), rcOk);
	assert_string_equal(value, "RPI4_BCM2711");
	assert_int_equal(setenv("KOSIX_HAL_BOARD", "RADXA", 1), 0);
	assert_int_equal(KnHalGetEnv("board", value, sizeof(value)), rcOk);
	assert_string_equal(value, "RADXA");
}

static void boot_variables_come_from_the_environment(void **state)
{
	char value[4] = "abc";

	(void)state;
	assert_int_equal(KnHalGetEnv("no.such", value, sizeof(value)), rcResourceNotFound);
	assert_int_equal(setenv("KOSIX_HAL_NO_SUCH", "1234", 1), 0);
	assert_int_equal(KnHalGetEnv("no.such", value, sizeof(value)), rcBufferTooSmall);
	assert_string_equal(value, "abc");
	assert_int_equal(setenv("KOSIX_HAL_NO_SUCH", "123", 1), 0);
	assert_int_equal(KnHalGetEnv("no.such", value, sizeof(value)), rcOk);
	assert_string_equal(value, "123");
	assert_int_equal(KnHalGetEnv("", value, sizeof(value)), rcInvalidArgument);
	assert_int_equal(KnHalGetEnv("board", value, 0), rcInvalidArgument);
}

static void system_time_can_be_moved(void **state)
{
	RtlTimeSpec at = {1000, 900000000};
	RtlTimeSpec by = {1, 200000000};
	RtlTimeSpec back = {-2, -200000000};
	RtlTimeSpec now;
	RtlTimeSpec prev = {7, 7};

	(void)state;
	assert_int_equal(KnSetSystemTime(&at), rcOk);
	assert_int_equal(KnAdjSystemTime(&by, &prev), rcOk);
	assert_true(prev.sec == 0 && prev.nsec == 0);
	assert_int_equal(KnGetSystemTime(&now), rcOk);
	assert_in_range(now.sec, 1002, 1062);
	assert_int_equal(KnSetSystemTime(&at), rcOk);
	assert_int_equal(KnAdjSystemTime(&back, RTL_NULL), rcOk);
	assert_int_equal(KnGetSystemTime(&now), rcOk);
	assert_in_range(now.sec, 998, 1058);
	assert_int_equal(KnAdjSystemTime(RTL_NULL, RTL_NULL), rcInvalidArgument);
}

static void the_machine_has_processors_and_entropy(void **state)
{
	rtl_uint32_t count = 0;
	char zeros[32] = {0};
	char bytes[32] = {0};

	(void)state;
	assert_int_equal(KnHalGetCpuCount(&count), rcOk);
	assert_true(count >= 1);
	assert_int_equal(KnHalGetCpuCount(RTL_NULL), rcInvalidArgument);
	assert_int_equal(KnHalGetEntropy(bytes, sizeof(bytes)), rcOk);
	assert_memory_not_equal(bytes, zeros, sizeof(bytes));
	assert_int_equal(KnHalDebugWrite(""), rcOk);
	assert_int_equal(KnHalDebugWrite(RTL_NULL), rcInvalidArgument);
	assert_int_equal(KnHalFlushCache(bytes, sizeof(bytes)), rcOk);
}

static void what_no_program_can_have_is_unimplemented(void **state)
{
	Handle handle = INVALID_HANDLE;
	rtl_uint64_t value;
	void *at = RTL_NULL;
	const Retcode answers[] = {
		KnRegisterPorts(0x60, 4, &handle),
		KnIoPermitPort(1, &handle),
		KnRegisterPhyMem(0x1000, 4096, &handle),
		KnIoMapMem(1, VMM_FLAG_READ, 0, &at, &handle),
		KnIoClose(1),
		KnRegisterIrq(5, &handle),
		KnIoAttachIrq(1, 0, &handle),
		KnIoEnableIrq(1),
		KnIoDisableIrq(1),
		KnIoDetachIrq(1),
		KnIoDmaCreate(0, 4096, 0, &handle),
		KnIoDmaMap(1, 0, 4096, RTL_NULL, VMM_FLAG_READ, &at, &handle),
		KnIoDmaBegin(1, &handle),
		KnHalGetPrivReg(0, 0, &value),
		KnHalResetSystem(),
		KnHandleSecurityConnect(1, &handle),
		KnHandleSecurityDisconnect(1),
		KnThreadGetLastException(RTL_NULL),
		KnThreadSetExceptionHandler(RTL_NULL),
		KnThreadDetachIrq(),
		DcmInit(&handle),
		DcmCloseHandle(1),
		DcmPublishEndpoint(1, "type", "server", "endpoint", &handle),
		DcmListen(1, 0, &handle),
		DcmAccept(1, 2),
		DcmReadPubQueue(1, "type", 0, &handle),
		DcmPublishGroupEndpoints(1, "group", &handle),
		DcmListenGroupPub(1, 0, &handle),
		DcmSubscribeGroup(1, "group", &handle),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		assert_int_equal(answers[i], rcUnimplemented);
	assert_int_equal(handle, INVALID_HANDLE);
	assert_null(at);
}

static void random_bytes_differ(void **state)
{
	unsigned char a[64] = {0};
	unsigned char b[64] = {0};
	KosRandomQuality quality = KosRandomQualityLow;

	(void)state;
	assert_int_equal(KosRandomGenerate(sizeof(a), a), rcOk);
	assert_int_equal(KosRandomGenerateEx(sizeof(b), b, &quality), rcOk);
	assert_int_equal(quality, KosRandomQualityHigh);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(KosRandomGenerate(0, RTL_NULL), rcOk);
	assert_int_equal(KosRandomGenerate(1, RTL_NULL), rcInvalidArgument);
	assert_int_equal(KosRandomInitSeed(sizeof(a), a), rcOk);
	assert_int_equal(KosRandomInitSeed(0, a), rcInvalidArgument);
}

static Retcode entropy(void *context, rtl_size_t size, void *output)
{
	memset(output, 1, size);
	return *(Retcode *)context;
}

static void a_source_that_fails_is_not_registered(void **state)
{
	Retcode answer = rcNotReady;
	void *handle = RTL_NULL;

	(void)state;
	assert_int_equal(KosRandomRegisterSrc(entropy, &answer, 16, &handle), rcNotReady);
	assert_null(handle);
	answer = rcOk;
	assert_int_equal(KosRandomRegisterSrc(entropy, &answer, 16, &handle), rcOk);
	assert_int_equal(KosRandomUnregisterSrc(handle), rcOk);
	assert_int_equal(KosRandomUnregisterSrc(handle), rcResourceNotFound);
}

static void trace_lines_name_level_and_tag(void **state)
{
	int pipes[2];
	int saved = dup(STDERR_FILENO);
	char text[128] = "";

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(dup2(pipes[1], STDERR_FILENO), STDERR_FILENO);
	INFO("tag", "plain");
	WARN("tag", "also %s", "plain");
	ERROR("t", "e");
	DEBUG("t", "d");
	ERR("tag", "n = %d", 7);
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	assert_true(read(pipes[0], text, sizeof(text) - 1) > 0);
	assert_string_equal(text, "[INFO] tag: plain\n[WARN] tag: also plain\n[ERROR] t: e\n"
				  "[DEBUG] t: d\n[ERR] tag: n = 7\n");
	(void)close(saved);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up_time_grows_and_both_forms_agree),
		cmocka_unit_test(system_time_is_linuxs_until_set),
		cmocka_unit_test(rtc_time_counts_like_struct_tm),
		cmocka_unit_test(clocks_have_a_resolution),
		cmocka_unit_test(board_is_a_raspberry_unless_set),
		cmocka_unit_test(boot_variables_come_from_the_environment),
		cmocka_unit_test(system_time_can_be_moved),
		cmocka_unit_test(the_machine_has_processors_and_entropy),
		cmocka_unit_test(what_no_program_can_have_is_unimplemented),
		cmocka_unit_test(random_bytes_differ),
		cmocka_unit_test(a_source_that_fails_is_not_registered),
		cmocka_unit_test(trace_lines_name_level_and_tag),
	};
	struct timespec now;
	char text[32];

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)snprintf(text, sizeof(text), "%lld",
		       ((long long)now.tv_sec - 5) * RTL_NSEC_PER_SEC + now.tv_nsec);
	(void)setenv("KOSIX_START_NSEC", text, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
