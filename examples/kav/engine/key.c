/* SPDX-License-Identifier: Apache-2.0 */

/* Reading a key; see kx_kav_key.h for its form. */

#include "kx_kav_key.h"

#include <stdio.h>
#include <string.h>

#define KEY_BYTES_MAX 4096
#define DAY_SECONDS   86400

/* Days since 1970-01-01 of a date in the Gregorian calendar, without the time zone of mktime(). */
static long long days_of(int year, int month, int day)
{
	static const short before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	long long y = year - (month <= 2);

	return 365LL * (year - 1970) + (y / 4 - y / 100 + y / 400) - 477 + before[month - 1] + day -
	       1;
}

static bool read_date(const char *text, time_t *expires)
{
	int year;
	int month;
	int day;
	int used = 0;

	if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3)
		return false;
	if (text[used + (int)strspn(text + used, " \t\r")] != '\0')
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	*expires = (time_t)((days_of(year, month, day) + 1) * DAY_SECONDS);
	return true;
}

/* The value of "NAME: value" if @line has that name. */
static const char *value_of(const char *line, const char *name)
{
	size_t len = strlen(name);

	line += strspn(line, " \t");
	if (strncmp(line, name, len) != 0 || line[len] != ':')
		return NULL;
	return line + len + 1 + strspn(line + len + 1, " \t");
}

bool kx_kav_key_read(const char *text, size_t len, time_t *expires, const char **why)
{
	char copy[KEY_BYTES_MAX];
	bool product = false;
	bool date = false;
	char *rest = NULL;

	*why = "larger than a key is (4096 bytes)";
	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *value;

		line[strcspn(line, "#")] = '\0';
		value = value_of(line, "product");
		if (value)
			product =
				strncmp(value, KX_KAV_KEY_PRODUCT, strlen(KX_KAV_KEY_PRODUCT)) == 0;
		value = value_of(line, "expires");
		if (value)
			date = read_date(value, expires);
	}
	*why = !product ? "no line \"product: " KX_KAV_KEY_PRODUCT "\""
			: "no line \"expires: YYYY-MM-DD\"";
	return product && date;
}
