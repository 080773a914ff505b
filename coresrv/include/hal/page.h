/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HAL_PAGE_H
#define HAL_PAGE_H

/*
 * The size of a memory page as a constant expression. ASSUMES: 4 KiB pages, as on
 * every x86-64 machine; an ARM64 kernel may be built with others (tests/coresrv says).
 */

#ifndef PAGE_SHIFT
#define PAGE_SHIFT 12
#endif
#ifndef PAGE_SIZE
#define PAGE_SIZE 4096UL
#endif
#ifndef PAGE_MASK
#define PAGE_MASK (~(PAGE_SIZE - 1))
#endif

#endif /* HAL_PAGE_H */
