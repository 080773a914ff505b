/* SPDX-License-Identifier: Apache-2.0 */

/* kos_net.h, with what a client program expects it to bring in. */

#include <kos_net.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <linux/if_packet.h>

_Static_assert(sizeof("if " DEFAULT_INTERFACE) > 3, "a literal");
_Static_assert(offsetof(struct sockaddr_dl, sdl_alen) == offsetof(struct sockaddr_ll, sll_halen) &&
		       offsetof(struct sockaddr_dl, sdl_data) ==
			       offsetof(struct sockaddr_ll, sll_addr) &&
		       offsetof(struct sockaddr_dl, sdl_type) ==
			       offsetof(struct sockaddr_ll, sll_hatype),
	       "BSD's names fit Linux's layout");

static void the_network_is_there(void **state)
{
	(void)state;
	assert_true(wait_for_network());
	assert_true(wait_for_iface(DEFAULT_INTERFACE, IWF_IP4, DEFAULT_TIMEOUT));
	assert_true(wait_for_iface(WLAN_INTERFACE, IWF_EXISTS, 0));
}

static void other_interfaces_must_be_linuxs(void **state)
{
	struct ifaddrs *list = NULL;

	(void)state;
	assert_false(wait_for_iface("none99", IWF_EXISTS, 0));
	if (!get_ifaces_addrs(&list) || !list)
		exit(77); /* no interfaces here, not even loopback */
	assert_true(wait_for_iface(list->ifa_name, IWF_EXISTS, 0));
	freeifaddrs(list);
}

static void impossible_configurations_are_refused(void **state)
{
	(void)state;
	assert_true(configure_net_iface(DEFAULT_INTERFACE, DEFAULT_ADDR, DEFAULT_MASK,
					DEFAULT_GATEWAY, DEFAULT_MTU));
	assert_true(configure_net_iface("en1", "192.168.1.2", DEFAULT_MASK, NULL, 68));
	assert_false(configure_net_iface("en1", "192.168.1", DEFAULT_MASK, NULL, DEFAULT_MTU));
	assert_false(configure_net_iface("en1", DEFAULT_ADDR, "255", NULL, DEFAULT_MTU));
	assert_false(configure_net_iface("en1", DEFAULT_ADDR, DEFAULT_MASK, "x", DEFAULT_MTU));
	assert_false(configure_net_iface("en1", DEFAULT_ADDR, DEFAULT_MASK, NULL, 67));
	assert_false(configure_net_iface("", DEFAULT_ADDR, DEFAULT_MASK, NULL, DEFAULT_MTU));
}

static void the_list_has_a_head_and_a_row_per_address(void **state)
{
	struct ifaddrs *list = NULL;
	char line[256] = "";
	FILE *file = tmpfile();
	int saved = dup(STDOUT_FILENO);
	int rows = 0;

	(void)state;
	assert_int_equal(fflush(stdout), 0);
	assert_int_equal(dup2(fileno(file), STDOUT_FILENO), STDOUT_FILENO);
	assert_true(list_network_ifaces());
	assert_int_equal(fflush(stdout), 0);
	assert_int_equal(dup2(saved, STDOUT_FILENO), STDOUT_FILENO);
	(void)close(saved);
	rewind(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, "Name     Type Running Address/mask\n");
	while (fgets(line, sizeof(line), file))
		rows++;
	(void)fclose(file);
	assert_true(get_ifaces_addrs(&list));
	for (struct ifaddrs *i = list; i; i = i->ifa_next)
		rows -= i->ifa_addr != NULL;
	freeifaddrs(list);
	assert_int_equal(rows, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_network_is_there),
		cmocka_unit_test(other_interfaces_must_be_linuxs),
		cmocka_unit_test(impossible_configurations_are_refused),
		cmocka_unit_test(the_list_has_a_head_and_a_row_per_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
