/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NAMES_H
#define NAMES_H

/*
 * What the lists in names/ say of a public name, checked by the compiler. Sizes and values stand
 * there where programs depend on them; FUNCTION makes the linker look for it, too.
 */

#ifdef __cplusplus
#define CHECK_NAME(expr, text) static_assert(expr, text)
#define NAME_LINKAGE           extern "C"
#else
#define CHECK_NAME(expr, text) _Static_assert(expr, text)
#define NAME_LINKAGE           extern
#endif

#define TYPE(name, size)   CHECK_NAME(sizeof(name) == (size), #name " has another size");
#define VALUE(name, value) CHECK_NAME((unsigned)(name) == (unsigned)(value), #name " is another");

#define FUNCTION(result, name, args)                                                               \
	NAME_LINKAGE result(*const used_##name) args;                                              \
	result(*const used_##name) args = name;

#endif /* NAMES_H */
