/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_STRING_H
#define RTL_STRING_H

/*
 * The string functions of C under KasperskyOS's names: the same arguments,
 * results and undefined cases as the C function without the prefix. None
 * blocks; all are thread-safe on separate data. There is no rtl_strcpy.
 */

#include <rtl/compiler.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

__RTL_BEGIN_DECLS

void *rtl_memcpy(void *dst, const void *src, rtl_size_t size);
void *rtl_memmove(void *dst, const void *src, rtl_size_t size);
void *rtl_memset(void *dst, int byte, rtl_size_t size);
int rtl_memcmp(const void *a, const void *b, rtl_size_t size);
void *rtl_memchr(const void *mem, int byte, rtl_size_t size);
void *rtl_memccpy(void *dst, const void *src, int byte, rtl_size_t size);

rtl_size_t rtl_strlen(const char *str);
rtl_size_t rtl_strnlen(const char *str, rtl_size_t max);
int rtl_strcmp(const char *a, const char *b);
int rtl_strncmp(const char *a, const char *b, rtl_size_t max);
char *rtl_strncpy(char *dst, const char *src, rtl_size_t size);
char *rtl_strcat(char *dst, const char *src);
char *rtl_strncat(char *dst, const char *src, rtl_size_t max);
char *rtl_strchr(const char *str, int c);
char *rtl_strrchr(const char *str, int c);
char *rtl_strstr(const char *str, const char *part);
rtl_size_t rtl_strspn(const char *str, const char *accept);
rtl_size_t rtl_strcspn(const char *str, const char *reject);
char *rtl_strpbrk(const char *str, const char *accept);
char *rtl_strtok_r(char *str, const char *delims, char **save);
long rtl_strtol(const char *str, char **end, int base);
unsigned long rtl_strtoul(const char *str, char **end, int base);
long long rtl_strtoll(const char *str, char **end, int base);
unsigned long long rtl_strtoull(const char *str, char **end, int base);

__RTL_END_DECLS

#endif /* RTL_STRING_H */
