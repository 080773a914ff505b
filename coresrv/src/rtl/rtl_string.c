/* SPDX-License-Identifier: Apache-2.0 */

/* rtl/string.h over the C library: same arguments, same results. */

#include <stdlib.h>
#include <string.h>

#include <rtl/string.h>

void *rtl_memcpy(void *dst, const void *src, rtl_size_t size)
{
	return memcpy(dst, src, size);
}

void *rtl_memmove(void *dst, const void *src, rtl_size_t size)
{
	return memmove(dst, src, size);
}

void *rtl_memset(void *dst, int byte, rtl_size_t size)
{
	return memset(dst, byte, size);
}

int rtl_memcmp(const void *a, const void *b, rtl_size_t size)
{
	return memcmp(a, b, size);
}

void *rtl_memchr(const void *mem, int byte, rtl_size_t size)
{
	return memchr(mem, byte, size);
}

void *rtl_memccpy(void *dst, const void *src, int byte, rtl_size_t size)
{
	return memccpy(dst, src, byte, size);
}

rtl_size_t rtl_strlen(const char *str)
{
	return strlen(str);
}

rtl_size_t rtl_strnlen(const char *str, rtl_size_t max)
{
	return strnlen(str, max);
}

int rtl_strcmp(const char *a, const char *b)
{
	return strcmp(a, b);
}

int rtl_strncmp(const char *a, const char *b, rtl_size_t max)
{
	return strncmp(a, b, max);
}

char *rtl_strncpy(char *dst, const char *src, rtl_size_t size)
{
	return strncpy(dst, src, size);
}

char *rtl_strcat(char *dst, const char *src)
{
	return strcat(dst, src);
}

char *rtl_strncat(char *dst, const char *src, rtl_size_t max)
{
	return strncat(dst, src, max);
}

char *rtl_strchr(const char *str, int c)
{
	return strchr(str, c);
}

char *rtl_strrchr(const char *str, int c)
{
	return strrchr(str, c);
}

char *rtl_strstr(const char *str, const char *part)
{
	return strstr(str, part);
}

rtl_size_t rtl_strspn(const char *str, const char *accept)
{
	return strspn(str, accept);
}

rtl_size_t rtl_strcspn(const char *str, const char *reject)
{
	return strcspn(str, reject);
}

char *rtl_strpbrk(const char *str, const char *accept)
{
	return strpbrk(str, accept);
}

char *rtl_strtok_r(char *str, const char *delims, char **save)
{
	return strtok_r(str, delims, save);
}

long rtl_strtol(const char *str, char **end, int base)
{
	return strtol(str, end, base);
}

unsigned long rtl_strtoul(const char *str, char **end, int base)
{
	return strtoul(str, end, base);
}

long long rtl_strtoll(const char *str, char **end, int base)
{
	return strtoll(str, end, base);
}

unsigned long long rtl_strtoull(const char *str, char **end, int base)
{
	return strtoull(str, end, base);
}
