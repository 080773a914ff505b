/* SPDX-License-Identifier: Apache-2.0 */

/* rtl/: constants, small helpers, lists, atomics and the C functions under other names. */

#undef NDEBUG /* rtl_assert is under test */

#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <hal/page.h>
#include <rtl/align.h>
#include <rtl/assert.h>
#include <rtl/atomic.h>
#include <rtl/countof.h>
#include <rtl/cpuset.h>
#include <rtl/inttypes.h>
#include <rtl/list.h>
#include <rtl/minmax.h>
#include <rtl/random.h>
#include <rtl/stdbool.h>
#include <rtl/stdio.h>
#include <rtl/string.h>

_Static_assert(sizeof(rtl_uint64_t) == 8 && sizeof(rtl_int8_t) == 1, "widths");
_Static_assert(RTL_INT32_MIN == INT32_MIN && RTL_UINT64_MAX == UINT64_MAX, "limits");
_Static_assert(sizeof(rtl_bool) == 1, "rtl_bool is a byte");
_Static_assert(rtl_align_up(4097UL, PAGE_SIZE) == 8192 && rtl_align_up(0, 8) == 0, "align up");
_Static_assert(rtl_align_down(4097, 4096) == 4096 && rtl_is_aligned(16, 8), "align down");
_Static_assert(rtl_min(1, 2) == 1 && rtl_max(1, 2) == 2, "min, max");

static void page_size_is_the_machines(void **state)
{
	(void)state;
	assert_int_equal(sysconf(_SC_PAGESIZE), PAGE_SIZE);
}

static void strings_behave_as_in_c(void **state)
{
	char buf[16] = "abc";
	char list[] = "a,b;;c";
	char *save = NULL;
	char *end = NULL;

	(void)state;
	assert_int_equal(rtl_strlen(buf), 3);
	assert_int_equal(rtl_strnlen(buf, 2), 2);
	assert_string_equal(rtl_strcat(buf, "def"), "abcdef");
	assert_string_equal(rtl_strncat(buf, "ghi", 2), "abcdefgh");
	assert_ptr_equal(rtl_strchr(buf, 'c'), buf + 2);
	assert_null(rtl_strrchr(buf, 'x'));
	assert_ptr_equal(rtl_strstr(buf, "ef"), buf + 4);
	assert_int_equal(rtl_strspn(buf, "abc"), 3);
	assert_int_equal(rtl_strcspn(buf, "ed"), 3);
	assert_ptr_equal(rtl_strpbrk(buf, "hg"), buf + 6);
	assert_int_equal(rtl_strncmp(buf, "abcX", 3), 0);
	assert_true(rtl_strcmp("a", "b") < 0);
	assert_string_equal(rtl_strtok_r(list, ",;", &save), "a");
	assert_string_equal(rtl_strtok_r(RTL_NULL, ",;", &save), "b");
	assert_string_equal(rtl_strtok_r(RTL_NULL, ",;", &save), "c");
	assert_null(rtl_strtok_r(RTL_NULL, ",;", &save));
	assert_int_equal(rtl_strtoll("-42x", &end, 10), -42);
	assert_int_equal(*end, 'x');
	assert_int_equal(rtl_strtol("-0x10", &end, 0), -16);
	assert_int_equal(rtl_strtoul("77", &end, 8), 63);
	assert_int_equal(*end, '\0');
	assert_true(rtl_strtoull("0xffffffffffffffff", RTL_NULL, 0) == ULLONG_MAX);
}

static void memory_behaves_as_in_c(void **state)
{
	char a[8] = "1234567";
	char b[8];

	(void)state;
	assert_ptr_equal(rtl_memset(b, 0, sizeof(b)), b);
	assert_ptr_equal(rtl_memcpy(b, a, 4), b);
	assert_string_equal(b, "1234");
	assert_ptr_equal(rtl_memmove(a + 1, a, 6), a + 1);
	assert_string_equal(a, "1123456");
	assert_ptr_equal(rtl_memchr(a, '3', sizeof(a)), a + 3);
	assert_ptr_equal(rtl_memccpy(b, a, '2', sizeof(b)), b + 3);
	assert_int_equal(rtl_memcmp(a, b, 3), 0);
}

static void strncpy_fills_with_zeros(void **state)
{
	char buf[6] = {'x', 'x', 'x', 'x', 'x', 'x'};

	(void)state;
	(void)rtl_strncpy(buf, "ab", 5);
	assert_memory_equal(buf, "ab\0\0\0x", 6);
}

static void snprintf_returns_the_whole_length(void **state)
{
	char buf[8];

	(void)state;
	assert_int_equal(
		rtl_snprintf(buf, sizeof(buf), "%s-%" RTL_PRIu64, "abcd", (rtl_uint64_t)123456),
		11);
	assert_string_equal(buf, "abcd-12");
}

static int print_to(char *buf, rtl_size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = buf ? rtl_vsnprintf(buf, size, format, args) : rtl_vprintf(format, args);
	va_end(args);
	return n;
}

static void v_forms_take_their_arguments_as_a_list(void **state)
{
	char buf[8];

	(void)state;
	assert_int_equal(print_to(buf, sizeof(buf), "%d %s", 12, "bottles"), 10);
	assert_string_equal(buf, "12 bott");
	assert_int_equal(print_to(NULL, 0, "%s\n", "line"), 5);
}

static void printf_goes_to_standard_error_at_once(void **state)
{
	int pipes[2];
	int saved = dup(STDERR_FILENO);
	char buf[32] = "";
	ssize_t got;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(dup2(pipes[1], STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(rtl_printf("n = %d, no newline", 7), 17);
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	got = read(pipes[0], buf, sizeof(buf) - 1);
	assert_int_equal(got, 17);
	assert_string_equal(buf, "n = 7, no newline");
	(void)close(saved);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
}

static void a_failed_assertion_aborts(void **state)
{
	int status = 0;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		(void)close(STDERR_FILENO);
		rtl_assert(PAGE_SIZE == 1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void random_sequences_repeat_with_their_seed(void **state)
{
	int first[8];
	int changed = 0;

	(void)state;
	rtl_srand(42);
	for (size_t i = 0; i < rtl_countof(first); i++)
		first[i] = rtl_rand();
	rtl_srand(42);
	for (size_t i = 0; i < rtl_countof(first); i++) {
		assert_true(first[i] >= 0);
		assert_int_equal(rtl_rand(), first[i]);
		changed += i > 0 && first[i] != first[i - 1];
	}
	assert_int_equal(changed, 7);
}

struct item {
	int number;
	RtlListNode link;
};

static void list_keeps_order_and_forgets_what_is_removed(void **state)
{
	RtlListNode list = RTL_LIST_INITIALIZER(list);
	struct item items[3] = {{.number = 1}, {.number = 2}, {.number = 3}};
	RtlListNode *pos;
	RtlListNode *after;
	int digits = 0;

	(void)state;
	assert_true(rtl_list_empty(&list));
	rtl_list_add_tail(&list, &items[1].link);
	rtl_list_add_tail(&list, &items[2].link);
	rtl_list_add_head(&list, &items[0].link);
	rtl_list_for_each(pos, &list) digits =
		digits * 10 + rtl_list_entry(pos, struct item, link)->number;
	assert_int_equal(digits, 123);
	rtl_list_for_each_safe(pos, after, &list) rtl_list_remove(pos);
	assert_true(rtl_list_empty(&list));
	rtl_list_remove(&items[0].link); /* twice does no harm */
}

static void cpuset_ignores_what_cannot_be_a_processor(void **state)
{
	RtlCpuSet set;

	(void)state;
	rtl_cpuset_zero(&set);
	rtl_cpuset_add(&set, 65);
	rtl_cpuset_add(&set, RTL_CPUSET_MAX);
	assert_true(rtl_cpuset_has(&set, 65));
	assert_false(rtl_cpuset_has(&set, 64));
	assert_false(rtl_cpuset_has(&set, RTL_CPUSET_MAX));
}

#define ADDS 20000

static void *add_many(void *context)
{
	for (int i = 0; i < ADDS; i++)
		(void)rtl_atomic_fetch_add(context, 1);
	return NULL;
}

static void atomic_additions_of_two_threads_all_count(void **state)
{
	RtlAtomicInt counter = 0;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, add_many, &counter), 0);
	(void)add_many(&counter);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(rtl_atomic_load(&counter), 2 * ADDS);
}

static void compare_exchange_reports_what_it_found(void **state)
{
	RtlAtomicInt value = 5;
	int expected = 4;

	(void)state;
	assert_false(rtl_atomic_compare_exchange(&value, &expected, 6));
	assert_int_equal(expected, 5);
	assert_true(rtl_atomic_compare_exchange(&value, &expected, 6));
	assert_int_equal(rtl_atomic_exchange(&value, 1), 6);
	assert_int_equal(rtl_atomic_fetch_or(&value, 6), 1);
	assert_int_equal(rtl_atomic_fetch_and(&value, 3), 7);
	rtl_atomic_store(&value, 9);
	assert_int_equal(rtl_atomic_load(&value), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page_size_is_the_machines),
		cmocka_unit_test(strings_behave_as_in_c),
		cmocka_unit_test(memory_behaves_as_in_c),
		cmocka_unit_test(strncpy_fills_with_zeros),
		cmocka_unit_test(snprintf_returns_the_whole_length),
		cmocka_unit_test(v_forms_take_their_arguments_as_a_list),
		cmocka_unit_test(printf_goes_to_standard_error_at_once),
		cmocka_unit_test(a_failed_assertion_aborts),
		cmocka_unit_test(random_sequences_repeat_with_their_seed),
		cmocka_unit_test(list_keeps_order_and_forgets_what_is_removed),
		cmocka_unit_test(cpuset_ignores_what_cannot_be_a_processor),
		cmocka_unit_test(atomic_additions_of_two_threads_all_count),
		cmocka_unit_test(compare_exchange_reports_what_it_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
